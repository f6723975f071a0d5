import { createHmac, randomBytes } from 'node:crypto';
import { getMigrations } from 'better-auth/db/migration';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { authOptions } from '../../server/accounts/auth.ts';
import { rateLimit } from '../../server/accounts/rate_limit.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { client, password, person, signedIn } from '../support/people.ts';
import { totp } from '../support/totp.ts';

const { connection } = await testDatabase();
const { db } = connection;
const served = await testApp(connection, { ROLE: 'public' });
const { app, parts, complaints } = served;
const operator = await person(served, 'operator@jember.test', { role: 'operator' });
await person(served, 'warga@jember.test');
await person(served, 'admin@jember.test', { role: 'admin' });

type Browser = ReturnType<typeof client>;
const viewer = async (browser: Browser) => (await (await browser.ask('GET', '/api/layers')).json()).viewer;
const layerIds = async (browser: Browser): Promise<string[]> =>
  (await (await browser.ask('GET', '/api/layers')).json()).layers.map(({ id }: { id: string }) => id);
const signIn = (browser: Browser, email: string, secret: string) =>
  browser.ask('POST', '/api/auth/sign-in/email', { email, password: secret });
const nobody = { name: null, grants: [{ role: 'public' }] };
const sessionName = 'pendopo.session_token';

/** What the audit trail says happened to somebody who came with this address. */
const noted = async (action: string, email: string) =>
  (
    await sql<{ after: object }>`
      select after from audit where action = ${action} and after ->> 'email' = ${email} order by id`.execute(db)
  ).rows.map(({ after }) => after);

test('better-auth finds every table and column it needs', async () => {
  const { config, log } = parts;
  const options = authOptions({ config, db, secret: 'x'.repeat(32), log, mail: undefined, limit: rateLimit() });
  const { toBeCreated, toBeAdded } = await getMigrations(options);
  expect([...toBeCreated, ...toBeAdded].map(({ table }) => table)).toEqual([]);
});

describe('signing in', () => {
  test('who signs in sees what the role sees, and as a visitor again after signing out', async () => {
    const browser = client(app);
    expect(await layerIds(browser)).not.toContain('siren');
    expect((await signIn(browser, 'Operator@Jember.test', password)).status).toBe(200);
    expect(await layerIds(browser)).toContain('siren');
    expect(await viewer(browser)).toEqual({ name: 'operator@jember.test', grants: [{ role: 'operator' }] });
    const info = await (await browser.ask('GET', '/api/account')).json();
    expect(info).toMatchObject({ person: { email: 'operator@jember.test', secondFactor: false }, isAdmin: false });
    const cookies = new Map(browser.jar);
    expect((await browser.ask('POST', '/api/auth/sign-out', {})).status).toBe(200);
    expect(browser.jar.size).toBe(0);
    for (const [name, value] of cookies) browser.jar.set(name, value); // worth nothing any more
    expect(await viewer(browser)).toEqual(nobody);
  });

  test('a person without a role is a citizen', async () => {
    expect((await viewer(await signedIn(app, 'warga@jember.test'))).grants).toEqual([{ role: 'citizen' }]);
  });

  test('a wrong password and an unknown address are refused in the same words', async () => {
    const wrong = await signIn(client(app), 'warga@jember.test', 'salah-salah-salah');
    const unknown = await signIn(client(app), 'nobody@jember.test', 'salah-salah-salah');
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await unknown.text());
  });

  test('the cookie is out of reach of scripts and of other sites; behind TLS also of other hosts', async () => {
    const response = await signIn(client(app), 'warga@jember.test', password);
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith(sessionName))!;
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    expect(cookie).not.toMatch(/; Domain|; Secure/);

    const https = await testApp(connection, { PUBLIC_URL: 'https://peta.jember.test' });
    const headers = { Origin: 'https://peta.jember.test' };
    const secure = await client(https.app).ask(
      'POST',
      '/api/auth/sign-in/email',
      { email: 'warga@jember.test', password },
      headers,
    );
    const strong = secure.headers.getSetCookie().find((each) => each.startsWith('__Host-pendopo.session_token='))!;
    expect(strong).toMatch(/; Secure/);
    expect(strong).toMatch(/; Path=\//);
    expect(strong).not.toMatch(/; Domain/);
    expect(secure.headers.get('Strict-Transport-Security')).toMatch(/max-age=\d{8}/);
  });

  test('the session is a new one each time: one that was planted before is not taken over', async () => {
    const browser = client(app);
    const planted = `${randomBytes(16).toString('hex')}.${'a'.repeat(43)}=`;
    browser.jar.set(sessionName, encodeURIComponent(planted));
    await signIn(browser, 'warga@jember.test', password);
    const first = browser.jar.get(sessionName);
    await signIn(browser, 'warga@jember.test', password);
    expect(new Set([encodeURIComponent(planted), first, browser.jar.get(sessionName)]).size).toBe(3);
  });

  test('a token that stands in the database, signed by another, is worth nothing', async () => {
    await signedIn(app, 'operator@jember.test');
    const { token } = await db.selectFrom('account_session').select('token').limit(1).executeTakeFirstOrThrow();
    const forged = createHmac('sha256', 'another secret').update(token).digest('base64');
    for (const value of [token, `${token}.`, `${token}.${forged}`, `.${forged}`, '%', '%ZZ', '']) {
      const browser = client(app);
      browser.jar.set(sessionName, encodeURIComponent(value));
      expect(await viewer(browser), value).toEqual(nobody);
      browser.jar.set(sessionName, value);
      expect(await viewer(browser), value).toEqual(nobody);
    }
  });

  test('tries beyond five lock out the address they come from, for the right password too, and nobody else', async () => {
    const email = 'dikunci@jember.test';
    await person(served, email);
    for (let i = 0; i < 5; i++) expect((await signIn(client(app, '10.9.9.9'), email, `salah-${i}`)).status).toBe(401);
    const locked = await signIn(client(app, '10.9.9.9'), email, password);
    expect(locked.status).toBe(429);
    expect((await locked.json()).code).toBe('LOCKED_OUT');
    for (let i = 0; i < 3; i++) await signIn(client(app, '10.9.9.9'), email, password);
    expect(await noted('locked_out', email)).toEqual([{ by: 'sign-in/email', email }]); // the first time alone
    expect((await signIn(client(app, '10.9.9.9'), 'nobody-else@jember.test', 'x')).status).toBe(401);
    expect((await signIn(client(app, '10.9.9.8'), email, password)).status).toBe(200);
  });

  test('many tries at once are all counted', async () => {
    const email = 'sekaligus@jember.test';
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => signIn(client(app, '10.9.9.7'), email, `salah-${i}`)),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
  });

  test('tries from everywhere lock out everybody, until an admin makes a new link', async () => {
    const email = 'seluruh@jember.test';
    const account = await person(served, email);
    for (let i = 0; i < 25; i++) {
      const { status } = await signIn(client(app, `10.8.0.${i}`), email, 'x'.repeat(200)); // too long to be looked at: cheap
      expect([400, 401]).toContain(status);
    }
    expect((await signIn(client(app, '10.8.1.1'), email, password)).status).toBe(429);
    const admin = await signedIn(app, 'admin@jember.test');
    expect((await admin.ask('POST', `/api/admin/people/${account}/link`, {})).status).toBe(201);
    expect((await signIn(client(app, '10.8.1.2'), email, password)).status).toBe(200);
  });

  test('ten thousand tries: beyond the limits no password is looked at, and nothing grows with them', async () => {
    const emails = ['sepuluh-ribu@jember.test', 'tidak-ada@jember.test'] as const;
    await person(served, emails[0]);
    const rows = async () =>
      (
        await sql<{ attempts: number; entries: number }>`
          select (select count(*) from account_attempt) as attempts, (select count(*) from audit) as entries`.execute(
          db,
        )
      ).rows[0]!;
    // The embedded database answers one after the other.
    const rounds = connection.kind === 'server' ? 100 : 3;
    const before = await rows();
    const statuses = new Map<number, number>();
    const begun = Date.now();
    // Most from one address at many accounts, the others from two hundred addresses at two.
    for (let round = 0; round < rounds; round++)
      await Promise.all(
        Array.from({ length: 100 }, async (_, i) => {
          const [from, email] =
            i % 20 > 0
              ? ['10.20.0.1', `orang${round * 100 + i}@jember.test`]
              : [`10.21.0.${(round * 5 + i / 20) % 200}`, emails[(i / 20) % 2]!];
          const { status } = await signIn(client(app, from), email, `salah-${round}-${i}`);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }),
      );
    const hashed = statuses.get(401)!;
    expect([...statuses.keys()].toSorted()).toEqual([401, 429]);
    const minutes = 1 + Math.ceil((Date.now() - begun) / 60_000);
    expect(hashed).toBeLessThanOrEqual(60 * minutes + 2 * 25); // one address a minute, each account from anywhere
    expect(statuses.get(429)).toBe(rounds * 100 - hashed);
    const after = await rows();
    // Neither table grows with the tries: one count for an account and for an address at it.
    expect(after.attempts - before.attempts).toBeLessThan(60 * 2 * minutes + 2 * 201);
    expect(after.entries - before.entries).toBeLessThan(hashed + 2 * 200 + 60 * minutes);
  }, 180_000);

  test('an address that asks all the time is told to wait', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 80; i++)
      statuses.add((await signIn(client(app, '10.7.7.7'), `n${i}@jember.test`, 'x'.repeat(200))).status);
    expect(statuses).toContain(429);
    // What a sender writes of itself makes it nobody else.
    const forged = await client(app, '10.7.7.7').ask(
      'POST',
      '/api/auth/sign-in/email',
      { email: 'x@jember.test', password: 'x' },
      { 'X-Forwarded-For': '10.1.2.3', 'X-Pendopo-Address': '10.1.2.4' },
    );
    expect(forged.status).toBe(429);
    // That it was refused is in the trail, once, however often it asked and by whatever names.
    const { rows } = await sql<{ after: { by: string; why: string } }>`
      select after from audit where action = 'sign_in_failed' and address = '10.7.7.7' and after ->> 'why' like 'status %'`.execute(
      db,
    );
    expect(rows.map(({ after }) => after)).toEqual([
      { by: 'sign-in/email', email: expect.stringMatching(/^n\d+@jember\.test$/), why: 'status 429' },
    ]);
  });
});

describe('the second factor', () => {
  test('with it a password alone is nothing; a code is for once; a backup code too', async () => {
    const email = 'dua@jember.test';
    await person(served, email, { role: 'supervisor' });
    const browser = await signedIn(app, email);
    const wrong = await browser.ask('POST', '/api/auth/two-factor/enable', { password: 'bukan' });
    expect(wrong.status).toBe(400);
    const setup = await (await browser.ask('POST', '/api/auth/two-factor/enable', { password })).json();
    expect((await viewer(browser)).name).toBe(email);
    const secret = new URL(setup.totpURI).searchParams.get('secret')!;
    // Of one moment: between two of them the next code may begin.
    const now = Date.now();
    const first = totp(secret, now);
    expect((await browser.ask('POST', '/api/auth/two-factor/verify-totp', { code: first })).status).toBe(200);
    const info = await (await browser.ask('GET', '/api/account')).json();
    expect(info.person.secondFactor).toBe(true);

    const other = client(app);
    expect(await (await signIn(other, email, password)).json()).toMatchObject({ twoFactorRedirect: true });
    expect(await viewer(other)).toEqual(nobody);
    expect((await other.ask('POST', '/api/auth/two-factor/verify-totp', { code: '000000' })).status).toBe(401);
    expect(await viewer(other)).toEqual(nobody);
    // The password was right, so it is known whose code was wrong.
    expect(await noted('sign_in_failed', email)).toEqual([{ by: 'two-factor/verify-totp', email }]);
    const used = await other.ask('POST', '/api/auth/two-factor/verify-totp', { code: first });
    expect(used.status).toBe(401);
    expect(await viewer(other)).toEqual(nobody);
    await signIn(other, email, password);
    const next = totp(secret, now + 30_000); // the clock of a telephone may be ahead
    expect((await other.ask('POST', '/api/auth/two-factor/verify-totp', { code: next })).status).toBe(200);
    expect((await viewer(other)).name).toBe(email);

    const [code] = setup.backupCodes;
    for (const expected of [200, 401]) {
      const third = client(app);
      await signIn(third, email, password);
      const answer = await third.ask('POST', '/api/auth/two-factor/verify-backup-code', { code });
      expect(answer.status).toBe(expected);
    }
  });

  test('codes cannot be tried for ever', async () => {
    const email = 'tebak@jember.test';
    await person(served, email);
    const browser = await signedIn(app, email);
    const setup = await (await browser.ask('POST', '/api/auth/two-factor/enable', { password })).json();
    const secret = new URL(setup.totpURI).searchParams.get('secret')!;
    await browser.ask('POST', '/api/auth/two-factor/verify-totp', { code: totp(secret) });
    const guess = async () => {
      const thief = client(app);
      await signIn(thief, email, password);
      for (let i = 0; i < 4; i++) await thief.ask('POST', '/api/auth/two-factor/verify-totp', { code: `00000${i}` });
      return thief;
    };
    await guess();
    await guess();
    const thief = await guess();
    await signIn(thief, email, password);
    expect((await thief.ask('POST', '/api/auth/two-factor/verify-totp', { code: totp(secret) })).status).toBe(429);
  });
});

describe('sessions', () => {
  test('one’s own are listed and ended; others’ are not there', async () => {
    const [here, there] = [await signedIn(app, 'warga@jember.test'), await signedIn(app, 'warga@jember.test')];
    const stranger = await signedIn(app, 'operator@jember.test');
    const { sessions } = await (await here.ask('GET', '/api/account/sessions')).json();
    expect(sessions.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    expect(JSON.stringify(sessions)).not.toContain(decodeURIComponent(here.jar.get(sessionName)!).split('.')[0]);
    const theirs = (await (await there.ask('GET', '/api/account/sessions')).json()).sessions;
    const { id } = theirs.find(({ current }: { current: boolean }) => current);
    expect((await stranger.ask('DELETE', `/api/account/sessions/${id}`)).status).toBe(404);
    expect((await viewer(there)).name).toBe('warga@jember.test');
    expect((await here.ask('DELETE', `/api/account/sessions/${id}`)).status).toBe(204);
    expect(await viewer(there)).toEqual(nobody);
    expect((await viewer(here)).name).toBe('warga@jember.test');
    expect((await client(app).ask('GET', '/api/account/sessions')).status).toBe(401);
  });

  test('one that another process ends is refused here as soon as it is heard of', async () => {
    const browser = await signedIn(app, 'warga@jember.test');
    expect((await viewer(browser)).name).toBe('warga@jember.test');
    const token = decodeURIComponent(browser.jar.get(sessionName)!).split('.')[0]!;
    await db.deleteFrom('account_session').where('token', '=', token).execute();
    await expect.poll(() => viewer(browser), { timeout: 20_000 }).toEqual(nobody);
  });

  test('one that has run out, and one of a locked person, are refused', async () => {
    const browser = await signedIn(app, 'warga@jember.test');
    const token = decodeURIComponent(browser.jar.get(sessionName)!).split('.')[0]!;
    await sql`update account_session set "expiresAt" = now() - interval '1 second' where token = ${token}`.execute(db);
    parts.accounts.sessions.forget();
    expect(await viewer(browser)).toEqual(nobody);

    await person(served, 'cuti@jember.test');
    const leaving = await signedIn(app, 'cuti@jember.test');
    await sql`update account_user set "lockedAt" = now() where email = 'cuti@jember.test'`.execute(db);
    parts.accounts.sessions.forget();
    expect(await viewer(leaving)).toEqual(nobody);
    const again = await signIn(client(app), 'cuti@jember.test', password);
    expect(again.status).toBe(403);
    expect(again.headers.getSetCookie().filter((cookie) => cookie.startsWith(sessionName))).toEqual([]);
  });

  test('one lasts half an hour after its last use, and twelve hours in all', async () => {
    const account = await person(served, 'giliran@jember.test');
    const browser = await signedIn(app, 'giliran@jember.test');
    const set = (age: string) =>
      sql`update account_session set "createdAt" = now() - ${age}::interval, "updatedAt" = now() - interval '10 minutes',
        "expiresAt" = now() + interval '20 minutes' where "userId" = ${account}`.execute(db);
    const left = async () => {
      parts.accounts.sessions.forget();
      expect((await browser.ask('GET', '/api/account')).status).toBe(200); // what an open page asks
      const { expiresAt } = await db
        .selectFrom('account_session')
        .select('expiresAt')
        .where('userId', '=', account)
        .executeTakeFirstOrThrow();
      return (expiresAt.getTime() - Date.now()) / 60_000;
    };
    expect(await left()).toBeCloseTo(30, 0);
    await set('1 hour');
    expect(await left()).toBeCloseTo(30, 0); // lengthened
    await set('11 hours 50 minutes');
    expect(await left()).toBeCloseTo(10, 0);
    await set('12 hours');
    parts.accounts.sessions.forget();
    expect(await viewer(browser)).toEqual(nobody);
    // What the browser asks for makes it no longer.
    const form = { email: 'giliran@jember.test', password, rememberMe: false };
    await browser.ask('POST', '/api/auth/sign-in/email', form);
    expect(await left()).toBeLessThan(31);
  });

  test('a role that was given, taken away, or has run out changes what the next request sees', async () => {
    const email = 'naik@jember.test';
    const account = await person(served, email);
    const browser = await signedIn(app, email);
    const admin = await signedIn(app, 'admin@jember.test');
    expect(await layerIds(browser)).not.toContain('siren');
    const soon = new Date(Date.now() + 3600_000).toISOString();
    const given = await admin.ask('POST', `/api/admin/people/${account}/grants`, {
      role: 'operator',
      expires_at: soon,
    });
    expect(given.status).toBe(201);
    expect(await layerIds(browser)).toContain('siren');
    await sql`update account_grant set expires_at = now() - interval '1 second' where user_id = ${account}`.execute(db);
    await expect.poll(() => layerIds(browser), { timeout: 20_000 }).not.toContain('siren');
  });

  test('the account says what the areas of its roles are called, a village’s district as well', async () => {
    const shape = sql`st_geomfromewkt('SRID=4326;MULTIPOLYGON(((113.6 -8.3,113.8 -8.3,113.8 -8.1,113.6 -8.3)))')`;
    await sql`insert into district (code, name, geom) values ('35.09.71', 'Ajung', ${shape}), ('35.09.72', 'Lain', ${shape})`.execute(
      db,
    );
    await sql`insert into village (code, name, geom) values ('35.09.71.2001', 'Klompangan', ${shape})`.execute(db);
    await person(served, 'wilayah@jember.test', { role: 'operator', areas: ['35.09.71.2001'] });
    const { areas } = await (await (await signedIn(app, 'wilayah@jember.test')).ask('GET', '/api/account')).json();
    expect(areas).toEqual([
      { layer: 'district', code: '35.09.71', name: 'Ajung' },
      { layer: 'village', code: '35.09.71.2001', name: 'Klompangan' },
    ]);
  });

  test('a new password ends them all, and its link works once', async () => {
    const email = 'ganti@jember.test';
    const account = await person(served, email);
    const browser = await signedIn(app, email);
    const admin = await signedIn(app, 'admin@jember.test');
    const { link } = await (await admin.ask('POST', `/api/admin/people/${account}/link`, {})).json();
    const token = new URL(link, 'http://x').searchParams.get('token');
    const { rows } = await sql<{ actor_name: string; text: string }>`select actor_name, audit::text as text from audit
      where action = 'make_link' and after ->> 'account' = ${account} order by id desc limit 1`.execute(db);
    expect(rows[0]?.actor_name).toBe('admin@jember.test');
    expect(rows[0]?.text).not.toContain(token);
    const choose = (newPassword: string) => client(app).ask('POST', '/api/auth/reset-password', { newPassword, token });
    expect((await choose('pendek')).status).toBe(400);
    expect((await choose('sandi-yang-baru')).status).toBe(200);
    expect((await choose('sandi-yang-lain')).status).toBe(400);
    expect(await viewer(browser)).toEqual(nobody);
    expect((await signIn(client(app), email, password)).status).toBe(401);
    expect((await signIn(client(app), email, 'sandi-yang-baru')).status).toBe(200);
  });
});

test('a change of how one comes in is an entry of its own, from where, in which request, by whom', async () => {
  const email = 'sendiri@jember.test';
  const account = await person(served, email, { role: 'operator' });
  const browser = await signedIn(app, email, '10.30.0.1');
  const asked = (path: string, body: object) =>
    browser.ask('POST', `/api/auth/${path}`, body, { 'X-Request-Id': `sendiri-${path.replaceAll('/', '-')}` });
  const next = 'sandi-yang-berikutnya';
  expect((await asked('change-password', { currentPassword: 'bukan-bukan-bukan', newPassword: next })).status).toBe(
    400,
  );
  expect((await asked('change-password', { currentPassword: password, newPassword: next })).status).toBe(200);
  const setup = await (await asked('two-factor/enable', { password: next })).json();
  const code = totp(new URL(setup.totpURI).searchParams.get('secret')!);
  expect((await asked('two-factor/verify-totp', { code: '000000' })).status).toBe(401);
  expect((await asked('two-factor/verify-totp', { code })).status).toBe(200);
  expect((await asked('two-factor/verify-totp', { code })).status).toBe(200); // on already: no change
  const { rows } = await sql<Record<string, unknown>>`
    select action, actor, address, roles, request_id, before, after from audit
    where actor = ${account} or after ->> 'account' = ${account} order by id`.execute(db);
  const entry = (action: string, request_id: string) => ({
    ...{ action, actor: account, address: '10.30.0.1', roles: ['operator'], request_id, before: null, after: null },
  });
  const refused = (by: string) => expect.objectContaining({ action: 'sign_in_failed', actor: account, after: { by } });
  expect(rows.slice(3)).toEqual([
    expect.objectContaining({ action: 'reset_password', actor: null, after: { account } }),
    expect.objectContaining({ action: 'sign_in', actor: account }),
    refused('change-password'),
    entry('change_password', 'sendiri-change-password'),
    entry('two_factor_enable', 'sendiri-two-factor-enable'),
    refused('two-factor/verify-totp'),
    entry('two_factor_verify_totp', 'sendiri-two-factor-verify-totp'),
  ]);
});

test('the audit trail names who came in, who could not, and never a secret', async () => {
  const { rows } = await sql<{ action: string; actor: string | null; text: string }>`
    select action, actor, audit::text as text from audit`.execute(db);
  expect(rows.some(({ action, actor }) => action === 'sign_in' && actor === operator)).toBe(true);
  for (const action of [
    'sign_in_failed',
    'sign_out',
    'create_account',
    'give_role',
    'end_sessions',
    'two_factor_enable',
  ])
    expect(rows.map((row) => row.action)).toContain(action);
  for (const { text } of rows) expect(text).not.toMatch(/kata-sandi|sandi-yang|salah-\d/);
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
