import type { Transaction } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Connection, Database } from '../database/connect.ts';
import { type Auth, type AuthParts, createAuth } from './auth.ts';
import { shutOutDemo } from './demo.ts';
import { tidyTries } from './lock_out.ts';
import { mailer, type SendMail } from './mail.ts';
import { rateLimit } from './rate_limit.ts';
import { authSecret } from './secret.ts';
import { ServiceKeys } from './service_keys.ts';
import { Sessions } from './sessions.ts';

const reviewMs = 5_000;
const tidyMs = 10 * 60_000;

/** Who is who: sign-in, sessions, keys of machines. */
export interface Accounts {
  readonly auth: Auth;
  /** The same within a transaction, without the single sign-on; what it would tell goes there instead. */
  readonly authIn: (trx: Transaction<Database>, told: Partial<Pick<AuthParts, 'onReset' | 'mail'>>) => Auth;
  readonly sessions: Sessions;
  readonly keys: ServiceKeys;
  /** Undefined: links are shown to the admin who asked for them. */
  readonly mail: SendMail | undefined;
  /** Takes what changed in the accounts into effect, here and now; other processes hear the doorbell. */
  readonly changed: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Puts the accounts over an open, migrated database. */
export async function openAccounts(config: Config, connection: Connection, log: Logger): Promise<Accounts> {
  const { db } = connection;
  const secret = await authSecret(config);
  const mail = mailer(config);
  const demo = config.DEMO ? 0 : await shutOutDemo(db);
  if (demo > 0)
    log.warn(
      `this database holds ${demo} people of the demo regency: they cannot sign in while DEMO=0; use one of your own`,
    );
  const authParts = { config, db, secret, log, mail, limit: rateLimit() };
  const auth = createAuth(authParts);
  const sessions = new Sessions(db, secret, { demandsSecond: !config.DEMO }); // its people have but a password
  const keys = new ServiceKeys(db);
  const review = async () => {
    await sessions.review();
    await keys.review();
  };
  const changed = async () => {
    sessions.forget();
    keys.forget();
    await review();
  };
  const failed = (error: unknown) => log.warn({ err: error }, 'the accounts could not be looked at; tried again');
  const silence = await connection.listen('account', () => void changed().catch(failed));
  // What nobody announces: a session, a role or a key that has run out.
  const reviewing = setInterval(() => void review().catch(failed), reviewMs).unref();
  const tidying = setInterval(() => void tidyTries(db).catch(failed), tidyMs).unref();
  return {
    auth,
    // Made anew each time, which is a millisecond; its provider would be asked outside each time.
    authIn: (trx, told) =>
      createAuth({ ...authParts, config: { ...config, OIDC_ISSUER: undefined }, db: trx, ...told }),
    sessions,
    keys,
    mail,
    changed,
    async close() {
      clearInterval(reviewing);
      clearInterval(tidying);
      await silence();
      await keys.close();
    },
  };
}
