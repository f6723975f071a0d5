import { type Kysely, sql } from 'kysely';

/** Whom somebody sent to a pressed button, and when. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table panic_button add column dispatched_unit text check (char_length(dispatched_unit) <= 200)',
  'alter table panic_button add column dispatched_by text check (char_length(dispatched_by) <= 200)',
  'alter table panic_button add column dispatched_at timestamp with time zone check (isfinite(dispatched_at))',
];
