import type { Context } from 'hono';
import type { Transaction } from 'kysely';
import { originOf } from '../audit/origin.ts';
import { record } from '../audit/record.ts';
import type { Database } from '../database/connect.ts';
import type { Parts } from '../parts.ts';
import { keptIfOk } from './kept_if_ok.ts';
import type { Mail } from './mail.ts';

/** The address of better-auth where somebody who forgot the password asks for a link by mail. */
export const requestLinkPath = '/request-password-reset';

/**
 * Lets better-auth make such a link: it and its entry of the trail are one transaction, and the mail goes when both are there.
 * Where nobody has the address there is an entry as well: how long it takes must not tell. Three a minute of one network
 * address get this far (better-auth's limit); what it refuses is no entry.
 */
export async function requestLink(
  { accounts, config, connection, log }: Parts,
  c: Context,
  request: Request,
  email: string | undefined,
): Promise<Response> {
  const origin = originOf(c, config);
  const mails: Mail[] = [];
  const mail = accounts.mail && (async (one: Mail) => void mails.push(one));
  const run = async (trx: Transaction<Database>): Promise<Response> => {
    const response = await accounts.authIn(trx, mail ? { mail } : {}).handler(request);
    if (!response.ok) return response;
    const person = await trx
      .selectFrom('account_user')
      .select('id')
      .where('email', '=', (email ?? '').toLowerCase())
      .executeTakeFirst();
    const after = person ? { account: person.id } : { email };
    await record(trx, origin, { action: 'request_password_reset', after });
    return response;
  };
  const response = await keptIfOk(connection.db, run);
  // Nobody waits for it, for the same reason.
  if (response.ok)
    for (const each of mails)
      accounts.mail?.(each).catch((error: unknown) => log.error({ err: error }, 'a mail could not be sent (SMTP_URL)'));
  return response;
}
