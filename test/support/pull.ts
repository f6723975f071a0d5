import { sql } from 'kysely';
import { type Config, config } from '../../server/config.ts';
import type { Connection } from '../../server/database/connect.ts';
import type { Feed } from '../../server/ingest/pull/feed.ts';
import { pullFeed } from '../../server/ingest/pull/pull_feed.ts';
import { enterFeed, takeTurn } from '../../server/ingest/pull/schedule.ts';
import type { Result } from '../../server/ingest/pull/write.ts';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { layerFiles, Registry } from '../../server/registry/registry.ts';

const registry = new Registry(await layerFiles());

/** Counts of a pull, as the schedule keeps them. */
export type Counts = Omit<Result, 'faults'> & { readonly faults: number };

/** Pulls a feed now, whenever it would be due; throws the reason when it fails. */
export async function pullNow(
  connection: Connection,
  feed: Feed,
  region: Bbox,
  settings: Partial<Config> = {},
  longestMs?: number,
): Promise<Counts | undefined> {
  const { db } = connection;
  await enterFeed(db, feed);
  await sql`update feed set next_run = now() - interval '1 s', last_result = null where id = ${feed.id}`.execute(db);
  const turn = await takeTurn(db, feed);
  if (!turn) throw new Error('nobody else has the feed');
  const region4: Bbox = [...region];
  const parts = { connection, registry, config: { ...config({}), ...settings, REGION_BBOX: region4 } };
  const outcome = await pullFeed(parts, turn, new AbortController().signal, longestMs);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { rows } = await sql<{
    result: Counts | null;
  }>`select last_result as result from feed where id = ${feed.id}`.execute(db);
  return rows[0]?.result ?? undefined;
}
