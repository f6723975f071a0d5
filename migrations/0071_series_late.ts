import { type Kysely, sql } from 'kysely';

/**
 * How often a late reading came into the time that something is worked out of, by layer: what a process remembers of
 * that time is true as long as this number and the row's `observed_at` are the ones it knows (`server/ingest/series_window.ts`).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table series_late (layer text primary key, n bigint not null)`.execute(db);
}
