import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { insertRows } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const { parts, complaints } = await testApp(connection);
const gauge = (await layerFiles()).find(({ id }) => id === 'river_gauge')!;
const point = 'SRID=4326;POINT(113.7 -8.17)';
const works = doorOf(parts, viewerNamed('Budi', { role: 'agency_operator', agency: 'DPU SDA' }));
const bulk = '/api/layers/river_gauge/actions/edit';
const versions = async () => {
  const { rows } = await sql<{ version: number }>`select version from river_gauge order by id`.execute(db);
  return rows.map(({ version }) => version);
};

test('each of many is done or refused on its own, a preview says so beforehand and does nothing', async () => {
  const ids = await insertRows(db, gauge, [
    { name: 'A', geom: point, agency: 'DPU SDA', river: 'Lama' },
    { name: 'B', geom: point, agency: 'DPU SDA', river: 'Bedadung' },
    { name: 'C', geom: point, agency: 'Dishub', river: 'Lama' },
    { name: 'D', geom: point, agency: 'DPU SDA', river: 'Lama' },
  ]);
  const features = [...ids.map((id) => ({ id, version: 1 })), { id: 999_999, version: 1 }, { id: ids[0]!, version: 1 }];
  await sql`update river_gauge set level_cm = 3 where id = ${ids[3]}`.execute(db);
  const body = { features, input: { river: 'Bedadung' }, reason: 'Satu nama' };
  const expected = {
    ...{ done: 1, unchanged: 1, refused: 3 },
    results: [
      { id: ids[0], outcome: 'done', version: 2, changed: ['river'] },
      { id: ids[1], outcome: 'unchanged', version: 1 },
      { id: ids[2], outcome: 'refused', problem: { status: 403 } },
      { id: ids[3], outcome: 'refused', problem: { status: 412, version: 2 } },
      { id: 999_999, outcome: 'refused', problem: { status: 404 } },
    ],
  };
  const preview = await works.post(bulk, { ...body, preview: true });
  expect(await preview.json()).toMatchObject({ preview: true, ...expected });
  expect(await versions()).toEqual([1, 1, 1, 2]);
  expect((await sql`select from audit where action <> 'denied'`.execute(db)).rows).toEqual([]);

  const done = await (await works.post(bulk, body)).json();
  expect(done).toMatchObject({ preview: false, ...expected });
  expect(await versions()).toEqual([2, 1, 1, 2]);
  const { rows } = await sql`select feature, reason, after from audit where action <> 'denied'`.execute(db);
  expect(rows).toEqual([{ feature: ids[0], reason: 'Satu nama', after: { river: 'Bedadung' } }]);
  expect((await works.post(`/api/audit/${done.results[0].audit}/undo`)).status).toBe(200);
});

test('what is wrong with the request as a whole is said of the whole', async () => {
  const one = [{ id: 1, version: 1 }];
  for (const [body, status] of [
    [{ features: [] }, 422],
    [{ features: [{ id: 1 }] }, 422],
    [{ features: Array.from({ length: 501 }, (_, id) => ({ id, version: 1 })) }, 422],
    [{ features: one, preview: 'yes' }, 422],
    [{ features: one, wrong: 1 }, 422],
  ] as const)
    expect((await works.post(bulk, body)).status, JSON.stringify(body).slice(0, 60)).toBe(status);
  expect((await works.post('/api/layers/river_gauge/actions/create', { features: one })).status).toBe(400);
  expect((await works.post('/api/layers/siren/actions/edit', { features: one })).status).toBe(404);
  expect((await doorOf(parts, visitor('admin')).post(bulk, { features: one })).status).toBe(401);
  expect((await works.post('/api/layers/river_gauge/actions/nothing', { features: one })).status).toBe(404);
  // What waits for a second person is asked for one by one.
  expect((await works.post('/api/layers/river_gauge/actions/set_thresholds', { features: one })).status).toBe(400);
  expect(complaints).toEqual([]);
});
