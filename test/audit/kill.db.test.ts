import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verify } from '../../server/audit/verify.ts';
import { type Connection, connect } from '../../server/database/connect.ts';
import { startChild } from '../support/child.ts';
import { testLocation } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { seededRandom } from '../support/random.ts';

const location = await testLocation();
const writers = 10;
const zones = 40;
const folder = temporaryFolder();

/** Each feature of a layer, those that were deleted too, and the versions that the trail has an entry of. */
async function versionsOf(db: Connection['db'], layer: string) {
  const { rows } = await sql<{ id: number; version: number; entries: number[] }>`
    with it as (
      select id, version from ${sql.table(layer)} union all select feature, version from deleted_feature where layer = ${layer}
    )
    select it.id, it.version,
      coalesce(json_agg(audit.version order by audit.id) filter (where audit.id is not null), '[]') as entries
    from it left join audit on layer = ${layer} and feature = it.id and audit.version is not null
    group by it.id, it.version`.execute(db);
  return rows;
}

const upTo = (version: number, from: number) => Array.from({ length: version + 1 - from }, (_, i) => i + from);
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

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
  await sql`insert into flood_zone (name, geom)
    select 'Zona', st_multi(st_makeenvelope(113.6, -8.3, 113.8, -8.1, 4326)) from generate_series(1, ${zones}::int)`.execute(
    setup.db,
  );
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
      folder,
    ]);
    await child.line(/^done [38] /); // the slowest way: two requests of two persons
    for (const what of [/^done [49] /, /^did create/, /^did undo/, /^did split/, /^did import/]) await child.line(what);
    await wait(random() * 800);
    for (const line of await child.kill()) {
      const [, id, version] = /^done (\d+) (\d+)$/.exec(line) ?? [];
      if (version !== undefined) told.set(Number(id), Math.max(Number(version), told.get(Number(id)) ?? 0));
    }
  }
  expect(told.size).toBeGreaterThan(0);
  const { db, close } = await connect(location);
  const gauges = await versionsOf(db, 'river_gauge');
  /** Those of the beginning were not added by an act. */
  const first = (id: number) => (id <= writers ? 2 : 1);
  expect(gauges.filter(({ id }) => id <= writers)).toHaveLength(writers);
  for (const { id, version, entries } of gauges) {
    expect(entries).toEqual(upTo(version, first(id)));
    expect(version).toBeGreaterThanOrEqual(told.get(id) ?? 1);
  }
  expect(gauges.map(({ id }) => id)).toEqual(expect.arrayContaining([...told.keys()]));
  const pieces = await versionsOf(db, 'flood_zone');
  for (const { id, version, entries } of pieces) expect(entries).toEqual(upTo(version, id <= zones ? 2 : 1));
  const { rows: cuts } = await sql<{ parts: number }>`
    select jsonb_array_length(after -> '#parts') as parts from audit where action = 'split' and after ? '#parts'`.execute(
    db,
  );
  expect(pieces).toHaveLength(zones + sum(cuts.map(({ parts }) => parts)));
  expect(cuts.length).toBeGreaterThan(0);
  // Of an import one entry tells of all that it added, and those of each that it changed stand beside it.
  const shelters = await versionsOf(db, 'shelter');
  for (const { version, entries } of shelters) expect(entries).toEqual(upTo(version, 2));
  const { rows: imports } = await sql<{ inserted: number; updated: number }>`
    select (after -> 'inserted')::int as inserted, (after -> 'updated')::int as updated
    from audit where action = 'import' and feature is null`.execute(db);
  expect(shelters).toHaveLength(sum(imports.map(({ inserted }) => inserted)));
  expect(sum(shelters.map(({ version }) => version - 1))).toBe(sum(imports.map(({ updated }) => updated)));
  expect(imports.length).toBeGreaterThan(0);
  const { broken } = await verify(db);
  expect(broken).toBeUndefined();
  const { rows: acts } = await sql<{ action: string; n: number }>`
    select action, count(*) as n from audit where layer = 'river_gauge' and version is not null group by action`.execute(
    db,
  );
  expect(sum(acts.map(({ n }) => n))).toBe(sum(gauges.map(({ id, version }) => version + 1 - first(id))));
  for (const action of ['create', 'edit', 'undo', 'delete', 'restore', 'set_thresholds'])
    expect(acts.map((act) => act.action)).toContain(action);
  await close();
});
