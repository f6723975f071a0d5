import { passkey } from '@better-auth/passkey';
import { APIError, type BetterAuthOptions, betterAuth } from 'better-auth';
import { createAuthMiddleware, isAPIError } from 'better-auth/api';
import { deleteSessionCookie } from 'better-auth/cookies';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Origin } from '../audit/record.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { visitor } from '../registry/viewer.ts';
import { networkOf } from '../remote_address.ts';
import { isOfDemo } from './demo.ts';
import { forgetTries, isFirstUse, mayTry } from './lock_out.ts';
import { passwordMail, type SendMail } from './mail.ts';
import type { rateLimit } from './rate_limit.ts';
import { forgetVerifications } from './verifications.ts';

/** The headers in which we tell better-auth where a request comes from and its number; what a client sends in them is thrown away. */
export const addressHeader = 'x-pendopo-address';
export const requestHeader = 'x-pendopo-request';
/** How long the link to choose a password holds, in seconds. */
export const linkSeconds = 24 * 3600;
/** The page that such a link opens; it hands the token to `/api/auth/reset-password`. */
export const linkPath = (token: string) => `/?account=password&token=${token}`;
/** The single sign-on provider's name in addresses. */
export const ssoProvider = 'oidc';

/**
 * How long a session lasts after its last use, in seconds; an open page uses it. The database ends it after twelve hours in
 * any case (`migrations/0106_session_limits.ts`).
 */
const sessionSeconds = 30 * 60;

export interface AuthParts {
  readonly config: Config;
  /** Or a transaction, which all that it does is then part of. */
  readonly db: Kysely<Database>;
  readonly secret: string;
  readonly log: Logger;
  /** Undefined: no mail is sent, and nobody may ask for a link by it. */
  readonly mail: SendMail | undefined;
  readonly limit: ReturnType<typeof rateLimit>;
  /** Is told whose password was chosen by a link. */
  readonly onReset?: (account: string) => void;
}

/** The name of the session's cookie: behind TLS one that no other host or path can set. */
export function sessionCookie({ PUBLIC_URL }: Config): string {
  return `${cookiePrefix(PUBLIC_URL)}.session_token`;
}

function cookiePrefix(publicUrl: string | undefined): string {
  return publicUrl?.startsWith('https:') ? '__Host-pendopo' : 'pendopo';
}

/** Sign-in, second factors and passkeys over our own database. Which of its addresses are open: `auth_routes.ts`. */
export function createAuth(parts: AuthParts) {
  return betterAuth(authOptions(parts));
}
export type Auth = ReturnType<typeof createAuth>;

/** What better-auth is told. Its tables are made by `migrations/0080_accounts.ts`; a test asks it whether they fit. */
export function authOptions({ config, db, secret, log, mail, limit, onReset }: AuthParts) {
  const secure = config.PUBLIC_URL?.startsWith('https:') ?? false;
  const prefix = cookiePrefix(config.PUBLIC_URL);
  const from = (headers: Headers | undefined): Origin => ({
    viewer: visitor(config.ROLE),
    address: headers?.get(addressHeader) ?? undefined,
    requestId: headers?.get(requestHeader) ?? undefined,
  });
  return {
    appName: 'Pendopo',
    secret,
    ...(config.PUBLIC_URL !== undefined && { baseURL: config.PUBLIC_URL }), // else of the request
    basePath: '/api/auth',
    database: { db, type: 'postgres', transaction: !db.isTransaction },
    user: {
      modelName: 'account_user', // `user` is a reserved word
      additionalFields: { lockedAt: { type: 'date', required: false, input: false } },
    },
    session: {
      modelName: 'account_session',
      expiresIn: sessionSeconds,
      updateAge: 5 * 60,
      freshAge: 0, // `change_standing.ts` demands it, also where better-auth does not
      additionalFields: { strong: { type: 'boolean', required: false, input: false } },
    },
    account: {
      modelName: 'account_credential',
      encryptOAuthTokens: true,
      // Accounts are made by an admin alone: whom the regency's own provider vouches for by that address is that person.
      accountLinking: {
        enabled: true,
        trustedProviders: config.OIDC_TRUST_EMAIL ? [ssoProvider] : [],
        requireLocalEmailVerified: false,
      },
    },
    verification: { modelName: 'account_verification', storeIdentifier: 'hashed' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true, // by invitation only
      minPasswordLength: 12,
      resetPasswordTokenExpiresIn: linkSeconds,
      revokeSessionsOnPasswordReset: true,
      onPasswordReset: async ({ user }) => {
        await forgetVerifications(db, user.id); // no older link, no trusted device
        onReset?.(user.id);
      },
      ...(mail && {
        sendResetPassword: async ({ user, token }: { user: { email: string; name: string }; token: string }) => {
          const link = `${config.PUBLIC_URL}${linkPath(token)}`;
          // Nobody waits for it: how long it takes would tell whether there is such a person.
          mail(passwordMail({ to: user.email, name: user.name, link })).catch((error: unknown) =>
            log.error({ err: error }, 'a mail could not be sent (SMTP_URL)'),
          );
        },
      }),
    },
    plugins: [
      twoFactor({ issuer: 'Pendopo', twoFactorTable: 'account_two_factor', trustDeviceMaxAge: 0 }),
      passkey({
        rpName: 'Pendopo',
        // Else of the page that asks, which is one of ours: passkeys are for localhost alone then.
        ...(config.PUBLIC_URL !== undefined && { origin: config.PUBLIC_URL }),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        // Alone it is two factors only if the device asked for its owner.
        registration: {
          afterVerification: async ({ verification }) => demandOwner(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: async ({ verification }) => demandOwner(verification.authenticationInfo.userVerified),
        },
        schema: { passkey: { modelName: 'account_passkey' } },
      }),
      ...(config.OIDC_ISSUER === undefined
        ? []
        : [genericOAuth({ config: [singleSignOn(config, config.OIDC_ISSUER)] })]),
    ],
    hooks: {
      before: createAuthMiddleware(async (c) => {
        const { email, trustDevice } = c.body ?? {};
        // A stolen code would buy thirty days without one.
        if (c.path.startsWith('/two-factor/verify-') && trustDevice)
          throw new APIError('BAD_REQUEST', {
            code: 'NO_TRUSTED_DEVICES',
            message: 'The second factor is asked for at every sign-in.',
          });
        // Whoever changes it may fear that another knows it.
        if (c.path === '/change-password') return { context: { body: { ...c.body, revokeOtherSessions: true } } };
        // As with a code: who has just shown it goes on in a session that did.
        if (c.path === '/passkey/verify-registration') return { context: { body: { ...c.body, createSession: true } } };
        if (c.path !== '/sign-in/email') return;
        if (typeof email !== 'string' || (await mayTry(db, email, addressOf(c.headers), from(c.headers)))) return;
        throw new APIError('TOO_MANY_REQUESTS', {
          code: 'LOCKED_OUT',
          message: 'Too many wrong passwords. Try again in 15 minutes.',
        });
      }),
      after: createAuthMiddleware(async (c) => {
        if (c.context.returned instanceof Error) return;
        const { email, code } = c.body ?? {};
        if (c.path === '/sign-in/email' && typeof email === 'string')
          await forgetTries(db, email, addressOf(c.headers));
        const { newSession } = c.context;
        if (c.path !== '/two-factor/verify-totp' || !newSession) return;
        if (await isFirstUse(db, newSession.user.id, String(code))) return;
        await c.context.internalAdapter.deleteSession(newSession.session.token);
        deleteSessionCookie(c);
        throw new APIError('UNAUTHORIZED', { code: 'INVALID_CODE', message: 'This code was used already.' });
      }),
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, c) => {
            const { userId } = session;
            const user = await c?.context.internalAdapter.findUserById(userId);
            if (user && 'lockedAt' in user && user.lockedAt)
              throw new APIError('FORBIDDEN', { code: 'ACCOUNT_LOCKED', message: 'An admin has locked this account.' });
            if (user && !config.DEMO && (await isOfDemo(db, user.email)))
              throw new APIError('FORBIDDEN', {
                code: 'DEMO_ACCOUNT',
                message: 'This account is of the demo regency, whose passwords anybody can read.',
              });
            return { data: { ...session, strong: c ? isStrong(c, userId) : false } };
          },
        },
      },
    },
    rateLimit: {
      enabled: true,
      window: 10,
      max: 100,
      customStorage: limit,
      // One address may be a whole control room; one account is guarded by the lock-out.
      customRules: { '/sign-in/email': { window: 60, max: 60 }, '/sign-in/social': { window: 60, max: 60 } },
    },
    advanced: {
      useSecureCookies: false, // its prefix is __Secure-; ours is stronger
      cookiePrefix: prefix,
      defaultCookieAttributes: { secure, httpOnly: true, path: '/' },
      cookies: { session_token: { attributes: { sameSite: 'strict' } } }, // only the page itself asks with it
      ipAddress: { ipAddressHeaders: [addressHeader] },
      disableCSRFCheck: false, // said, because it is off by default under a test runner
      disableOriginCheck: false,
      database: { validateSchema: false },
    },
    // Failed sign-ins and the like are the caller's; what is our fault comes to `onError`.
    logger: {
      level: 'warn',
      log(level, message, ...more) {
        const isProvider = level === 'error' && message.includes('Provider skipped'); // single sign-on cannot be offered
        log[isProvider ? 'warn' : 'debug']({ more }, message);
      },
    },
    onAPIError: {
      onError: (error) => {
        if (!isAPIError(error) || error.status === 'INTERNAL_SERVER_ERROR') log.error({ err: error }, 'sign-in failed');
      },
    },
    telemetry: { enabled: false },
  } satisfies BetterAuthOptions;
}

/** Where a second factor is shown, or a passkey, and where a session goes on under another token. */
const proving: ReadonlySet<string> = new Set([
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/passkey/verify-registration',
  '/passkey/verify-authentication',
]);
const keeping: ReadonlySet<string> = new Set(['/change-password', '/two-factor/disable']);

interface SessionBegun {
  readonly path?: string;
  readonly context: { readonly session?: { readonly session: object & { userId: string } } | null };
}

/** Whether a session begins by more than a password; a new password, and a second factor switched off, keep what it was. */
function isStrong({ path = '', context: { session } }: SessionBegun, userId: string): boolean {
  if (proving.has(path) || path.startsWith('/callback/')) return true;
  const was = session?.session;
  return keeping.has(path) && was?.userId === userId && 'strong' in was && was.strong === true;
}

function demandOwner(verified: boolean | undefined): void {
  if (!verified)
    throw new APIError('UNAUTHORIZED', { code: 'USER_NOT_VERIFIED', message: 'The device did not ask for its owner.' });
}

function addressOf(headers: Headers | undefined): string | undefined {
  const address = headers?.get(addressHeader) ?? undefined;
  return address === undefined ? undefined : networkOf(address);
}

/** People an admin has made may come in by the regency's own sign-on; nobody becomes one by it. */
function singleSignOn({ OIDC_NAME, OIDC_CLIENT_ID = '', OIDC_CLIENT_SECRET }: Config, issuer: string) {
  return {
    providerId: ssoProvider,
    name: OIDC_NAME,
    discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    requireIdTokenVerification: true,
    clientId: OIDC_CLIENT_ID,
    ...(OIDC_CLIENT_SECRET !== undefined && { clientSecret: OIDC_CLIENT_SECRET }),
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    disableSignUp: true,
    // Some say it as a text, and every text is true.
    mapProfileToUser: (profile: Record<string, unknown>) => ({ emailVerified: profile.email_verified === true }),
  };
}
