import { expect, test } from 'vitest';
import { adminCommand } from '../../server/admin_command.ts';
import { connect } from '../../server/database/connect.ts';
import { testApp } from '../support/app.ts';
import { AUTH_SECRET } from '../support/auth_secret.ts';
import { startChild } from '../support/child.ts';
import { testLocation } from '../support/database.ts';
import { client } from '../support/people.ts';
import { shown } from '../support/shown.ts';

const location = await testLocation();
const script = new URL('../../server/admin.ts', import.meta.url);

const { databaseUrl = '', dataDir } = location;
const environment = { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, AUTH_SECRET };

/** `npm run admin -- …` on the test's database, in a process of its own. */
const started = (...args: readonly string[]) => startChild(script, args, environment).ended;

/** The same without the process, which takes most of the time. */
async function run(...args: readonly string[]) {
  const said = { log: [] as unknown[], error: [] as unknown[] };
  const code = await adminCommand(args, environment, {
    log: (text) => void said.log.push(text),
    error: (text) => void said.error.push(text),
  });
  return { code, lines: said.log.map(String).join('\n').split('\n'), errors: said.error.map(shown).join('\n') };
}

test('the first admin, a role more, a key: from the command line, and it works in the server', async () => {
  const made = await started('create', 'Kepala@jember.test', '--name', 'Kepala');
  expect(made).toMatchObject({ code: 0, errors: '' });
  const link = made.lines.find((line) => line.includes('token='))!.trim();
  expect((await run('give-role', 'kepala@jember.test', '--role', 'agency_head', '--agency', 'BPBD')).code).toBe(0);
  for (const refused of [await started('lock', 'kepala@jember.test'), await run('take-role', '1')]) {
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain('the last admin');
  }
  const listed = (await run('list')).lines.join('\n');
  expect(listed).toContain('kepala@jember.test  Kepala');
  expect(listed).toMatch(/\d+: agency_head, BPBD/);
  const key = (await run('create-key', '--name', 'alat', '--agency', 'BPBD', '--doors', 'read')).lines[0]!;
  expect(key).toMatch(/^pdp_[\w-]{43}$/);

  const connection = await connect(location);
  try {
    const { app } = await testApp(connection, { ROLE: 'public' });
    const token = new URL(link).searchParams.get('token');
    const browser = client(app);
    const chosen = await browser.ask('POST', '/api/auth/reset-password', { newPassword: 'sandi-kepala-1', token });
    expect(chosen.status).toBe(200);
    await browser.ask('POST', '/api/auth/sign-in/email', { email: 'kepala@jember.test', password: 'sandi-kepala-1' });
    const { grants, isAdmin } = await (await browser.ask('GET', '/api/account')).json();
    expect(grants).toEqual([{ role: 'admin' }, { role: 'agency_head', agency: 'BPBD' }]);
    expect(isAdmin).toBe(true);
    const read = await client(app).ask('GET', '/api/layers', undefined, { Authorization: `Bearer ${key}` });
    expect(read.status).toBe(200);
  } finally {
    await connection.close();
  }
});

test('a person is removed once the e-mail was typed again; a key has its last day', async () => {
  await run('create', 'sementara@jember.test', '--role', 'operator');
  const { databaseUrl = '', dataDir } = location;
  const remove = (email: string, typed: string) =>
    startChild(script, ['remove', email], { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, AUTH_SECRET }, typed).ended;
  for (const typed of ['', 'ya\n']) {
    const refused = await remove('sementara@jember.test', typed);
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('Nobody was removed.') });
    expect(refused.lines.join(' ')).toContain('cannot be taken back');
  }
  expect(await remove('sementara@jember.test', 'Sementara@jember.test\n')).toMatchObject({ code: 0, errors: '' });
  expect((await remove('kepala@jember.test', 'kepala@jember.test\n')).errors).toContain('the last admin');
  expect((await run('list')).lines.join('\n')).not.toContain('sementara');
  await run('create-key', '--name', 'musiman', '--agency', 'BPBD', '--until', '2099-06-30');
  expect((await run('list-keys')).lines.join('\n')).toMatch(/musiman, BPBD, until 2099-06-30T16:59:59/);
});

test.each([
  [['create', 'no-address'], /#\/email: an e-mail address/],
  [['create', 'a@b.id', '--role', 'public'], /#\/grants\/0\/role: one of operator, /],
  [['create', 'a@b.id', '--agency', 'x'.repeat(101)], /#\/grants\/0\/agency: at most 100 characters/],
  [['reset', 'nobody@jember.test'], /no account for "nobody@jember\.test"/],
  [['give-role', 'a@b.id', '--role', 'operator', '--areas', '35.09.19,x'], /#\/areas\/1: is no Kemendagri code/],
  [['give-role', 'a@b.id', '--role', 'operator', '--polygon', 'no_such.geojson'], /no_such\.geojson: ENOENT/],
  [['give-role', 'a@b.id', '--role', 'operator', '--polygon', 'package.json'], /#\/polygon: must be a GeoJSON Polygon/],
  [['take-role', 'operator'], /npm run admin -- take-role/],
  [['create-key', '--name', 'x', '--agency', 'y', '--doors', 'window'], /#\/doors\/0: one of http, mqtt, read/],
  [['create-key', '--name', 'x'], /#\/agency: must be given/],
  [['create-key', '--name', 'x', '--agency', 'y', '--layers', 'siren,no_such'], /#\/layers: there is no no_such/],
  [['create-key', '--name', 'x', '--agency', 'y', '--until', 'besok'], /#\/expires_at: /],
  [['list', '--nonsense'], /^Unknown option '--nonsense'/],
  [['list', '--nonsense'], /^Unknown option '--nonsense'/],
  [['remove', 'nobody@jember.test'], /no account for "nobody@jember\.test"/],
  [['revoke-key', '7'], /no such key/],
  [[], /npm run admin -- list/],
])('%j says what to do instead', async (args, words) => {
  const { code, errors } = await run(...args);
  expect(code).toBe(1);
  expect(errors).toMatch(words);
  expect(errors).not.toMatch(/^\s+at /m);
});
