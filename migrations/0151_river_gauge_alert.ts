import { type Kysely, sql } from 'kysely';

/** What a rise of the water means in words of other sources, and whether somebody took note of it; how a sensor measures. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

// As of `siaga` in 0013, which a generated column cannot read. 1 is the worst.
const level = (threshold: string) =>
  `level_cm > ${threshold} or (level_cm = ${threshold} and threshold_operator is distinct from 'above')`;
const unknown = 'level_cm is null or siaga1_cm is null or siaga2_cm is null or siaga3_cm is null';

const statements = [
  'alter table river_gauge add column previous_level_cm double precision check (previous_level_cm between -1000 and 5000)',
  'alter table river_gauge add column measured_distance_cm double precision check (measured_distance_cm between 0 and 10000)',
  'alter table river_gauge add column reference_level_cm double precision check (reference_level_cm between 0 and 10000)',
  `alter table river_gauge add column ack_siaga text check (ack_siaga in ('1', '2', '3', '4'))`,
  'alter table river_gauge add column ack_at timestamp with time zone check (isfinite(ack_at))',
  `alter table river_gauge add column severity text generated always as (case
    when ${unknown} then null
    when ${level('siaga1_cm')} then 'extreme'
    when ${level('siaga2_cm')} then 'severe'
    when ${level('siaga3_cm')} then 'moderate'
    else 'none' end) stored`,
  `alter table river_gauge add column alert_state text generated always as (case
    when ${unknown} then null
    when not (${level('siaga3_cm')}) then 'cleared'
    when ack_siaga <= case when ${level('siaga1_cm')} then '1' when ${level('siaga2_cm')} then '2' else '3' end
      then 'acknowledged'
    else 'new' end) stored`,
];
