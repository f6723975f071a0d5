import type { Context } from 'hono';
import type { Transaction } from 'kysely';
import { originOf } from '../audit/origin.ts';
import { record } from '../audit/record.ts';
import type { Database } from '../database/connect.ts';
import { transaction } from '../database/transaction.ts';
import type { Parts } from '../parts.ts';
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
    const response = await auth.handler(request);
    if (!response.ok) throw new Refused(response);
    const session = await newSession(parts, trx, response);
    // A right code changes nothing where the second factor is on already: then it begins no session.
    if (path === '/two-factor/verify-totp' && !session) return response;
    await record(trx, origin, { action: act, ...(!origin.viewer.person && { after: { account } }) });
    return response;
  };
  try {
    const response = await transaction(connection.db, run);
    await accounts.changed();
    // A secret that no code has been shown of lets nobody in.
    if (account !== undefined && path !== '/two-factor/enable')
      tellOfChange({ mail: accounts.mail, log }, await personNamed(connection.db, account), act);
    return response;
  } catch (error) {
    if (error instanceof Refused) return error.response;
    throw error;
  }
}

/** Takes back what was done before it was refused. */
export class Refused extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super(`refused with ${response.status}`);
    this.response = response;
  }
}
