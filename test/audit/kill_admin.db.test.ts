import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verify } from '../../server/audit/verify.ts';
import { connect } from '../../server/database/connect.ts';
import { testApp } from '../support/app.ts';
import { startChild } from '../support/child.ts';
import { testLocation } from '../support/database.ts';
import { nthPassword } from '../support/nth_password.ts';
import { client, password, person, signedIn } from '../support/people.ts';
import { seededRandom } from '../support/random.ts';

const location = await testLocation();
const actions = [
  ...(['create_account', 'make_link', 'give_role', 'take_role', 'create_key', 'revoke_key'] as const),
  ...(['sign_in', 'sign_out'] as const),
];
const ownActions = [
  ...(['change_password', 'two_factor_enable', 'two_factor_verify_totp'] as const),
  ...(['two_factor_generate_backup_codes', 'two_factor_disable'] as const),
];

interface Own {
  readonly email: string;
  readonly is_on: boolean;
  /** Of the second factor; null: there is none. */
  readonly verified: boolean | null;
  /** How many entries of the trail there are of each act of theirs. */
  readonly did: Readonly<Record<string, number>>;
}

test('killed at any moment, what was done to accounts and who signed in has its entry, and no entry is of what was not', {
  timeout: 600_000,
}, async () => {
  const setup = await connect(location);
  await person(await testApp(setup, { ROLE: 'public' }), 'admin@jember.test', { role: 'admin' });
  await setup.close();
  const random = seededRandom(141);
  const told: Record<string, number> = {};
  // Opening the embedded database again is what takes time there.
  for (let round = 0; round < (location.databaseUrl ? 4 : 2); round++) {
    const child = startChild(new URL('../support/admin_and_tell.ts', import.meta.url), [
      location.databaseUrl ?? location.dataDir,
    ]);
    await child.line(/^done sign_out/);
    await child.line(/^done revoke_key/);
    await child.line(/^done take_role/);
    await child.line(/^done two_factor_disable/);
    await wait(random() * 500);
    for (const line of await child.kill()) {
      const [, what] = /^done (\w+)$/.exec(line) ?? [];
      if (what !== undefined) told[what] = (told[what] ?? 0) + 1;
    }
  }
  const connection = await connect(location);
  const { db } = connection;
  const { rows } = await sql<{ action: string; n: number }>`
    select action, count(*)::int as n from audit group by action`.execute(db);
  const trail = Object.fromEntries(rows.map(({ action, n }) => [action, n]));
  const { rows: counted } = await sql<Record<'people' | 'roles' | 'made' | 'ended' | 'sessions', number>>`
    select (select count(*)::int from account_user) as people,
      (select count(*)::int from account_grant) as roles,
      (select count(*)::int from service_key) as made,
      (select count(*)::int from service_key where revoked_at is not null) as ended,
      (select count(*)::int from account_session where recorded) as sessions`.execute(db);
  const there = counted[0]!;
  const of = (action: (typeof actions)[number]) => trail[action] ?? 0;
  expect(of('create_account'), 'people').toBe(there.people);
  expect(of('give_role') - of('take_role'), 'roles').toBe(there.roles);
  expect(of('create_key'), 'keys').toBe(there.made);
  expect(of('revoke_key'), 'keys that ended').toBe(there.ended);
  // What an entry of a sign-in is for counts, and nothing else does: a row without one is a session of nobody.
  expect(of('sign_in') - of('sign_out'), 'sessions that count').toBe(there.sessions);
  expect(of('make_link')).toBe(of('create_account'));
  for (const action of actions) {
    expect(of(action), action).toBeGreaterThan(0);
    expect(of(action), action).toBeGreaterThanOrEqual(told[action] ?? 0);
  }
  const { rows: own } = await sql<Own>`
    select person.email, coalesce("twoFactorEnabled", false) as is_on, verified,
      (select json_object_agg(action, n) from (
        select action, count(*)::int as n from audit where actor = person.id group by action) as its) as did
    from account_user person left join account_two_factor on "userId" = person.id
    where email like 'sendiri-%'`.execute(db);
  expect(own.length).toBeGreaterThan(1);
  const sum = (action: string) => own.reduce((all, { did }) => all + (did[action] ?? 0), 0);
  for (const action of ownActions) {
    expect(sum(action), action).toBeGreaterThan(0);
    expect(sum(action), action).toBeGreaterThanOrEqual(told[action] ?? 0);
  }
  for (const { email, is_on, verified, did } of own) {
    const times = (action: (typeof ownActions)[number]) => did[action] ?? 0;
    expect(times('two_factor_enable') - times('two_factor_disable'), email).toBe(verified === null ? 0 : 1);
    expect(times('two_factor_verify_totp') - times('two_factor_disable'), email).toBe(verified ? 1 : 0);
    expect(is_on, email).toBe(verified === true);
  }
  expect((await verify(db)).broken).toBeUndefined();
  const { app } = await testApp(connection, { ROLE: 'public' });
  for (const { email, did } of own) {
    const changes = did.change_password ?? 0;
    const form = { email, password: changes === 0 ? password : nthPassword(changes) };
    expect((await client(app).ask('POST', '/api/auth/sign-in/email', form)).status, email).toBe(200);
  }
  await connection.close();
});

test('a session that the trail does not know yet lets nobody in, and is not listed', async () => {
  const connection = await connect(location);
  try {
    const served = await testApp(connection, { ROLE: 'public' });
    await person(served, 'dua@jember.test', { role: 'operator' });
    const [one, other] = [await signedIn(served.app, 'dua@jember.test'), await signedIn(served.app, 'dua@jember.test')];
    const sessions = async () => (await (await one.ask('GET', '/api/account/sessions')).json()).sessions;
    const [first, second] = await sessions();
    const lost = first.current ? second : first;
    await sql`update account_session set recorded = false where id = ${lost.id}`.execute(connection.db);
    served.parts.accounts.sessions.forget();
    expect((await (await other.ask('GET', '/api/account')).json()).person).toBeNull();
    expect(await sessions()).toHaveLength(1);
  } finally {
    await connection.close();
  }
});
