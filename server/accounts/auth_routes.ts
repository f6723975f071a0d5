import { type Context, Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { rememberedFor } from '../audit/looks.ts';
import { originOf } from '../audit/origin.ts';
import { record } from '../audit/record.ts';
import { transaction } from '../database/transaction.ts';
import type { Parts } from '../parts.ts';
import { Problem } from '../registry/problem.ts';
import { remoteAddress } from '../remote_address.ts';
import { addressHeader, sessionCookie, ssoProvider } from './auth.ts';
import { halfSignedIn } from './half_sign_in.ts';
import { tellOfChange } from './mail.ts';
import { sessionOf } from './middleware.ts';
import { personNamed } from './people.ts';
import { smallBody } from './request.ts';

/** Addresses of better-auth that are open, and no others: what is not needed here cannot be misused. */
const open: ReadonlySet<string> = new Set([
  'POST /sign-in/email',
  'POST /sign-out',
  'POST /two-factor/verify-totp',
  'POST /two-factor/verify-backup-code',
  'POST /two-factor/enable',
  'POST /two-factor/disable',
  'POST /two-factor/generate-backup-codes',
  'GET /passkey/generate-authenticate-options',
  'POST /passkey/verify-authentication',
  'GET /passkey/generate-register-options',
  'POST /passkey/verify-registration',
  'GET /passkey/list-user-passkeys',
  'POST /passkey/delete-passkey',
  'POST /change-password',
  'POST /request-password-reset',
  'POST /reset-password',
]);
/** Those of single sign-on, where it is configured. */
const openWithSso: ReadonlySet<string> = new Set([
  'POST /sign-in/social',
  `GET /callback/${ssoProvider}`,
  `POST /callback/${ssoProvider}`,
]);

/** As long as somebody is locked out. */
const refusalMs = 15 * 60_000;

const description = describeRoute({
  summary: 'Sign-in, second factors and passkeys (better-auth)',
  parameters: [{ name: 'path', in: 'path', required: true, schema: { type: 'string' }, example: 'sign-in/email' }],
});

/** `/api/auth/…`: better-auth behind a list of what is open; sign-ins, good and bad, go into the audit trail. */
export function authRoutes(parts: Parts): Hono {
  const { accounts, config, connection, log } = parts;
  const prefix = '/api/auth';
  const cookieName = `${sessionCookie(config)}=`;

  const handle = async (c: Context): Promise<Response> => {
    const path = c.req.path.slice(prefix.length);
    const asked = `${c.req.method} ${path}`;
    if (!open.has(asked) && !(config.OIDC_ISSUER !== undefined && openWithSso.has(asked)))
      throw new Problem('not_found', `There is nothing at ${c.req.path.slice(0, 200)}.`);
    const headers = new Headers(c.req.raw.headers);
    headers.delete(addressHeader);
    const address = remoteAddress(c, config);
    if (address !== undefined) headers.set(addressHeader, address);
    if (asked === 'POST /sign-out') await signOut(c);
    const body = c.req.method === 'GET' ? undefined : await c.req.text();
    const email = path === '/sign-in/email' ? emailIn(body) : await halfSignedInBy(c, path);
    const response = await accounts.auth.handler(
      new Request(c.req.url, { method: c.req.method, headers, ...(body !== undefined && { body }) }),
    );
    if (c.req.method !== 'GET' || path.startsWith('/callback/')) {
      // A callback answers with a redirect; what was refused changed nothing.
      await note(c, path, response, email);
      if (response.status < 400) await accounts.changed();
    }
    const answer = new Response(response.body, response);
    answer.headers.set('Cache-Control', 'no-store');
    return answer;
  };

  /** Ends a session and says so, in one; better-auth then takes the cookie away. */
  async function signOut(c: Context): Promise<void> {
    const session = sessionOf(c);
    if (!session) return;
    await transaction(connection.db, async (trx) => {
      await trx.deleteFrom('account_session').where('id', '=', session.id).execute();
      await record(trx, originOf(c, config), { action: 'sign_out' });
    });
  }

  /** Who came in and who could not; a session counts from then on, not before. */
  async function note(c: Context, path: string, response: Response, email: string | undefined): Promise<void> {
    const origin = originOf(c, config);
    const cookie = newCookie(response, cookieName);
    const session = cookie ? await accounts.sessions.begun(cookie) : undefined;
    const says = (action: string, viewer = origin.viewer, after?: Record<string, unknown>) =>
      transaction(connection.db, async (trx) => {
        if (session)
          await trx.updateTable('account_session').set({ recorded: true }).where('id', '=', session.id).execute();
        await record(trx, { ...origin, viewer }, { action, ...(after && { after }) });
      });
    if (session && signsIn(path)) await says('sign_in', session.viewer, { by: path.slice(1) });
    else if (signsIn(path) && (response.status >= 400 || path.startsWith('/callback/')))
      await noteRefusal(response, { by: path.slice(1), ...(email !== undefined && { email }) }, origin.address, says);
    else if (response.ok && tellsOfSecrets.has(path)) {
      await says(actOf(path));
      const { person } = origin.viewer;
      // Who comes by a link is nobody yet: better-auth knows whose it was, and `onPasswordReset` tells them.
      if (person) tellOfChange({ mail: accounts.mail, log }, await personNamed(connection.db, person.id), actOf(path));
    }
  }

  /** Whose second factor is asked for, before a right answer ends the sign-in that waits for it. */
  async function halfSignedInBy(c: Context, path: string): Promise<string | undefined> {
    return path.startsWith('/two-factor/verify') ? halfSignedIn(accounts.auth, c.req.header('Cookie')) : undefined;
  }

  const refusals = rememberedFor(refusalMs);
  /** Each wrong password or code; and once in a while what is refused whatever comes with it. */
  async function noteRefusal(
    response: Response,
    about: Readonly<Record<string, string>>,
    address: string | undefined,
    says: (action: string, viewer: undefined, after: Record<string, unknown>) => Promise<unknown>,
  ): Promise<void> {
    if (response.status === 401) return void (await says('sign_in_failed', undefined, about));
    const why = await reasonOf(response);
    // Who is told to wait whatever they try is one entry, however many names they try.
    const same = JSON.stringify([why === 'LOCKED_OUT' ? about : about.by, address, why]);
    if (refusals.has(same)) return;
    refusals.add(same);
    if (why === 'LOCKED_OUT') await says('locked_out', undefined, about);
    else await says('sign_in_failed', undefined, { ...about, why });
  }

  const routes = new Hono();
  routes.use(smallBody);
  routes.get('/:path{.+}', description, handle);
  routes.post('/:path{.+}', description, handle);
  return routes;
}

/** Changes of how somebody comes in; recorded under their path. */
export const tellsOfSecrets: ReadonlySet<string> = new Set([
  '/two-factor/enable',
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

function signsIn(path: string): boolean {
  return (
    path.startsWith('/sign-in/') ||
    path.startsWith('/two-factor/verify') ||
    path.startsWith('/callback/') ||
    path === '/passkey/verify-authentication'
  );
}

/** The address somebody tried to come in with, so that who looks at the trail sees whom it was about. */
function emailIn(body: string | undefined): string | undefined {
  try {
    const form: unknown = JSON.parse(body ?? '');
    const email = typeof form === 'object' && form !== null && 'email' in form ? form.email : undefined;
    return typeof email === 'string' ? email.slice(0, 200).replaceAll('\0', '') : undefined;
  } catch {
    return undefined;
  }
}

/** Why better-auth let somebody not in: its code, or what it sends back from the single sign-on with. */
async function reasonOf(response: Response): Promise<string> {
  const location = response.headers.get('Location');
  if (location !== null) return URL.parse(location, 'http://localhost')?.searchParams.get('error') ?? 'no_session';
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined); // the limit of requests answers in other words
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  return typeof code === 'string' ? code.slice(0, 60) : `status ${response.status}`;
}

/** The value of the session's cookie that a response sets, unless it takes it away. */
function newCookie(response: Response, name: string): string | undefined {
  const set = response.headers.getSetCookie().findLast((cookie) => cookie.startsWith(name));
  return set?.slice(name.length).split(';')[0] || undefined;
}
