import { type Kysely, sql } from 'kysely';

/** Whether the trail tells of a link to the single sign-on; of those that are there nobody needs to be told any more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table account_credential add column recorded boolean not null default true`.execute(db);
  await sql`alter table account_credential alter column recorded set default false`.execute(db);
}
