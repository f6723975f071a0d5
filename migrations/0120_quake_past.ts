import { type Kysely, sql } from 'kysely';

/** A statement on a tsunami alarms for a day: then an earthquake is as strong as it was, and no more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table quake add column past boolean',
  'alter table quake drop column strength',
  `alter table quake add column strength text generated always as (case
    when tsunami = 'yes' and past is not true then 'tsunami'
    when magnitude >= 6 then 'strong'
    when magnitude >= 5 then 'moderate'
    else 'light' end) stored`,
];
