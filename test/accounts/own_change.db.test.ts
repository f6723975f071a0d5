import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { authenticator } from '../support/authenticator.ts';
import { testDatabase } from '../support/database.ts';
import { type Client, client, password, person, signedIn } from '../support/people.ts';
import { totp } from '../support/totp.ts';

const { connection } = await testDatabase();
const { db } = connection;
const served = await testApp(connection, { ROLE: 'public', DEMO: false });
const { app, parts, complaints } = served;

const post = (browser: Client, path: string, body: object = {}) => browser.ask('POST', `/api/auth/${path}`, body);
const account = async (browser: Client) => (await browser.ask('GET', '/api/account')).json();
const sessions = async (browser: Client) => (await (await browser.ask('GET', '/api/account/sessions')).json()).sessions;
const passkeys = async (browser: Client) => (await browser.ask('GET', '/api/auth/passkey/list-user-passkeys')).json();
const answer = async (response: Response) => [response.status, (await response.json()).code];
/** Begins to set two-step verification up; the code that ends it. */
async function begin(browser: Client): Promise<string> {
  const { totpURI } = await (await post(browser, 'two-factor/enable', { password })).json();
  return totp(new URL(totpURI).searchParams.get('secret')!);
}
async function enrol(browser: Client): Promise<void> {
  const code = await begin(browser);
  expect((await post(browser, 'two-factor/verify-totp', { code })).status).toBe(200);
}
const age = (browser: Client, minutes: number) => {
  const token = decodeURIComponent(browser.jar.get('pendopo.session_token')!).split('.')[0]!;
  return sql`update account_session set "createdAt" = now() - make_interval(mins => ${sql.lit(minutes)}) where token = ${token}`.execute(
    db,
  );
};

describe('who signed in with the password alone', () => {
  test('adds, changes and removes nothing where there is a passkey, which does', async () => {
    const email = 'kunci@jember.test';
    await person(served, email, { role: 'operator' });
    const [owner, thief] = [await signedIn(app, email), await signedIn(app, email)];
    const code = await begin(thief); // and hopes that it may be ended later
    const device = authenticator();
    expect((await device.add(owner)).status).toBe(200);
    const again = await signedIn(app, email);
    const [{ id }] = await passkeys(again);
    const refused = [403, 'SECOND_FACTOR_FIRST'];
    for (const [path, body] of [
      ['two-factor/enable', { password }],
      ['two-factor/verify-totp', { code }],
      ['two-factor/disable', { password }],
      ['two-factor/generate-backup-codes', { password }],
      ['passkey/verify-registration', { response: {} }],
      ['passkey/delete-passkey', { id }],
      ['change-password', { currentPassword: password, newPassword: 'kata-sandi-lain' }],
    ] as const)
      expect(await answer(await post(again, path, body)), path).toEqual(refused);
    expect(await answer(await authenticator().add(again))).toEqual(refused);
    expect(await account(again)).toMatchObject({ person: { changes: 'unproved' }, withheld: ['operator'] });
    expect(await account(owner)).toMatchObject({ person: { changes: 'open' }, grants: [{ role: 'operator' }] });

    const proved = client(app);
    expect((await device.signIn(proved)).status).toBe(200);
    expect(await account(proved)).toMatchObject({ person: { changes: 'open' }, grants: [{ role: 'operator' }] });
    await enrol(proved);
    expect((await authenticator().add(proved)).status).toBe(200);
    expect((await post(proved, 'passkey/delete-passkey', { id })).status).toBe(200);
    expect(await passkeys(proved)).toHaveLength(1);
    expect(await account(proved)).toMatchObject({ withheld: [], grants: [{ role: 'operator' }] });
  });

  test('of two at once who add a first one only one does', async () => {
    const email = 'serentak@jember.test';
    await person(served, email);
    const browsers = [await signedIn(app, email), await signedIn(app, email)];
    const statuses = (await Promise.all(browsers.map((each) => authenticator().add(each)))).map(({ status }) => status);
    // The other one's session has ended with it, or is refused.
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(
      await sql`select 1 from account_passkey join account_user person on person.id = "userId"
      where email = ${email}`.execute(db),
    ).toMatchObject({ rows: { length: 1 } });
  });
});

describe('a second factor counts in the session that proved it', () => {
  test.each([
    ['two-step verification', enrol],
    ['a passkey', (browser: Client) => authenticator().add(browser)],
  ] as const)('%s ends the other sessions, which did not', async (name, add) => {
    const email = `${name.replace(/\W/g, '')}@jember.test`;
    await person(served, email, { role: 'supervisor' });
    const [here, thief] = [await signedIn(app, email), await signedIn(app, email)];
    await add(here);
    expect((await account(thief)).person).toBeNull();
    expect(await account(here)).toMatchObject({ person: { changes: 'open' }, grants: [{ role: 'supervisor' }] });
    expect(await sessions(here)).toHaveLength(1);
  });

  test('and in no other, whoever they are of', async () => {
    const email = 'sesi@jember.test';
    await person(served, email, { role: 'supervisor' });
    const thief = await signedIn(app, email);
    // As one that began in the same moment.
    await sql`update account_user set "twoFactorEnabled" = true where email = ${email}`.execute(db);
    parts.accounts.sessions.forget();
    expect(await account(thief)).toMatchObject({ withheld: ['supervisor'], grants: [{ role: 'citizen' }] });
    expect((await answer(await post(thief, 'two-factor/disable', { password })))[0]).toBe(403);
  });

  test('it does in one that showed a backup code, and no longer when the last factor is gone', async () => {
    const email = 'cadangan@jember.test';
    await person(served, email, { role: 'supervisor' });
    const browser = await signedIn(app, email);
    const { totpURI, backupCodes } = await (await post(browser, 'two-factor/enable', { password })).json();
    const code = totp(new URL(totpURI).searchParams.get('secret')!);
    expect((await post(browser, 'two-factor/verify-totp', { code })).status).toBe(200);
    const other = await signedIn(app, email);
    expect((await post(other, 'two-factor/verify-backup-code', { code: backupCodes[0] })).status).toBe(200);
    expect(await account(other)).toMatchObject({ grants: [{ role: 'supervisor' }] });
    expect((await post(other, 'two-factor/disable', { password })).status).toBe(200);
    for (const each of [browser, other])
      expect(await account(each)).toMatchObject({ person: { changes: 'open' }, withheld: ['supervisor'] });
  });
});

test('passkeys are added and removed only soon after signing in, which is asked for again', async () => {
  const email = 'layar@jember.test';
  await person(served, email, { role: 'operator' });
  const device = authenticator();
  const browser = await signedIn(app, email);
  await age(browser, 11);
  const stale = [403, 'SESSION_NOT_FRESH'];
  expect(await answer(await device.add(browser))).toEqual(stale);
  await age(browser, 9);
  expect((await device.add(browser)).status).toBe(200);

  await device.signIn(browser);
  expect(await sessions(browser)).toHaveLength(1); // the one before it has ended
  const [{ id }] = await passkeys(browser);
  await age(browser, 11);
  expect(await account(browser)).toMatchObject({ person: { changes: 'stale' }, grants: [{ role: 'operator' }] });
  expect(await answer(await authenticator().add(browser))).toEqual(stale);
  expect(await answer(await post(browser, 'passkey/verify-registration', { response: {} }))).toEqual(stale);
  expect(await answer(await post(browser, 'passkey/delete-passkey', { id }))).toEqual(stale);
  expect(await passkeys(browser)).toHaveLength(1);
  expect((await post(browser, 'two-factor/enable', { password: 'bukan-bukan-bukan' })).status).toBe(400);
  await enrol(browser); // the password was asked for
  await device.signIn(browser);
  expect((await post(browser, 'passkey/delete-passkey', { id })).status).toBe(200);
});

test.each([
  ['nothing', {}],
  ['no credential', { id: 'x', rawId: 'x', type: 'public-key', response: {} }],
  [
    'no CBOR',
    { id: 'eA', rawId: 'eA', type: 'public-key', response: { clientDataJSON: 'e30', attestationObject: 'eA' } },
  ],
])('what no device answers (%s) is refused, and no fault of ours', async (title, response) => {
  const email = `${title.replaceAll(' ', '-').toLowerCase()}@jember.test`;
  await person(served, email);
  const browser = await signedIn(app, email);
  expect((await browser.ask('GET', '/api/auth/passkey/generate-register-options')).status).toBe(200);
  const refused = [400, 'FAILED_TO_VERIFY_REGISTRATION'];
  expect(await answer(await post(browser, 'passkey/verify-registration', { response }))).toEqual(refused);
  expect(await passkeys(browser)).toEqual([]);
});

test('a new password ends all other sessions, whatever the page asks for', async () => {
  const email = 'sandi@jember.test';
  await person(served, email);
  const [here, there] = [await signedIn(app, email), await signedIn(app, email)];
  const form = { currentPassword: password, newPassword: 'kata-sandi-berikutnya', revokeOtherSessions: false };
  expect((await post(here, 'change-password', form)).status).toBe(200);
  expect((await account(there)).person).toBeNull();
  expect((await account(here)).person).toMatchObject({ email });
});

test('a passkey is shown to the public address, whatever the request says of its page', async () => {
  const email = 'asal@jember.test';
  await person(served, email);
  const { app: public_ } = await testApp(connection, { ROLE: 'public', DEMO: false, PUBLIC_URL: 'http://localhost' });
  const device = authenticator();
  expect((await device.add(await signedIn(public_, email))).status).toBe(200);
  // A page in a frame, which has no origin to speak of.
  const framed = { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' };
  expect((await device.signIn(client(public_), framed, 'null')).ok).toBe(false);
  expect((await device.signIn(client(public_))).status).toBe(200);
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
