import { type Kysely, sql } from 'kysely';

/** When each outside feed is pulled and how that went, what it sent, and what of that could not be used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A process that takes a feed moves next_run beyond the longest pull: should it die, the feed is due again by itself.
  `create table feed (
    id text primary key,
    next_run timestamptz not null default now(),
    taken_by uuid,
    last_run timestamptz,
    last_success timestamptz,
    failures int not null default 0,
    last_error text,
    validators jsonb not null default '{}',
    last_result jsonb
  )`,
  `create table feed_payload (
    id bigint generated always as identity primary key,
    feed text not null,
    url text not null,
    at timestamptz not null default now(),
    body bytea not null
  )`,
  'create index on feed_payload (feed, url, at)',
  'create index on feed_payload (at)',
  `create table feed_fault (
    id bigint generated always as identity primary key,
    feed text not null,
    at timestamptz not null default now(),
    times int not null default 1,
    key text,
    reason text not null,
    record text
  )`,
  // A record that is broken is so each time it comes: told once, with how often.
  `create unique index on feed_fault (feed, md5(coalesce(key, '') || '/' || reason || '/' || coalesce(record, '')))`,
  'create index on feed_fault (feed, at)',
  // Warnings that were cancelled or replaced: an old list that still names them must not bring them back.
  `create table feed_ended (
    feed text not null,
    code text not null,
    at timestamptz not null default now(),
    primary key (feed, code)
  )`,
];
