import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { seedAccounts } from '../../seeds/jember/accounts.ts';
import { createKey, revokeKey } from '../../server/accounts/keys_admin.ts';
import { transaction } from '../../server/database/transaction.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { networkOf } from '../../server/remote_address.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { type Client, client, password, person, signedIn } from '../support/people.ts';
import { totp } from '../support/totp.ts';

const { connection } = await testDatabase();
const { db } = connection;
const served = await testApp(connection, { ROLE: 'public' });
const { app, parts, complaints } = served;
const by = { viewer: visitor('admin') };
await person(served, 'admin@jember.test', { role: 'admin' });
const admin = await signedIn(app, 'admin@jember.test');

const signIn = (browser: Client, email: string) => browser.ask('POST', '/api/auth/sign-in/email', { email, password });
const verify = (browser: Client, code: string, more: object = {}) =>
  browser.ask('POST', '/api/auth/two-factor/verify-totp', { code, ...more });
const isAsked = async (browser: Client, email: string) =>
  (await (await signIn(browser, email)).json()).twoFactorRedirect === true;
/** Sets a second factor up with the code of half a minute ago, so that the present one is still worth something. */
async function enrol(email: string): Promise<string> {
  const browser = await signedIn(app, email);
  const setup = await (await browser.ask('POST', '/api/auth/two-factor/enable', { password })).json();
  const secret = new URL(setup.totpURI).searchParams.get('secret')!;
  expect((await verify(browser, totp(secret, Date.now() - 30_000))).status).toBe(200);
  return secret;
}

describe('a device is never trusted without its second factor', () => {
  test('not by a code that was used, nor by one that was not', async () => {
    const email = 'percaya@jember.test';
    await person(served, email, { role: 'operator' });
    const secret = await enrol(email);
    const code = totp(secret);
    const owner = client(app);
    await signIn(owner, email);
    expect((await verify(owner, code)).status).toBe(200);
    for (const each of [code, totp(secret, Date.now() + 30_000)]) {
      const thief = client(app);
      expect(await isAsked(thief, email)).toBe(true);
      const answer = await verify(thief, each, { trustDevice: true });
      expect(answer.status).toBe(400);
      expect(answer.headers.getSetCookie().join()).not.toContain('trust');
      expect(await isAsked(thief, email)).toBe(true);
      const backup = { code: 'x', trustDevice: true };
      expect((await thief.ask('POST', '/api/auth/two-factor/verify-backup-code', backup)).status).toBe(400);
    }
  });

  test.each([
    ['an admin removed it', (id: string) => admin.ask('DELETE', `/api/admin/people/${id}/second-factors`)],
    ['the password was chosen anew', (id: string) => choose(id)],
    ['the person was locked', (id: string) => admin.ask('PUT', `/api/admin/people/${id}/locked`, { locked: true })],
  ])('what was begun is gone once %s', async (_, end) => {
    const email = `lama${count++}@jember.test`;
    const id = await person(served, email, { role: 'operator' });
    const secret = await enrol(email);
    const half = client(app);
    expect(await isAsked(half, email)).toBe(true);
    await sql`insert into account_verification (id, identifier, value, "expiresAt")
      values (${`trust-${id}`}, 'trusted by an earlier release', ${id}, now() + interval '30 days')`.execute(db);
    expect((await end(id)).ok).toBe(true);
    expect((await sql`select 1 from account_verification where value = ${id}`.execute(db)).rows).toEqual([]);
    expect((await verify(half, totp(secret))).status).toBe(401);
  });
});

let count = 0;
const linkOf = async (id: string) => {
  const { link } = await (await admin.ask('POST', `/api/admin/people/${id}/link`, {})).json();
  return new URLSearchParams(link.slice(1)).get('token');
};
const reset = (token: string | null) =>
  client(app).ask('POST', '/api/auth/reset-password', { newPassword: password, token });
const choose = async (id: string) => reset(await linkOf(id));

describe('a link to choose a password', () => {
  test('ends with the next one', async () => {
    const id = await person(served, 'dua-tautan@jember.test');
    const [first, second] = [await linkOf(id), await linkOf(id)];
    expect((await reset(first)).status).toBe(400);
    expect((await reset(second)).status).toBe(200);
  });

  test('ends with another that was used, and with the lock', async () => {
    const id = await person(served, 'tiga-tautan@jember.test');
    const sound = await mailed(await person(served, 'surat@jember.test'));
    expect((await reset(sound.token)).status).toBe(200);
    const { token } = await mailed(id);
    expect((await choose(id)).status).toBe(200);
    expect((await reset(token)).status).toBe(400);
    const last = await linkOf(id);
    for (const locked of [true, false])
      expect((await admin.ask('PUT', `/api/admin/people/${id}/locked`, { locked })).status).toBe(204);
    expect((await reset(last)).status).toBe(400);
  });
});

/** As the library makes one for who asks by mail. */
async function mailed(account: string): Promise<{ token: string }> {
  const token = `surat-${account}`;
  const { internalAdapter } = await parts.accounts.auth.$context;
  const expiresAt = new Date(Date.now() + 3600_000);
  await internalAdapter.createVerificationValue({ identifier: `reset-password:${token}`, value: account, expiresAt });
  return { token };
}

test('a stream ends with its key, revoked or run out, and no other with it', async () => {
  const key = () =>
    transaction(db, (trx) =>
      createKey(trx, by, { name: 'pembaca', agency: 'BPBD', doors: ['read'], role: 'operator', layers: ['unit'] }),
    );
  const [revoked, expired, other] = [await key(), await key(), await key()];
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  const stream = async (text: string) => {
    const headers = { Authorization: `Bearer ${text}` };
    const request = get({ port, host: '127.0.0.1', path: '/events?layers=unit', headers, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage]; // the event's one argument
    return response;
  };
  const open = [await stream(revoked.key), await stream(revoked.key), await stream(expired.key)];
  const stays = await stream(other.key);
  expect([...open, stays].map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
  const ended = open.map((each) => once(each.resume(), 'end'));
  await transaction(db, (trx) => revokeKey(trx, by, revoked.id));
  await parts.accounts.changed();
  await Promise.all(ended.slice(0, 2));
  await expect.poll(() => parts.hub.size).toBe(2);
  await sql`update service_key set expires_at = now() where id = ${expired.id}`.execute(db);
  await ended[2]; // nobody announces it
  expect(stays.readableEnded).toBe(false);
  expect((await stream(revoked.key)).resume().statusCode).toBe(401);
  stays.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['::ffff:a01:203', '10.1.2.3'],
  ['10.1.2.3', '10.1.2.3'],
  ['none', 'none'],
])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network));

test('whoever takes another address of the same subscriber stays locked out', async () => {
  const email = 'ipv6@jember.test';
  await person(served, email);
  for (let i = 0; i < 5; i++)
    await client(app, `2001:db8:5:6::${i + 1}`).ask('POST', '/api/auth/sign-in/email', {
      email,
      password: 'salah-salah',
    });
  expect((await signIn(client(app, '2001:db8:5:6:ffff::1'), email)).status).toBe(429);
  expect((await signIn(client(app, '2001:db8:5:7::1'), email)).status).toBe(200);
});

test('people of the demo regency are let in by no server that is none', async () => {
  await seedAccounts(connection, () => {});
  const { email, password: known } = (await (await client(app).ask('GET', '/api/account')).json()).demo[0];
  const browser = client(app);
  const form = { email, password: known };
  expect((await browser.ask('POST', '/api/auth/sign-in/email', form)).status).toBe(200);
  const real = await testApp(connection, { ROLE: 'public', DEMO: false });
  expect(real.complaints.join()).toContain('people of the demo regency');
  const refused = await client(real.app).ask('POST', '/api/auth/sign-in/email', form);
  expect([refused.status, (await refused.json()).code]).toEqual([403, 'DEMO_ACCOUNT']);
  const own = client(real.app);
  for (const [name, value] of browser.jar) own.jar.set(name, value);
  expect((await (await own.ask('GET', '/api/account')).json()).person).toBeNull();
  await testApp(connection, { ROLE: 'public', DEMO: false }); // nothing is left to end
  const { rows: ended } = await sql`
    select actor_name, after from audit where action = 'end_sessions' and after ? 'demo'`.execute(connection.db);
  expect(ended).toEqual([{ actor_name: 'npm start', after: { ended: 1, demo: true } }]);
  expect((await signIn(client(real.app), 'admin@jember.test')).status).toBe(200);
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
