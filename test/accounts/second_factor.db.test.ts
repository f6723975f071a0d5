import { expect, test } from 'vitest';
import { actorsOf } from '../../server/registry/actions/may.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { roleIs, roles } from '../../server/registry/role.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { type Client, client, password, person, signedIn } from '../support/people.ts';
import { totp } from '../support/totp.ts';

const { connection } = await testDatabase();
const served = await testApp(connection, { ROLE: 'public', DEMO: false });
const { app, parts, complaints } = served;
const account = async (browser: Client) => (await browser.ask('GET', '/api/account')).json();

test('every role that acts, or sees what the public does not, asks for a second factor', async () => {
  const layers = await layerFiles();
  const acting = layers.flatMap((layer) => [
    ...actorsOf(layer),
    ...Object.values(layer.actions ?? {}).flatMap(({ roles, twoPerson }) => [...roles, ...(twoPerson?.roles ?? [])]),
  ]);
  for (const role of roles) {
    const more = layers.some(
      ({ visible }) => JSON.stringify(visible[role] ?? visible.default) !== JSON.stringify(visible.default),
    );
    const matters = acting.includes(role) || more || roleIs(role, 'readsAudit') || roleIs(role, 'readsHistory');
    expect(roleIs(role, 'needsSecondFactor'), role).toBe(matters);
  }
});

test('such a role counts once the second factor is set up, and the account says which wait for it', async () => {
  await person(served, 'admin@jember.test', { role: 'admin' }, { role: 'operator' });
  const browser = await signedIn(app, 'admin@jember.test');
  expect(await account(browser)).toMatchObject({
    ...{ grants: [{ role: 'citizen' }], withheld: ['admin', 'operator'], isAdmin: false },
  });
  expect((await browser.ask('GET', '/api/admin/people')).status).toBe(403);
  const setup = await (await browser.ask('POST', '/api/auth/two-factor/enable', { password })).json();
  expect(await account(browser)).toMatchObject({ isAdmin: false }); // not before a code has shown that it works
  const code = totp(new URL(setup.totpURI).searchParams.get('secret')!);
  expect((await browser.ask('POST', '/api/auth/two-factor/verify-totp', { code })).status).toBe(200);
  expect(await account(browser)).toMatchObject({ withheld: [], isAdmin: true });
  expect((await browser.ask('GET', '/api/admin/people')).status).toBe(200);
});

test('so it does in a session that a passkey began, and in no other of the same person', async () => {
  await person(served, 'dewi@jember.test', { role: 'supervisor' });
  const [by, other] = [await signedIn(app, 'dewi@jember.test'), await signedIn(app, 'dewi@jember.test')];
  const { id: session } = (await (await by.ask('GET', '/api/account/sessions')).json()).sessions.find(
    ({ current }: { current: boolean }) => current,
  );
  // As `auth.ts` makes one; the passkey itself is shown in the browser's tests.
  await connection.db.updateTable('account_session').set({ strong: true }).where('id', '=', session).execute();
  parts.accounts.sessions.forget();
  expect((await account(by)).grants).toEqual([{ role: 'supervisor' }]);
  expect((await account(other)).grants).toEqual([{ role: 'citizen' }]);
  // A new password keeps what the session was, and nobody says in a form that his is one.
  const form = { currentPassword: password, newPassword: 'kata-sandi-berikutnya', revokeOtherSessions: true };
  expect((await by.ask('POST', '/api/auth/change-password', form)).status).toBe(200);
  expect((await account(by)).grants).toEqual([{ role: 'supervisor' }]);
  const liar = client(app);
  const claim = { email: 'dewi@jember.test', password: 'kata-sandi-berikutnya', strong: true };
  await liar.ask('POST', '/api/auth/sign-in/email', claim);
  expect((await account(liar)).withheld).toEqual(['supervisor']);
});

test('a citizen needs none', async () => {
  await person(served, 'warga@jember.test', { role: 'citizen' });
  expect(await account(await signedIn(app, 'warga@jember.test'))).toMatchObject({
    withheld: [],
    grants: [{ role: 'citizen' }],
  });
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
