import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Whether an e-mail address is one of the demo regency's people, whose passwords anybody can read. */
export async function isOfDemo(db: Kysely<Database>, email: string): Promise<boolean> {
  const { rows } = await sql`select 1 from account_demo where lower(email) = lower(${email})`.execute(db);
  return rows.length > 0;
}

/** Ends the sessions of the demo regency's people, for a server that is none. Answers how many such people there are. */
export async function shutOutDemo(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from account_user where email in (select email from account_demo)`.execute(db);
  await sql`delete from account_session using account_user person
    where person.id = "userId" and person.email in (select email from account_demo)`.execute(db);
  return rows.length;
}
