import { type Kysely, sql } from 'kysely';

/**
 * When a feed should be pulled next, as its last good pull had it: `next_run` is moved by whoever takes the feed, also by
 * one that then dies.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table feed add column due_at timestamptz not null default now()`.execute(db);
}
