import type { Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Parts } from '../parts.ts';
import { sessionCookie } from './auth.ts';
import type { Session } from './sessions.ts';

/** The session that an answer of better-auth begins, which counts once this transaction is committed; undefined when it begins none. */
export async function newSession(
  { accounts, config }: Pick<Parts, 'accounts' | 'config'>,
  trx: Transaction<Database>,
  response: Response,
): Promise<Session | undefined> {
  const name = `${sessionCookie(config)}=`;
  const set = response.headers.getSetCookie().findLast((cookie) => cookie.startsWith(name));
  const cookie = set?.slice(name.length).split(';')[0]; // empty: it takes one away
  const session = cookie ? await accounts.sessions.begun(trx, cookie) : undefined;
  if (session) await trx.updateTable('account_session').set({ recorded: true }).where('id', '=', session.id).execute();
  return session;
}
