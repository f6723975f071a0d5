import { type Kysely, sql } from 'kysely';

/** What FIWARE, OSS RBA and planners of sirens know of a thing besides. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table streetlight add column feeder_pillar text check (char_length(feeder_pillar) <= 100)',
  'alter table umkm add column flag_umk boolean',
  'alter table siren add column reach text check (char_length(reach) <= 20000)',
];
