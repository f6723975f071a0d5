import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verify } from '../../server/audit/verify.ts';
import { connect } from '../../server/database/connect.ts';
import { startChild } from '../support/child.ts';
import { testLocation } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';

const location = await testLocation();
const writers = 16;

/** What waits for a second person since it was killed ends, so that it can be asked for again. */
async function forgetPending(): Promise<void> {
  const { db, close } = await connect(location);
  await sql`update pending_action set decided = 'expired', decided_at = now() where decided is null`.execute(db);
  await close();
}

test('killed at any moment, every version has its entry and no entry is without its version', {
  timeout: 600_000,
}, async () => {
  const setup = await connect(location);
  await sql`insert into river_gauge (name, siaga1_cm, siaga2_cm, siaga3_cm)
    select 'Pos', 400, 300, 200 from generate_series(1, ${writers}::int)`.execute(setup.db);
  // Who asks for a second person is looked up when it is confirmed.
  await sql`insert into account_user (id, name, email, "emailVerified", "createdAt", "updatedAt")
    values ('person-Budi', 'Budi', 'budi@jember.test', false, now(), now())`.execute(setup.db);
  await sql`insert into account_grant (user_id, role) values ('person-Budi', 'disaster_officer')`.execute(setup.db);
  await setup.close();
  const random = seededRandom(7);
  const told = new Map<number, number>();
  // Opening the embedded database again is what takes time there.
  for (let round = 0; round < (location.databaseUrl ? 3 : 2); round++) {
    await forgetPending();
    const child = startChild(new URL('../support/act_and_tell.ts', import.meta.url), [
      location.databaseUrl ?? location.dataDir,
      String(writers),
    ]);
    await child.line(/^done (3|7|11|15) /); // the slowest way: two requests of two persons
    await wait(random() * 800);
    for (const line of await child.kill()) {
      const [, id, version] = /^done (\d+) (\d+)$/.exec(line) ?? [];
      if (version !== undefined) told.set(Number(id), Math.max(Number(version), told.get(Number(id)) ?? 0));
    }
  }
  expect(told.size).toBeGreaterThan(0);
  const { db, close } = await connect(location);
  const { rows } = await sql<{ id: number; version: number; entries: number[] }>`
    with gauge as (
      select id, version from river_gauge union all select feature, version from deleted_feature where layer = 'river_gauge'
    )
    select gauge.id, gauge.version,
      coalesce(json_agg(audit.version order by audit.id) filter (where audit.id is not null), '[]') as entries
    from gauge left join audit on layer = 'river_gauge' and feature = gauge.id and audit.version is not null
    group by gauge.id, gauge.version`.execute(db);
  expect(rows).toHaveLength(writers);
  for (const { id, version, entries } of rows) {
    expect(entries).toEqual(Array.from({ length: version - 1 }, (_, i) => i + 2));
    expect(version).toBeGreaterThanOrEqual(told.get(id) ?? 1);
  }
  const { broken } = await verify(db);
  expect(broken).toBeUndefined();
  const { rows: acts } = await sql<{ action: string; n: number }>`
    select action, count(*) as n from audit where version is not null group by action`.execute(db);
  expect(acts.reduce((sum, { n }) => sum + n, 0)).toBe(rows.reduce((sum, { version }) => sum + version - 1, 0));
  for (const action of ['edit', 'delete', 'restore', 'set_thresholds'])
    expect(acts.map((act) => act.action)).toContain(action);
  await close();
});
