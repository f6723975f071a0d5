import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/connect.ts';
import { digestOf, insertRawPayloads } from '../raw_payload.ts';
import type { Feed, FeedFault, Payload } from './feed.ts';

const keptDays = 30;
const recordLength = 2000;

/** Keeps what came as it came, unless it is what came the last time. `reason`: why it could not be used. */
export async function keepPayload(
  db: Kysely<Database>,
  feed: Feed,
  { url, bytes }: Payload,
  reason?: string,
): Promise<void> {
  const kept = keptBytes(feed, { url, bytes });
  const { rows } = await sql<{ digest: Uint8Array | null }>`
    select digest from raw_payload where door = 'feed' and feed = ${feed.id} and address = ${url}
    order by received_at desc limit 1`.execute(db);
  const last = rows[0]?.digest;
  if (last && digestOf(kept).equals(last)) return;
  const outcome = reason === undefined ? 'accepted' : 'rejected';
  await insertRawPayloads(db, [
    { receivedAt: new Date(), door: 'feed', feed: feed.id, address: url, outcome, reason, bytes: kept },
  ]);
}

/** Of what cannot be read nobody knows what leads to a person: nothing of it is kept. */
function keptBytes(feed: Feed, payload: Payload): Uint8Array {
  if (!feed.kept) return payload.bytes;
  try {
    return feed.kept(payload);
  } catch {
    return new Uint8Array();
  }
}

/** Keeps what could not be used, with its reason, and forgets what is older than 30 days. */
export async function keepFaults(db: Kysely<Database>, feed: Feed, faults: readonly FeedFault[]): Promise<void> {
  for (const { key, reason, record } of faults) {
    const text = record === undefined ? null : plain(JSON.stringify(record) ?? '');
    await sql`insert into feed_fault (feed, key, reason, record)
      values (${feed.id}, ${key && plain(key)}, ${plain(reason)}, ${text})
      on conflict (feed, md5(coalesce(key, '') || '/' || reason || '/' || coalesce(record, '')))
      do update set at = now(), times = feed_fault.times + 1`.execute(db);
  }
  for (const table of ['feed_fault', 'feed_ended'])
    await sql`delete from ${sql.table(table)} where feed = ${feed.id} and at < now() - make_interval(days => ${keptDays}::int)`.execute(
      db,
    );
}

/** The addresses among these that were fetched before. */
export async function knownUrls(db: Kysely<Database>, feed: Feed, urls: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ address: string }>`
    select distinct address from raw_payload
    where door = 'feed' and feed = ${feed.id}
      and address in (select json_array_elements_text(${JSON.stringify(urls)}::text::json))`.execute(db);
  return new Set(rows.map(({ address }) => address));
}

/** What the database takes as text. */
const plain = (text: string) => text.replaceAll('\0', '').slice(0, recordLength);
