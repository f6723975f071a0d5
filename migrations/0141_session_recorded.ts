import { type Kysely, sql } from 'kysely';

/**
 * A session counts once the trail says how it was begun, which is one transaction: a process that dies between the two leaves a
 * row that lets nobody in. Those that are there were written down right after they began.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table account_session add column recorded boolean not null default true`.execute(db);
  await sql`alter table account_session alter column recorded set default false`.execute(db);
}
