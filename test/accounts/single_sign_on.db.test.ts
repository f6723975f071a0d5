import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { authenticator } from '../support/authenticator.ts';
import { testDatabase } from '../support/database.ts';
import { mailServer } from '../support/mail_server.ts';
import { oidcClient, oidcProvider } from '../support/oidc_provider.ts';
import { type Client, client, password, person } from '../support/people.ts';

const { connection } = await testDatabase();
const mail = await mailServer();
const provider = await oidcProvider();
const served = await testApp(connection, {
  ROLE: 'public',
  DEMO: false, // where a second factor is demanded, the provider has asked for it
  PUBLIC_URL: 'http://localhost',
  SMTP_URL: mail.url,
  OIDC_ISSUER: provider.issuer,
  OIDC_CLIENT_ID: oidcClient.id,
  OIDC_CLIENT_SECRET: oidcClient.secret,
});
const { app, complaints } = served;
await person(served, 'dewi@jember.test', { role: 'operator' });

/** From the button to wherever it ends: our server, the provider, and back. Answers the last address. */
async function throughProvider(browser: Client, change = (address: URL) => address): Promise<string> {
  const begun = await browser.ask('POST', '/api/auth/sign-in/social', {
    ...{ provider: 'oidc', callbackURL: '/', errorCallbackURL: '/?account=sso' },
  });
  const { url } = await begun.json();
  const there = await fetch(url, { redirect: 'manual' });
  const back = change(new URL(there.headers.get('Location')!));
  const landed = await browser.ask('GET', `${back.pathname}${back.search}`);
  expect(landed.status).toBe(302);
  return landed.headers.get('Location')!;
}
const nameOf = async (browser: Client) => (await (await browser.ask('GET', '/api/account')).json()).person?.email;

test('a person an admin made comes in by the regency’s own sign-on, with the roles held here', async () => {
  provider.claims = { sub: 'd-1', email: 'Dewi@jember.test', email_verified: true, name: 'Dewi, admin' };
  const browser = client(app);
  expect((await (await browser.ask('GET', '/api/account')).json()).sso).toEqual({ provider: 'oidc', name: 'SSO' });
  expect(await throughProvider(browser)).toBe('/');
  const { person: who, grants } = await (await browser.ask('GET', '/api/account')).json();
  expect(who).toMatchObject({ name: 'dewi@jember.test', email: 'dewi@jember.test' });
  expect(grants).toEqual([{ role: 'operator' }]);
});

test('that it lets somebody in from now on is an entry of its own and told by mail, the first time alone', async () => {
  const email = 'tautan@jember.test';
  const account = await person(served, email, { role: 'operator' });
  const told = () => mail.mails.filter((each) => each.includes(`To: ${email}`) && /single sign-on/.test(each));
  provider.claims = { sub: 't-1', email, email_verified: true, name: 'Tautan' };
  for (const _ of [1, 2]) expect(await throughProvider(client(app))).toBe('/');
  const { rows } = await sql<{ action: string }>`
    select action from audit where actor = ${account} and action <> 'reset_password' order by id`.execute(
    connection.db,
  );
  expect(rows.map(({ action }) => action)).toEqual(['link_single_sign_on', 'sign_in', 'sign_in']);
  await expect.poll(() => told().length, { timeout: 20_000 }).toBe(1);
});

test('whoever came by it may change how they come in, and loses no role with their own factors', async () => {
  const email = 'ganti@jember.test';
  await person(served, email, { role: 'operator' });
  provider.claims = { sub: 'g-1', email, email_verified: true, name: 'Ganti' };
  const browser = client(app);
  await throughProvider(browser);
  const device = authenticator();
  expect((await device.add(browser)).status).toBe(200);
  const [{ id }] = await (await browser.ask('GET', '/api/auth/passkey/list-user-passkeys')).json();
  expect((await browser.ask('POST', '/api/auth/two-factor/enable', { password })).status).toBe(200);
  expect((await browser.ask('POST', '/api/auth/passkey/delete-passkey', { id })).status).toBe(200);
  const { person: who, grants } = await (await browser.ask('GET', '/api/account')).json();
  expect([who.changes, grants]).toEqual(['open', [{ role: 'operator' }]]);
});

test('nobody becomes a person by it', async () => {
  provider.claims = { sub: 'x-1', email: 'siapa@jember.test', email_verified: true, name: 'Siapa' };
  const browser = client(app);
  expect(await throughProvider(browser)).toMatch(/account=sso.*error=/);
  expect(await nameOf(browser)).toBeUndefined();
  expect(await connection.db.selectFrom('account_user').select('email').execute()).toHaveLength(3);
});

test('an address that the provider does not vouch for is nobody’s, unless the operator takes its word', async () => {
  await person(served, 'eka@jember.test', { role: 'admin' });
  for (const email_verified of [false, undefined, 'false', 'true', 1]) {
    provider.claims = { sub: 'e-1', email: 'eka@jember.test', email_verified, name: 'Eka' };
    const browser = client(app);
    expect(await throughProvider(browser), String(email_verified)).toMatch(/account=sso.*error=account_not_linked/);
    expect(await nameOf(browser)).toBeUndefined();
  }
  const { rows } = await sql<{ after: object }>`
    select after from audit where action = 'sign_in_failed' and after ->> 'why' = 'account_not_linked'`.execute(
    connection.db,
  );
  expect(rows.length).toBeGreaterThan(0);
  const { app: trusting } = await testApp(connection, { ...served.parts.config, OIDC_TRUST_EMAIL: true });
  const browser = client(trusting);
  expect(await throughProvider(browser)).toBe('/');
  expect(await nameOf(browser)).toBe('eka@jember.test');
});

test('an answer that was not asked for, for another, or with another state lets nobody in', async () => {
  provider.claims = { sub: 'd-1', email: 'dewi@jember.test', email_verified: true, name: 'Dewi' };
  const thief = client(app);
  const changed = (address: URL) => {
    address.searchParams.set('state', 'another');
    return address;
  };
  expect(await throughProvider(thief, changed)).toContain('error');
  provider.lies = { nonce: 'another' };
  expect(await throughProvider(thief)).toContain('error');
  provider.lies = { aud: 'another' };
  expect(await throughProvider(thief)).toContain('error');
  provider.lies = {};
  // Somebody else's answer, in a browser that asked nothing.
  const begun = await thief.ask('POST', '/api/auth/sign-in/social', { provider: 'oidc', callbackURL: '/' });
  const there = await fetch((await begun.json()).url, { redirect: 'manual' });
  const back = new URL(there.headers.get('Location')!);
  const victim = client(app);
  await victim.ask('GET', `${back.pathname}${back.search}`);
  expect(await nameOf(victim)).toBeUndefined();
  expect(await nameOf(thief)).toBeUndefined();
});

test('it sends nobody elsewhere afterwards', async () => {
  const form = { provider: 'oidc', callbackURL: 'https://evil.test/' };
  expect((await client(app).ask('POST', '/api/auth/sign-in/social', form)).status).toBe(403);
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
