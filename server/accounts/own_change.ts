import type { Context } from 'hono';
import { type Kysely, sql, type Transaction } from 'kysely';
import { originOf } from '../audit/origin.ts';
import { record } from '../audit/record.ts';
import type { Database } from '../database/connect.ts';
import type { Parts } from '../parts.ts';
import { ssoProvider } from './auth.ts';
import { demandStanding, standingOf } from './change_standing.ts';
import { keptIfOk } from './kept_if_ok.ts';
import { tellOfChange } from './mail.ts';
import { sessionOf } from './middleware.ts';
import { newSession } from './new_session.ts';
import { personNamed } from './people.ts';

/** Addresses of better-auth that change how somebody comes in; written down under their path. */
export const ownChanges: ReadonlySet<string> = new Set([
  '/two-factor/enable',
  '/two-factor/verify-totp',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
  '/passkey/verify-registration',
  '/passkey/delete-passkey',
  '/change-password',
  '/reset-password',
]);

/** Those of them that ask for no password, and what a passkey is made with: whoever finds a screen unattended would do it. */
const asksNoPassword: ReadonlySet<string> = new Set([
  '/passkey/generate-register-options',
  '/passkey/verify-registration',
  '/passkey/delete-passkey',
]);
const enrols: ReadonlySet<string> = new Set(['/two-factor/verify-totp', '/passkey/verify-registration']);
const removes: ReadonlySet<string> = new Set(['/two-factor/disable', '/passkey/delete-passkey']);

/** What an address of better-auth is called in the audit trail. */
export function actOf(path: string): string {
  return path.slice(1).replace(/\W/g, '_');
}

/** Whether a request is such a change; a code shown without a session is a sign-in, and one in it switches a second factor on. */
export function isOwnChange(c: Context, path: string): boolean {
  return ownChanges.has(path) && (path !== '/two-factor/verify-totp' || sessionOf(c) !== undefined);
}

/**
 * Lets better-auth change how somebody comes in: all that it writes and the entry of the trail are one transaction, and what it
 * refuses has changed nothing. Whose it is learns of it by mail. A session of the database waits meanwhile for the password to be
 * hashed, some tenths of a second: better-auth lets nobody ask this often.
 */
export async function changeOwn(parts: Parts, c: Context, path: string, request: Request): Promise<Response> {
  const { accounts, config, connection, log } = parts;
  const origin = originOf(c, config);
  const act = actOf(path);
  let account = origin.viewer.person?.id;
  const run = async (trx: Transaction<Database>): Promise<Response> => {
    // Who comes by a link is nobody yet.
    const auth = accounts.authIn(trx, {
      onReset: (whose) => {
        account = whose;
      },
    });
    await demandProof(trx, c, path);
    const response = await auth.handler(request);
    if (!response.ok) return blamed(trx, response);
    const session = await newSession(parts, trx, response);
    const before = sessionOf(c);
    // It goes on under another token.
    if (session && before) await trx.deleteFrom('account_session').where('id', '=', before.id).execute();
    // A right code changes nothing where the second factor is on already: then it begins no session.
    if (path === '/two-factor/verify-totp' && !session) return response;
    if (account !== undefined && enrols.has(path)) await endUnproved(trx, account);
    if (account !== undefined && removes.has(path)) await forgetProof(trx, account);
    await record(trx, origin, { action: act, ...(!origin.viewer.person && { after: { account } }) });
    return response;
  };
  const response = await keptIfOk(connection.db, run);
  if (!response.ok) return response;
  await accounts.changed();
  // A secret that no code has been shown of lets nobody in.
  if (account !== undefined && path !== '/two-factor/enable')
    tellOfChange({ mail: accounts.mail, log }, await personNamed(connection.db, account), act);
  return response;
}

/** Throws `forbidden` unless the session of a request may change this. In a transaction, one such change of a person waits for the other. */
export async function demandProof(db: Kysely<Database>, c: Context, path: string): Promise<void> {
  const session = sessionOf(c);
  if (!session || path === '/reset-password') return; // a link is proof of its own; without a session better-auth refuses
  if (db.isTransaction)
    await sql`select from account_user where id = ${session.viewer.person.id} for update`.execute(db);
  const standing = await standingOf(db, session.id);
  if (standing) demandStanding(standing, !asksNoPassword.has(path)); // else it has ended, which better-auth says
}

/** Ends the sessions of a person who now has a second factor that did not prove one. */
async function endUnproved(trx: Transaction<Database>, account: string): Promise<void> {
  await trx.deleteFrom('account_session').where('userId', '=', account).where('strong', '=', false).execute();
}

/** Sessions that proved a second factor are no more than others once there is none left; the single sign-on is one. */
async function forgetProof(trx: Transaction<Database>, account: string): Promise<void> {
  await sql`update account_session set strong = false
    where "userId" = ${account}
      and not exists (select from account_user where id = ${account} and "twoFactorEnabled")
      and not exists (select from account_passkey where "userId" = ${account})
      and not exists (select from account_credential where "userId" = ${account} and "providerId" = ${ssoProvider})`.execute(
    trx,
  );
}

/** What better-auth refuses, with the answer of a device that it cannot read as a fault of who sent it. */
async function blamed(trx: Transaction<Database>, response: Response): Promise<Response> {
  if (response.status !== 500 || !(await response.clone().text()).includes('FAILED_TO_VERIFY_REGISTRATION'))
    return response;
  await sql`select`.execute(trx); // unless it was the database's, which then says so
  return new Response(response.body, { status: 400, headers: response.headers });
}
