import { type Kysely, sql } from 'kysely';

/** Where a camera that moves can look, whose list tells how many that are; the photo of its sign, and whether all may see its picture. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table camera add column sign_photo text check (char_length(sign_photo) <= 500)',
  'alter table camera add column publish boolean',
  'alter table camera add column presets text check (char_length(presets) <= 20000)',
  'alter table camera drop column preset_count',
];
