import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { seedAccounts } from '../../seeds/jember/accounts.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { mailServer } from '../support/mail_server.ts';
import { client, password, person, signedIn } from '../support/people.ts';

const { connection } = await testDatabase();
const mail = await mailServer();
const origin = 'http://localhost';
const served = await testApp(connection, { ROLE: 'public', PUBLIC_URL: origin, SMTP_URL: mail.url, DEMO: true });
const { app, complaints } = served;
await person(served, 'admin@jember.test', { role: 'admin' });

/** The token in a mail, as its reader finds it: quoted-printable undone. */
function tokenIn(message: string | undefined): string | null {
  const text = (message ?? '')
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const link = /http:\/\/localhost\/\S+/.exec(text)?.[0];
  return link === undefined ? null : new URL(link).searchParams.get('token');
}
/** The mails with a link; others tell that something was changed. */
const links = () => mail.mails.filter((message) => tokenIn(message) !== null);
const choose = (token: string | null) =>
  client(app).ask('POST', '/api/auth/reset-password', { newPassword: 'sandi-dari-surel', token });

test('an invitation goes by mail, and never back to the one who invites', async () => {
  const admin = await signedIn(app, 'admin@jember.test');
  const form = { email: 'tamu@jember.test', name: 'Tamu', grants: [{ role: 'operator' }] };
  const answer = await (await admin.ask('POST', '/api/admin/people', form)).json();
  expect(answer).toMatchObject({ link: null, mailed: true });
  const message = links().at(-1);
  expect(message).toMatch(/^To: tamu@jember\.test\r$/m);
  expect((await choose(tokenIn(message))).status).toBe(200);
  const guest = client(app);
  const signIn = { email: 'tamu@jember.test', password: 'sandi-dari-surel' };
  expect((await guest.ask('POST', '/api/auth/sign-in/email', signIn)).status).toBe(200);
  expect((await (await guest.ask('GET', '/api/account')).json()).grants).toEqual([{ role: 'operator' }]);
});

test('who forgot asks by mail; whether there is such a person is not told, nor is a Host believed', async () => {
  const ask = (email: string, headers = {}) =>
    client(app).ask('POST', '/api/auth/request-password-reset', { email }, headers);
  const before = links().length;
  const unknown = await ask('siapa@jember.test');
  const known = await ask('tamu@jember.test', { Host: 'evil.test', 'X-Forwarded-Host': 'evil.test' });
  expect([known.status, unknown.status]).toEqual([200, 200]);
  expect(await known.text()).toBe(await unknown.text());
  await expect.poll(() => links().length, { timeout: 20_000 }).toBe(before + 1);
  expect(links().at(-1)).not.toContain('evil.test');
  expect((await choose(tokenIn(links().at(-1)))).status).toBe(200);
});

test('that a link was asked for is written down, whether or not there is such a person, and no flood fills the trail', async () => {
  const account = await person(served, 'lupa@jember.test');
  const asked = async () =>
    (
      await sql<{ after: object; address: string }>`
        select after, address from audit where action = 'request_password_reset' order by id`.execute(connection.db)
    ).rows;
  const before = (await asked()).length;
  const browser = client(app, '10.77.0.1');
  const ask = (email: string) => browser.ask('POST', '/api/auth/request-password-reset', { email });
  expect((await ask('Lupa@jember.test')).status).toBe(200);
  expect((await ask('siapa@jember.test')).status).toBe(200);
  expect((await ask('bukan alamat')).status).toBe(400);
  const address = '10.77.0.1';
  const entries = [
    { after: { account }, address },
    { after: { email: 'siapa@jember.test' }, address },
  ];
  expect((await asked()).slice(before)).toEqual(entries);
  for (let i = 0; i < 20; i++) expect((await ask(i % 2 ? 'siapa@jember.test' : 'lupa@jember.test')).status).toBe(429);
  expect((await asked()).slice(before)).toEqual(entries);
});

test('a link and its entry are both there or neither, and no mail without them', async () => {
  const { app, complaints } = await testApp(connection, { ROLE: 'public', PUBLIC_URL: origin, SMTP_URL: mail.url });
  const account = await person(served, 'tidakjadi@jember.test');
  const made = async () =>
    (await sql`select from account_verification where value = ${account}`.execute(connection.db)).rows.length;
  const [before, mails] = [await made(), links().length];
  await sql`create function no_entry() returns trigger language plpgsql as $$ begin raise 'no entry'; end $$`.execute(
    connection.db,
  );
  await sql`create trigger no_entry before insert on audit for each row
    when (new.action = 'request_password_reset') execute function no_entry()`.execute(connection.db);
  const form = { email: 'tidakjadi@jember.test' };
  const ask = () => client(app).ask('POST', '/api/auth/request-password-reset', form);
  expect((await ask()).status).toBe(500);
  expect([await made(), links().length]).toEqual([before, mails]);
  expect(complaints).toHaveLength(1);
  await sql`drop trigger no_entry on audit`.execute(connection.db);
  expect((await ask()).status).toBe(200);
  expect(await made()).toBe(before + 1);
  await expect.poll(() => links().length, { timeout: 20_000 }).toBe(mails + 1);
});

test('whose way in was changed is told so by mail, whoever did it', async () => {
  const email = 'beritahu@jember.test';
  const account = await person(served, email);
  const told = () => mail.mails.filter((each) => each.includes(`To: ${email}`) && /was changed/.test(each));
  await expect.poll(() => told().length, { timeout: 20_000 }).toBe(1); // the password was chosen
  const browser = await signedIn(app, email);
  const form = { currentPassword: password, newPassword: 'kata-sandi-berikutnya' };
  expect((await browser.ask('POST', '/api/auth/change-password', { ...form, currentPassword: 'salah' })).status).toBe(
    400,
  );
  expect((await browser.ask('POST', '/api/auth/change-password', form)).status).toBe(200);
  await expect.poll(() => told().length, { timeout: 20_000 }).toBe(2);
  const admin = await signedIn(app, 'admin@jember.test');
  expect((await admin.ask('DELETE', `/api/admin/people/${account}/second-factors`)).status).toBe(204);
  await expect.poll(() => told().length, { timeout: 20_000 }).toBe(3);
  expect(told().join()).not.toContain('kata-sandi-berikutnya');
});

test('where the mail server is away the admin is shown the link instead', async () => {
  const away = await testApp(connection, { ROLE: 'public', PUBLIC_URL: origin, SMTP_URL: 'smtp://127.0.0.1:9' });
  const admin = await signedIn(away.app, 'admin@jember.test');
  const answer = await (await admin.ask('POST', '/api/admin/people', { email: 'b@jember.test', name: 'B' })).json();
  expect(answer.mailed).toBe(false);
  expect((await choose(new URL(answer.link, origin).searchParams.get('token'))).status).toBe(200);
  expect(away.complaints).toHaveLength(1);
});

test('the demo regency’s people are made once, and told to visitors of the demo regency only', async () => {
  const told: string[] = [];
  await seedAccounts(connection, (line) => told.push(line));
  await seedAccounts(connection, (line) => told.push(line));
  expect(told).toHaveLength(14);
  // As those that an admin makes: each person and each role is an entry.
  const { rows } = await sql<{ actor_name: string; of: number; unnamed: number }>`
    select actor_name, count(*)::int as of,
      count(*) filter (where not exists (select from account_grant
        where user_id = after ->> 'account' and role = coalesce(after ->> 'role', role)))::int as unnamed
    from audit where action in ('create_account', 'give_role') and after ->> 'account' in (
      select account_user.id from account_user join account_demo on account_demo.email = account_user.email)
    group by actor_name`.execute(connection.db);
  expect(rows).toEqual([{ actor_name: 'npm start', of: 26, unnamed: 0 }]);
  const demoOf = async (of: typeof app) => (await (await client(of).ask('GET', '/api/account')).json()).demo;
  const demo = await demoOf(app);
  expect(demo).toHaveLength(13);
  expect(told[0]).toContain(demo[0].password);
  for (const { email, password, role } of demo) {
    const browser = client(app);
    expect((await browser.ask('POST', '/api/auth/sign-in/email', { email, password })).status, email).toBe(200);
    expect((await (await browser.ask('GET', '/api/account')).json()).grants[0].role).toBe(role);
    expect((await (await browser.ask('GET', '/api/account')).json()).demo).toEqual([]);
  }
  const real = await testApp(connection, { ROLE: 'public', DEMO: false });
  expect(await demoOf(real.app)).toEqual([]);
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
