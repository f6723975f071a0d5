import { type Kysely, sql } from 'kysely';

/** Since when a complaint waits, so that its clock can stand still; photos of it, and what is going to be done (Open311). */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table complaint add column waiting_since timestamp with time zone check (isfinite(waiting_since))',
  'alter table complaint add column service_notice text check (char_length(service_notice) <= 1000)',
  'alter table complaint add column media_url text check (char_length(media_url) <= 2000)',
];
