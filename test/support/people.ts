import type { Hono } from 'hono';
import { createPerson, type NewGrant, newLink } from '../../server/accounts/people.ts';
import { transaction } from '../../server/database/transaction.ts';
import type { Parts } from '../../server/parts.ts';
import { visitor } from '../../server/registry/viewer.ts';

const origin = 'http://localhost';
export const password = 'kata-sandi-panjang';
let count = 0;

/** A client with a cookie jar, at a network address: what a browser is to the server. */
export interface Client {
  /** Cookies by name. */
  readonly jar: Map<string, string>;
  readonly ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
}

/** A browser without cookies. `address`: where it is, each its own unless said. */
export function client(app: Hono, address = `10.0.${count++ >> 8}.${count & 255}`): Client {
  const jar = new Map<string, string>();
  return {
    jar,
    async ask(method, path, body, headers = {}) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await app.request(
        `${origin}${path}`,
        {
          method,
          headers: {
            ...(cookie && { Cookie: cookie }),
            ...(method !== 'GET' && { Origin: origin }),
            ...(body !== undefined && { 'Content-Type': 'application/json' }),
            ...headers,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        },
        { incoming: { socket: { remoteAddress: address } } },
      );
      for (const set of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = set.split(';');
        const [name = '', value = ''] = pair.split('=');
        if (value === '' || attributes.some((each) => /max-age=0$/i.test(each.trim()))) jar.delete(name);
        else jar.set(name, value);
      }
      return response;
    },
  };
}

/** Makes a person with a password, as an admin and the link in the mail do it. Answers the id. */
export async function person(
  { app, parts }: { app: Hono; parts: Parts },
  email: string,
  ...grants: readonly NewGrant[]
): Promise<string> {
  const by = { viewer: visitor('admin') };
  const [id, link] = await transaction(parts.connection.db, async (trx) => {
    const made = await createPerson(trx, by, { email, name: email, grants });
    return [made, await newLink(trx, by, made)] as const;
  });
  const token = new URLSearchParams(link.slice(1)).get('token');
  const response = await client(app).ask('POST', '/api/auth/reset-password', { newPassword: password, token });
  if (response.status !== 200) throw new Error(`no password was set: ${await response.text()}`);
  return id;
}

/** Signs in with the password; throws when that does not do. */
export async function signedIn(app: Hono, email: string, address?: string): Promise<Client> {
  const browser = client(app, address);
  const response = await browser.ask('POST', '/api/auth/sign-in/email', { email, password });
  if (response.status !== 200) throw new Error(`not signed in: ${response.status} ${await response.text()}`);
  return browser;
}
