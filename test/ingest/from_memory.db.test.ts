import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { changesAfter, position } from '../../server/database/change_log.ts';
import { connect } from '../../server/database/connect.ts';
import { testApp } from '../support/app.ts';
import { testLocation } from '../support/database.ts';

/**
 * A process writes what is said of a thing without reading the thing's row first, where it knows it from before. Each test
 * says something of a gauge, lets somebody else change the row, and says the next thing.
 */
const location = await testLocation();
const connection = await connect(location);
afterAll(() => connection.close());
const { db } = connection;
const { app, complaints } = await testApp(connection);
// Another process, as to what it remembers. The embedded database has one.
const second = connection.kind === 'server' ? await connect(location) : connection;
afterAll(() => (second === connection ? undefined : second.close()));
const other = second === connection ? app : (await testApp(second)).app;

const start = Date.now() - 3_600_000;
const at = (second: number) => new Date(start + second * 1000).toISOString();

async function post(code: string, second: number, level_cm: number, others: object = {}, door = app) {
  const response = await door.request('/api/ingest/river_gauge', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code, observed_at: at(second), level_cm, ...others }),
  });
  return response.json();
}
const accepted = { accepted: 1, known: 0, suspect: 0, rejected: [] };

async function gauge(code: string) {
  const { rows } = await sql<Record<string, unknown>>`select * from river_gauge where code = ${code}`.execute(db);
  return rows[0];
}
const series = async (id: unknown) =>
  (
    await sql<{ level_cm: number }>`
      select level_cm from river_gauge_series where feature = ${id} order by observed_at`.execute(db)
  ).rows.map(({ level_cm }) => level_cm);

let n = 0;
/** Codes of two gauges, others in each test. */
let one = '';
let two = '';
beforeEach(async () => {
  [one, two] = [`PDA-${n++}`, `PDA-${n++}`];
  for (const code of [one, two]) await sql`insert into river_gauge (code, name) values (${code}, 'Pos')`.execute(db);
  // So often that nothing is left to be asked, also after it was in vain in the test before.
  for (const code of [one, two])
    for (const second of [0, 1, 2]) expect(await post(code, second, second)).toEqual(accepted);
});

test('what comes next is on the row, in the series, and once in the change log', async () => {
  const before = await gauge(one);
  const { seq } = await position(db);
  expect(await post(one, 3, 30, { quality: 'good' })).toEqual(accepted);
  const now = await gauge(one);
  expect(now).toEqual({
    ...before,
    ...{ level_cm: 30, quality: 'good', observed_at: new Date(at(3)) },
    ...{ version: Number(before!.version) + 1, updated_at: now!.updated_at },
  });
  expect(await series(now!.id)).toEqual([0, 1, 2, 30]);
  expect(await changesAfter(db, seq, 10)).toMatchObject([{ layer: 'river_gauge', op: 'update', ids: [now!.id] }]);
});

describe('when somebody else', () => {
  test('observed_it_later: the late one is in the series, and not over the newer one', async () => {
    expect(await post(one, 9, 90, {}, other)).toEqual(accepted);
    expect(await post(one, 5, 50)).toEqual(accepted);
    expect(await gauge(one)).toMatchObject({ level_cm: 90, observed_at: new Date(at(9)) });
    expect(await series((await gauge(one))!.id)).toEqual([0, 1, 2, 50, 90]);
  });

  test('said_the_same_before: it is known', async () => {
    expect(await post(one, 5, 50, {}, other)).toEqual(accepted);
    expect(await post(one, 5, 51)).toEqual({ ...accepted, accepted: 0, known: 1 });
    expect(await gauge(one)).toMatchObject({ level_cm: 50 });
  });

  test('kept_a_suspect_one: one of that moment is known, the next accepted', async () => {
    await post(one, 5, 99_999, {}, other);
    expect(await post(one, 5, 50)).toEqual({ ...accepted, accepted: 0, known: 1 });
    expect(await post(one, 6, 60)).toEqual(accepted);
    expect(await series((await gauge(one))!.id)).toEqual([0, 1, 2, 99_999, 60]);
  });

  test('edited_it: what a device does not speak of stays', async () => {
    await sql`update river_gauge set name = 'Diganti', siaga1_cm = 40, siaga2_cm = 30, siaga3_cm = 20 where code = ${one}`.execute(
      db,
    );
    const { version } = (await gauge(one))!;
    expect(await post(one, 3, 35)).toEqual(accepted);
    expect(await gauge(one)).toMatchObject({ name: 'Diganti', siaga: '2', version: Number(version) + 1 });
  });

  test('set_its_time in microseconds: later is later', async () => {
    await sql`update river_gauge set observed_at = ${at(5)}::timestamptz + interval '999 us' where code = ${one}`.execute(
      db,
    );
    expect(await post(one, 5.001, 51)).toEqual(accepted);
    expect(await gauge(one)).toMatchObject({ level_cm: 51, observed_at: new Date(at(5.001)) });
  });

  test('deleted_it: nobody has the code, and nothing is kept of it', async () => {
    const { id } = (await gauge(one))!;
    await sql`delete from river_gauge where code = ${one}`.execute(db);
    expect(await post(one, 3, 30)).toMatchObject({ accepted: 0, rejected: [{ code: one }] });
    expect(await series(id)).toEqual([0, 1, 2]);
  });

  test('made_it_anew: it is about the new one', async () => {
    const { id } = (await gauge(one))!;
    await sql`delete from river_gauge where code = ${one}`.execute(db);
    await sql`insert into river_gauge (code, name) values (${one}, 'Pos baru')`.execute(db);
    expect(await post(one, 3, 30)).toEqual(accepted);
    expect(await gauge(one)).toMatchObject({ name: 'Pos baru', level_cm: 30 });
    expect([await series(id), await series((await gauge(one))!.id)]).toEqual([[0, 1, 2], [30]]);
  });

  test('swapped_two_codes: it is about the one that has the code now', async () => {
    const [idOne, idTwo] = [(await gauge(one))!.id, (await gauge(two))!.id];
    await sql`update river_gauge set code = 'x' where code = ${one}`.execute(db);
    await sql`update river_gauge set code = ${one} where code = ${two}`.execute(db);
    await sql`update river_gauge set code = ${two} where code = 'x'`.execute(db);
    expect(await post(one, 3, 30)).toEqual(accepted);
    expect([await series(idOne), await series(idTwo)]).toEqual([
      [0, 1, 2],
      [0, 1, 2, 30],
    ]);
    expect(await gauge(two)).toMatchObject({ id: idOne, level_cm: 2 });
  });

  test('broke_a_rule in the same message: the others are there, also with the next one', async () => {
    const both = [
      { code: one, observed_at: at(3), level_cm: 30 },
      { code: two, observed_at: at(3), level_cm: 31, name: 'x'.repeat(10) },
    ];
    await sql`alter table river_gauge add constraint fails check (level_cm <> 31)`.execute(db);
    const response = await app.request('/api/ingest/river_gauge', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(both),
    });
    await sql`alter table river_gauge drop constraint fails`.execute(db);
    expect(await response.json()).toEqual({
      ...accepted,
      rejected: [{ index: 1, code: two, reason: 'breaks the rule fails' }],
    });
    expect([await post(one, 4, 40), await post(two, 4, 41)]).toEqual([accepted, accepted]);
    expect(await series((await gauge(one))!.id)).toEqual([0, 1, 2, 30, 40]);
    expect(await series((await gauge(two))!.id)).toEqual([0, 1, 2, 41]);
  });
});

test('nothing of all this was a fault of the server', () => {
  expect(complaints).toEqual([]);
});
