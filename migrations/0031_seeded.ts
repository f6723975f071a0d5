import { type Kysely, sql } from 'kysely';

/** Which layers the demo regency has been put into: once, so that what an operator deletes stays deleted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table seeded (
    layer text primary key,
    scale double precision not null,
    at timestamptz not null default now()
  )`.execute(db);
}
