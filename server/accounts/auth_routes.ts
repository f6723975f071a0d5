import { type Context, Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import type { Transaction } from 'kysely';
import { rememberedFor } from '../audit/looks.ts';
import { originOf } from '../audit/origin.ts';
import { type Origin, record } from '../audit/record.ts';
import type { Database } from '../database/connect.ts';
import { transaction } from '../database/transaction.ts';
import type { Parts } from '../parts.ts';
import { Problem } from '../registry/problem.ts';
import { addressHeader, requestHeader, ssoProvider } from './auth.ts';
import { halfSignedIn } from './half_sign_in.ts';
import { toldEmail } from './lock_out.ts';
import { tellOfChange } from './mail.ts';
import { sessionOf } from './middleware.ts';
import { newSession } from './new_session.ts';
import { changeOwn, demandProof, isOwnChange } from './own_change.ts';
import { personNamed } from './people.ts';
import { smallBody } from './request.ts';
import { requestLink, requestLinkPath } from './request_link.ts';

/** Addresses of better-auth that are open, and no others: what is not needed here cannot be misused. */
export const openAddresses: ReadonlySet<string> = new Set([
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

/** What better-auth says of a wrong password or code. */
const guesses: ReadonlySet<string> = new Set(['INVALID_PASSWORD', 'INVALID_CODE']);

/** How long the same refusal is one entry. */
const refusalMs = 15 * 60_000;

const description = describeRoute({
  summary: 'Sign-in, second factors and passkeys (better-auth)',
  parameters: [{ name: 'path', in: 'path', required: true, schema: { type: 'string' }, example: 'sign-in/email' }],
  responses: { 200: { description: 'As better-auth answers at this address.' } },
});

/** `/api/auth/…`: better-auth behind a list of what is open; what is done by it goes into the audit trail. */
export function authRoutes(parts: Parts): Hono {
  const { accounts, config, connection, log } = parts;
  const prefix = '/api/auth';

  const handle = async (c: Context): Promise<Response> => {
    const path = c.req.path.slice(prefix.length);
    const asked = `${c.req.method} ${path}`;
    if (!openAddresses.has(asked) && !(config.OIDC_ISSUER !== undefined && openWithSso.has(asked)))
      throw new Problem('not_found', `There is nothing at ${c.req.path.slice(0, 200)}.`);
    if (asked === 'POST /sign-out') await signOut(c);
    // Before the device asks for its owner, in vain.
    if (path === '/passkey/generate-register-options') await demandProof(connection.db, c, path);
    const body = c.req.method === 'GET' ? undefined : await c.req.text();
    const response = await answerOf(c, path, requestOf(c, body), body);
    const answer = new Response(response.body, response);
    answer.headers.set('Cache-Control', 'no-store');
    return answer;
  };

  function answerOf(c: Context, path: string, request: Request, body: string | undefined): Promise<Response> {
    if (isOwnChange(c, path)) return changeOrRefuse(c, path, request);
    if (path === requestLinkPath) return requestLink(parts, c, request, emailIn(body));
    return comeIn(c, path, request, body);
  }

  /** A request as better-auth is to see it. */
  function requestOf(c: Context, body: string | undefined): Request {
    const headers = new Headers(c.req.raw.headers);
    const { address, requestId } = originOf(c, config);
    for (const [name, value] of [[addressHeader, address] as const, [requestHeader, requestId] as const]) {
      headers.delete(name);
      if (value !== undefined) headers.set(name, value);
    }
    return new Request(c.req.url, { method: c.req.method, headers, ...(body !== undefined && { body }) });
  }

  /** Whoever sits at somebody's open page and guesses the password is noted as at the door. */
  async function changeOrRefuse(c: Context, path: string, request: Request): Promise<Response> {
    const response = await changeOwn(parts, c, path, request);
    const isGuess = !response.ok && guesses.has(await reasonOf(response));
    if (isGuess) await noteRefusal(response, { by: path.slice(1) }, originOf(c, config));
    return response;
  }

  async function comeIn(c: Context, path: string, request: Request, body: string | undefined): Promise<Response> {
    const email = path === '/sign-in/email' ? emailIn(body) : await halfSignedInBy(c, path);
    const response = await accounts.auth.handler(request);
    // A callback answers with a redirect.
    if (!signsIn(path)) return response;
    await note(c, path, response, email);
    if (response.status < 400) await accounts.changed();
    return response;
  }

  /** Ends a session and says so, in one; better-auth then takes the cookie away. */
  async function signOut(c: Context): Promise<void> {
    const session = sessionOf(c);
    if (!session) return;
    await transaction(connection.db, async (trx) => {
      await trx.deleteFrom('account_session').where('id', '=', session.id).execute();
      await record(trx, originOf(c, config), { action: 'sign_out' });
    });
    await accounts.changed();
  }

  /** Who came in and who could not, before they learn of it; a session counts from then on, not before. */
  async function note(c: Context, path: string, response: Response, email: string | undefined): Promise<void> {
    const origin = originOf(c, config);
    const by = path.slice(1);
    const begun = await transaction(connection.db, async (trx) => {
      const session = await newSession(parts, trx, response);
      if (!session) return undefined;
      const own = { ...origin, viewer: session.viewer };
      const account = session.viewer.person.id;
      const isLinked = path.startsWith('/callback/') && (await isNewLink(trx, account));
      if (isLinked) await record(trx, own, { action: 'link_single_sign_on' });
      await record(trx, own, { action: 'sign_in', after: { by } });
      // Whoever signs in again has lost the cookie of the session before.
      const before = sessionOf(c);
      if (before?.viewer.person.id === account)
        await trx.deleteFrom('account_session').where('id', '=', before.id).execute();
      return { account, isLinked };
    });
    if (begun?.isLinked)
      tellOfChange(
        { mail: accounts.mail, log },
        await personNamed(connection.db, begun.account),
        'link_single_sign_on',
      );
    if (!begun && (response.status >= 400 || path.startsWith('/callback/')))
      await noteRefusal(response, { by, ...(email !== undefined && { email }) }, origin);
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
    origin: Origin,
  ): Promise<void> {
    const reason = await reasonOf(response);
    const why = response.status === 401 || guesses.has(reason) ? undefined : reason;
    if (why === 'LOCKED_OUT') return; // an entry of the statement that counts the tries
    if (why !== undefined) {
      // Who is told to wait whatever they try is one entry, however many names they try.
      const same = JSON.stringify([about.by, origin.address, why]);
      if (refusals.has(same)) return;
      refusals.add(same);
    }
    const after = { ...about, ...(why !== undefined && { why }) };
    await transaction(connection.db, (trx) => record(trx, origin, { action: 'sign_in_failed', after }));
  }

  const routes = new Hono();
  routes.use(smallBody);
  routes.get('/:path{.+}', description, handle);
  routes.post('/:path{.+}', description, handle);
  return routes;
}

/** Whether somebody comes by the single sign-on for the first time, which the trail does not tell yet. */
async function isNewLink(trx: Transaction<Database>, account: string): Promise<boolean> {
  const [link] = await trx
    .updateTable('account_credential')
    .set({ recorded: true })
    .where('userId', '=', account)
    .where('providerId', '=', ssoProvider)
    .where('recorded', '=', false)
    .returning('id')
    .execute();
  return link !== undefined;
}

function signsIn(path: string): boolean {
  return (
    path.startsWith('/sign-in/') ||
    path.startsWith('/two-factor/verify') ||
    path.startsWith('/callback/') ||
    path === '/passkey/verify-authentication'
  );
}

/** The address somebody tried to come in with. */
function emailIn(body: string | undefined): string | undefined {
  try {
    const form: unknown = JSON.parse(body ?? '');
    const email = typeof form === 'object' && form !== null && 'email' in form ? form.email : undefined;
    return typeof email === 'string' ? toldEmail(email) : undefined;
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
