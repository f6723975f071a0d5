import { type Kysely, sql } from 'kysely';

/** What actions say of a thing beside what its device says: the proof of a finished job, a camera that is out of service. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table complaint add column proof text check (char_length(proof) <= 2000)',
  'alter table camera add column out_of_service boolean',
  'alter table camera add column out_of_service_note text check (char_length(out_of_service_note) <= 200)',
];
