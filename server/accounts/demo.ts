import { type Kysely, sql } from 'kysely';
import { type Origin, record } from '../audit/record.ts';
import type { Database } from '../database/connect.ts';
import { transaction } from '../database/transaction.ts';

/** Whoever started the server, for what that does to accounts. */
export const atStart: Origin = {
  viewer: { grants: [{ role: 'admin' }], person: { id: 'command', name: 'npm start' } },
};

/** Whether an e-mail address is one of the demo regency's people, whose passwords anybody can read. */
export async function isOfDemo(db: Kysely<Database>, email: string): Promise<boolean> {
  const { rows } = await sql`select 1 from account_demo where lower(email) = lower(${email})`.execute(db);
  return rows.length > 0;
}

/** Ends the sessions of the demo regency's people, for a server that is none. Answers how many such people there are. */
export async function shutOutDemo(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from account_user where email in (select email from account_demo)`.execute(db);
  await transaction(db, async (trx) => {
    const { rows: ended } = await sql`delete from account_session using account_user person
      where person.id = "userId" and person.email in (select email from account_demo) returning 1`.execute(trx);
    if (ended.length > 0)
      await record(trx, atStart, { action: 'end_sessions', after: { ended: ended.length, demo: true } });
  });
  return rows.length;
}
