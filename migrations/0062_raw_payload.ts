import { type Kysely, sql } from 'kysely';

/**
 * What came in by a door or from a feed, as it came, a partition a day (`server/ingest/raw_payload.ts`); what the feeds
 * sent so far moves there. And of each feed: whether an operator has switched it off, and when and why it last failed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table raw_payload (
    received_at timestamptz not null default now(),
    door text not null check (door in ('http', 'mqtt', 'feed')),
    feed text,
    address text not null check (char_length(address) <= 2000),
    outcome text not null check (outcome in ('accepted', 'suspect', 'rejected')),
    reason text check (char_length(reason) <= 1000),
    size int not null,
    digest bytea,
    body bytea not null
  ) partition by range (received_at)`,
  'create table raw_payload_rest partition of raw_payload default',
  // Most of what comes is neither looked for by its address nor told of: only what is, is in an index.
  `create index on raw_payload (feed, address, received_at) where door = 'feed'`,
  `create index on raw_payload (received_at) where outcome <> 'accepted'`,
  `insert into raw_payload (received_at, door, feed, address, outcome, size, digest, body)
    select at, 'feed', feed, url, 'accepted', octet_length(body), sha256(body), body from feed_payload`,
  'drop table feed_payload',
  `alter table feed add column paused boolean not null default false, add column failure text,
    add column failed_at timestamptz, add column failed_because text`,
];
