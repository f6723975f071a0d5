import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verify } from '../../server/audit/verify.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { client, password, person, signedIn } from '../support/people.ts';

const { connection } = await testDatabase();
const { db } = connection;
const served = await testApp(connection, { ROLE: 'public' });
const { app, complaints } = served;
const [email, name] = ['zulkifli@jember.test', 'zulkifli@jember.test'];
const admin = await person(served, 'admin@jember.test', { role: 'admin' });
const chief = await signedIn(app, 'admin@jember.test');
await person(served, 'auditor@jember.test', { role: 'auditor' });
const auditor = await signedIn(app, 'auditor@jember.test');

const roles = [{ role: 'disaster_officer' }, { role: 'agency_operator', agency: 'BPBD' }] as const;
const gauge = async () => {
  const { rows } = await sql<{ id: number }>`
    insert into river_gauge (name, agency, siaga1_cm, siaga2_cm, siaga3_cm)
    values ('Pos', 'BPBD', 400, 300, 200) returning id`.execute(db);
  return `/api/layers/river_gauge/features/${rows[0]!.id}`;
};
const of = async (account: string): Promise<unknown[]> => {
  const tables = ['session', 'credential', 'two_factor', 'passkey'].map((table) => `account_${table}`);
  const counts = tables.map(
    (table) => sql`(select count(*)::int from ${sql.table(table)} where "userId" = ${account})`,
  );
  const { rows } = await sql<{ counts: unknown[] }>`select json_build_array(${sql.join([
    ...counts,
    sql`(select count(*)::int from account_grant where user_id = ${account})`,
    sql`(select count(*)::int from account_verification where value = ${account})`,
  ])}) as counts`.execute(db);
  return rows[0]!.counts;
};

test('who is removed is gone with all that lets in; what they did stays and names them no more', async () => {
  const account = await person(served, email, ...roles);
  const theirs = await signedIn(app, email);
  expect((await theirs.ask('POST', '/api/auth/two-factor/enable', { password })).status).toBe(200);
  expect((await client(app).ask('POST', '/api/auth/sign-in/email', { email, password: 'salah' })).status).toBe(401);
  const path = await gauge();
  const seen = { 'If-Match': '"1"' };
  const edit = { input: { name: 'Pos Baru' } };
  expect((await theirs.ask('POST', `${path}/edit`, edit, seen)).status).toBe(200);
  const wish = { input: { siaga1_cm: 450 }, reason: 'Palung berubah' };
  const asked = await theirs.ask('POST', `${path}/set_thresholds`, wish, { 'If-Match': '"2"' });
  const { pending } = await asked.json();
  expect(asked.status).toBe(202);
  expect((await chief.ask('POST', `/api/admin/people/${account}/link`, {})).status).toBe(201);
  expect(await of(account)).toEqual([1, 1, 1, 0, 2, 1]);
  const trail = async () => (await auditor.ask('GET', '/api/audit?limit=500')).text();
  expect(await trail()).toContain(name);

  expect((await chief.ask('DELETE', `/api/admin/people/${account}`)).status).toBe(204);

  expect(await of(account)).toEqual([0, 0, 0, 0, 0, 0]);
  expect((await (await theirs.ask('GET', '/api/account')).json()).person).toBeNull();
  expect((await client(app).ask('POST', '/api/auth/sign-in/email', { email, password })).status).toBe(401);
  expect((await chief.ask('GET', '/api/admin/people')).status).toBe(200);
  expect((await chief.ask('DELETE', `/api/admin/people/${account}`)).status).toBe(404);
  expect((await chief.ask('POST', `/api/pending/${pending.id}/reject`, { reason: 'x' })).status).toBe(404);
  await person(served, 'kepala@jember.test', { role: 'disaster_officer' });
  const history = await (await (await signedIn(app, 'kepala@jember.test')).ask('GET', `${path}/history`)).json();
  expect(history.entries).toMatchObject([{ action: 'edit', by: null, removed: true }]);

  const { entries } = JSON.parse(await trail());
  const acts = entries.filter((entry: { actor: string }) => entry.actor === account);
  expect(acts.map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(['sign_in', 'two_factor_enable', 'edit', 'ask_second_person']),
  );
  for (const act of acts) expect(act).toMatchObject({ actor_name: null, removed: true });
  expect(entries.find(({ action }: { action: string }) => action === 'remove_account')).toMatchObject({
    ...{ actor: admin, actor_name: 'admin@jember.test', after: { account }, account: { id: account, name: null } },
  });
  expect(entries.find(({ action }: { action: string }) => action === 'withdraw')).toMatchObject({ actor: admin });
  const told = entries.filter((entry: { actor: string; action: string }) => entry.action !== 'sign_in_failed');
  expect(JSON.stringify(told)).not.toContain('zulkifli');
  // The try before it names nobody; the one after it is of an address that nobody has.
  const failed = entries.filter(({ action }: { action: string }) => action === 'sign_in_failed');
  expect(failed.map(({ after }: { after: object }) => after)).toEqual([
    { by: 'sign-in/email', email },
    { by: 'sign-in/email' },
  ]);
  const search = await (await auditor.ask('GET', '/api/audit?person=zulkifli')).json();
  expect(search.entries).toEqual([]);
  expect((await verify(db)).broken).toBeUndefined();
});

test('an account that is spoken of has its name', async () => {
  const account = await person(served, 'nama@jember.test');
  const locked = await chief.ask('PUT', `/api/admin/people/${account}/locked`, { locked: true });
  expect(locked.status).toBe(204);
  const { entries } = await (await auditor.ask('GET', '/api/audit?action=lock_account')).json();
  expect(entries[0].account).toEqual({ id: account, name: 'nama@jember.test' });
});

test('nobody removes himself, nor the last admin, nor whom there is not', async () => {
  expect((await chief.ask('DELETE', `/api/admin/people/${admin}`)).status).toBe(409);
  expect((await chief.ask('DELETE', '/api/admin/people/nobody')).status).toBe(404);
  const second = await person(served, 'kedua@jember.test', { role: 'admin' });
  const other = await signedIn(app, 'kedua@jember.test');
  const { rows } = await sql<{ id: number }>`select id from account_grant where user_id = ${second}`.execute(db);
  // The other way round both would go: one of them stays.
  const both = await Promise.all([
    chief.ask('DELETE', `/api/admin/people/${second}`),
    other.ask('DELETE', `/api/admin/people/${admin}`),
  ]);
  expect(rows).toHaveLength(1);
  expect(both.map(({ status }) => status).toSorted()).not.toEqual([204, 204]);
  expect((await sql`select from account_grant where role = 'admin'`.execute(db)).rows.length).toBeGreaterThan(0);
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
