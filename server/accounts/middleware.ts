import type { ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { knowsKey } from '../ingest/key.ts';
import type { Parts } from '../parts.ts';
import { signInFirst } from '../registry/actions/may.ts';
import { Problem } from '../registry/problem.ts';
import { setViewer, visitor } from '../registry/viewer.ts';
import { sessionCookie } from './auth.ts';
import { isOwnPage } from './own_origin.ts';
import { demandDoor, isServiceKey, type ServiceKey } from './service_keys.ts';
import type { Session } from './sessions.ts';
import { cookieIn } from './signed_cookie.ts';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Says of every request who makes it: a machine by its key (`Authorization: Bearer`), a person by the session's cookie,
 * else a visitor. A key that is none is refused (401); a cookie that no longer holds makes a visitor, so that the page
 * still opens. What changes something with a cookie must come from our own page (403). A machine's key sends observations, and with
 * the door `write` adds, changes and deletes features by OGC API – Features, Part 4; every other act is a person's (403).
 */
export function viewers({ config, accounts }: Parts): MiddlewareHandler {
  const nobody = visitor(config.ROLE);
  const cookieName = `${sessionCookie(config)}=`;
  return async (c, next) => {
    const authorization = c.req.header('Authorization');
    const bearer = authorization === undefined ? undefined : bearerOf(authorization);
    if (bearer !== undefined) {
      await admitMachine(c, bearer);
      return next();
    }
    const cookie = cookieIn(c.req.header('Cookie'), cookieName);
    const session = cookie === undefined ? undefined : await accounts.sessions.of(cookie);
    if (cookie === undefined || session === undefined) {
      setViewer(c, nobody);
      return next();
    }
    setViewer(c, session.viewer);
    if (!reading.has(c.req.method) && !isOwnPage(c, config))
      throw new Problem('forbidden', 'This was asked by a page of another origin.');
    c.set('session', session);
    const stream = streamOf(c);
    if (stream) accounts.sessions.watch(cookie, session, stream);
    return next();
  };

  async function admitMachine(c: Context, bearer: string): Promise<void> {
    const sends = c.req.path.startsWith('/api/ingest/');
    const key = isServiceKey(bearer) ? await accounts.keys.of(bearer) : undefined;
    if (key) {
      setViewer(c, key.viewer);
      const writes = !sends && !reading.has(c.req.method);
      if (writes && !(key.doors.includes('write') && c.req.path.startsWith('/ogc/collections/')))
        throw new Problem(
          'forbidden',
          'A key sends observations and, with the door write, keeps features by OGC API; who acts is a person, signed in.',
        );
      demandDoor(key, sends ? 'http' : writes ? 'write' : 'read');
      c.set('serviceKey', key);
      const stream = streamOf(c);
      if (stream) accounts.keys.watch(key, stream);
      return;
    }
    if (config.INGEST_KEY === undefined || !knowsKey(config, bearer)) {
      c.header('WWW-Authenticate', 'Bearer');
      throw new Problem('unauthorized', 'This key is none, has expired or was revoked: Authorization: Bearer <key>.');
    }
    setViewer(c, nobody); // the shared key opens the devices' doors and shows nothing
    c.set('sharedKey', true);
  }
}

/** The session a request was made in; undefined for visitors and machines. */
export function sessionOf(c: Context): Session | undefined {
  return c.get('session');
}

/** The session a request was made in. Throws `unauthorized` for visitors and machines. */
export function demandSession(c: Context): Session {
  const session = sessionOf(c);
  if (!session) throw signInFirst();
  return session;
}

/** The key a machine came with. */
export function serviceKeyOf(c: Context): ServiceKey | undefined {
  return c.get('serviceKey');
}

/** Whether a machine came with the key that all of them share. */
export function hasSharedKey(c: Context): boolean {
  return c.get('sharedKey') === true;
}

/**
 * The response of a request for the event stream, which must not outlive what it was opened with; none when whoever asked
 * has left meanwhile, for then nothing would tell that it has ended.
 */
function streamOf(c: Context): ServerResponse | undefined {
  const { outgoing }: { readonly outgoing?: ServerResponse } = c.env ?? {}; // node-server's
  return c.req.path === '/events' && outgoing && !outgoing.closed && !outgoing.destroyed ? outgoing : undefined;
}

function bearerOf(authorization: string): string | undefined {
  return /^Bearer +(\S.*?) *$/i.exec(authorization)?.[1];
}
