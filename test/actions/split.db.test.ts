import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verify } from '../../server/audit/verify.ts';
import { importNewLayer } from '../../server/ingest/import/import_new.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { importOptions } from '../support/import.ts';
import { insertRows, type Row } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const layers = await layerFiles();
const add = async (id: string, row: Row) => (await insertRows(db, layers.find((each) => each.id === id)!, [row]))[0]!;
const rectangle = (west: number, south: number, east: number, north: number, holes = '') =>
  `((${west} ${south}, ${east} ${south}, ${east} ${north}, ${west} ${north}, ${west} ${south})${holes})`;
const shape = (...parts: readonly string[]) => `SRID=4326;MULTIPOLYGON(${parts.join(', ')})`;

await add('village', { code: '35.09.19.1006', name: 'Barat', geom: shape(rectangle(113.6, -8.3, 113.7, -8.1)) });
await add('village', { code: '35.09.20.1001', name: 'Timur', geom: shape(rectangle(113.7, -8.3, 113.8, -8.1)) });

const way = join(temporaryFolder(), 'jalan.geojson');
const line = (coordinates: readonly (readonly number[])[]) => ({ type: 'LineString', coordinates });
writeFileSync(
  way,
  JSON.stringify({
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: { nama: 'Jalan Baru' },
        geometry: line([
          [113.6, -8.2],
          [113.7, -8.2],
          [113.7, -8.15],
        ]),
      },
    ],
  }),
);
await importNewLayer(connection, { id: 'jalan', title: 'Jalan' }, way, importOptions());
const { parts, complaints } = await testApp(connection);

const works = doorOf(parts, viewerNamed('Budi', { role: 'agency_operator', agency: 'BPBD' }));
const west = doorOf(parts, viewerNamed('Cipto', { role: 'agency_operator', agency: 'BPBD', areas: ['35.09.19'] }));
const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
const citizen = doorOf(parts, viewerNamed('Fajar', { role: 'citizen' }));

let zones = 0;
const zone = (geom: string) =>
  add('flood_zone', {
    ...{ name: 'Zona', code: `Z-${zones++}`, hazard_class: 'high', depth_cm: 80, agency: 'BPBD', source: 'operator' },
    ...{ area_code: '35.09.19.1006', geom },
  });
const address = (id: number, of = 'flood_zone') => `/api/layers/${of}/features/${id}/split`;
const rowsOf = async (of: string, ids: readonly number[]) => {
  const { rows } = await sql<Record<string, unknown>>`
    select *, round(st_area(geom::geography)) as m2, st_isvalid(geom) as valid, st_numgeometries(geom) as parts
    from ${sql.table(of)} where id in (${sql.join(ids)}) order by id`.execute(db);
  return rows;
};
const areaOf = async (ids: readonly number[]) => {
  const { rows } = await sql<{ area: number }>`
    select st_area(st_union(geom)) as area from flood_zone where id in (${sql.join(ids)})`.execute(db);
  return rows[0]?.area;
};
const entries = async (id: number, of = 'flood_zone') => {
  const { rows } = await sql<Record<string, unknown> & { id: number }>`
    select * from audit where layer = ${of} and feature = ${id} order by id`.execute(db);
  return rows;
};
/** North to south, east of the middle: what lies west of it is larger. */
const cut = line([
  [113.72, -8.1],
  [113.72, -8.3],
]);

test('a shape is divided by a line: the largest part keeps the id, the other has all but the code', async () => {
  const id = await zone(shape(rectangle(113.61, -8.2, 113.79, -8.19)));
  const before = await areaOf([id]);
  const tried = await works.post(address(id), { input: { cut }, preview: true }, 1);
  expect(await tried.json()).toMatchObject({ audit: null, parts: [{ id }, { version: 1 }] });
  expect(await rowsOf('flood_zone', [id])).toMatchObject([{ version: 1 }]);

  const response = await works.post(address(id), { input: { cut }, reason: 'Dua kelurahan' }, 1);
  expect(response.status, await response.clone().text()).toBe(200);
  const done = await response.json();
  expect(done).toMatchObject({ id, version: 2, changed: ['geometry'] });
  const [kept, made] = done.parts;
  expect(kept).toMatchObject({ id, version: 2, geometry: { type: 'MultiPolygon' } });
  expect(await rowsOf('flood_zone', [id, made.id])).toMatchObject([
    {
      name: 'Zona',
      code: 'Z-0',
      hazard_class: 'high',
      depth_cm: 80,
      agency: 'BPBD',
      area_code: '35.09.19.1006',
      valid: true,
    },
    {
      name: 'Zona',
      code: null,
      hazard_class: 'high',
      depth_cm: 80,
      agency: 'BPBD',
      area_code: '35.09.20.1001',
      valid: true,
    },
  ]);
  expect(await areaOf([id, made.id])).toBeCloseTo(before!, 12);
  // One act, two entries that name each other.
  const [main] = await entries(id);
  expect(main).toMatchObject({ action: 'split', reason: 'Dua kelurahan', version: 2, id: done.audit });
  expect(main?.after).toMatchObject({ '#parts': [{ id: made.id, version: 1 }] });
  const [part] = await entries(made.id);
  expect(part).toMatchObject({ action: 'split', reason: 'Dua kelurahan', version: 1, before: {} });
  expect(part?.after).toMatchObject({ name: 'Zona', hazard_class: 'high', '#part_of': done.audit });
  expect(part?.after).not.toHaveProperty('code');
  const auditor = doorOf(parts, viewerNamed('Hadi', { role: 'auditor' }));
  const read = await (await auditor.get(`/api/audit?layer=flood_zone&feature=${id}`)).json();
  expect(read.entries[0]).toMatchObject({ action: 'split', parts: [made.id], part_of: null, hidden: 0 });
  const { entries: told } = await (await works.get(`/api/layers/flood_zone/features/${made.id}/history`)).json();
  expect(told[0]).toMatchObject({ title: { id: 'Membagi' } });
  expect(Object.keys(told[0].after)).not.toContain('#part_of');
});

test('it is taken back as one, by whichever entry, and done again', async () => {
  const id = await zone(shape(rectangle(113.61, -8.22, 113.79, -8.21)));
  const [whole] = await rowsOf('flood_zone', [id]);
  const { parts: pieces } = await (await works.post(address(id), { input: { cut } }, 1)).json();
  const made: number = pieces[1].id;
  const [part] = await entries(made);
  const undone = await works.post(`/api/audit/${part!.id}/undo`);
  expect(undone.status, await undone.clone().text()).toBe(200);
  const [again, ...gone] = await rowsOf('flood_zone', [id, made]);
  expect(gone).toEqual([]);
  expect(again).toEqual({ ...whole, version: 3, updated_at: again?.updated_at });
  expect((await entries(made)).map(({ action }) => action)).toEqual(['split', 'delete']);

  const { audit } = await undone.json();
  expect((await works.post(`/api/audit/${audit}/undo`)).status).toBe(200);
  expect(await rowsOf('flood_zone', [id, made])).toMatchObject([
    { id, version: 4 },
    { id: made, version: 3 },
  ]);
  const [last] = (await entries(id)).slice(-1);
  expect((await works.post(`/api/audit/${last!.id}/undo`)).status).toBe(200);
  expect(await rowsOf('flood_zone', [id, made])).toMatchObject([{ id, m2: whole?.m2 }]);
});

test('it is not taken back over what somebody did with a part since, and then nothing of it', async () => {
  const id = await zone(shape(rectangle(113.61, -8.24, 113.79, -8.23)));
  const { audit, parts: pieces } = await (await works.post(address(id), { input: { cut } }, 1)).json();
  const made: number = pieces[1].id;
  await admin.post(`/api/layers/flood_zone/features/${made}/edit`, { input: { name: 'Lain' } }, 1);
  const refused = await works.post(`/api/audit/${audit}/undo`);
  expect(await refused.json()).toMatchObject({ status: 412, changes: [{ by: 'Ayu', attributes: ['name'] }] });
  expect(await rowsOf('flood_zone', [id, made])).toHaveLength(2);
  await admin.post(`/api/layers/flood_zone/features/${made}/delete`, { reason: 'x' }, 2);
  expect((await works.post(`/api/audit/${audit}/undo`)).status).toBe(409);
  expect(await rowsOf('flood_zone', [id])).toMatchObject([{ version: 2 }]);
});

test('holes and parts that the line does not cross stay with the id', async () => {
  const hole = ', (113.62 -8.258, 113.62 -8.252, 113.63 -8.252, 113.63 -8.258, 113.62 -8.258)';
  const id = await zone(shape(rectangle(113.61, -8.26, 113.79, -8.25, hole), rectangle(113.78, -8.29, 113.79, -8.28)));
  const { parts: pieces } = await (await works.post(address(id), { input: { cut } }, 1)).json();
  expect(
    pieces.map(({ geometry }: { geometry: { coordinates: unknown[][] } }) =>
      geometry.coordinates.map((each) => each.length),
    ),
  ).toEqual([[2, 1], [1]]);
});

test('a road is divided where the line crosses it', async () => {
  const { rows } = await sql<{ id: number }>`select id from jalan`.execute(db);
  const id = rows[0]!.id;
  const crossing = line([
    [113.65, -8.21],
    [113.65, -8.19],
  ]);
  const { parts: pieces, id: kept } = await (
    await admin.post(address(id, 'jalan'), { input: { cut: crossing } }, 1)
  ).json();
  expect([kept, pieces[0].id]).toEqual([id, id]);
  const { rows: metres } = await sql<{ m: number; nama: string }>`
    select round(st_length(geom::geography)) as m, nama from jalan order by id`.execute(db);
  expect(metres.map(({ nama }) => nama)).toEqual(['Jalan Baru', 'Jalan Baru']);
  expect(metres[0]!.m).toBeGreaterThan(metres[1]!.m);
  // Along the road, not across it.
  const along = await admin.post(
    address(id, 'jalan'),
    {
      input: {
        cut: line([
          [113.66, -8.2],
          [113.69, -8.2],
        ]),
      },
    },
    2,
  );
  expect(await along.json()).toMatchObject({ status: 422, errors: [{ pointer: '#/input/cut', code: 'cut' }] });
});

test.each([
  ['no_line', undefined, 'required'],
  ['a_point', { type: 'Point', coordinates: [113.7, -8.2] }, 'geometry'],
  [
    'in_metres',
    line([
      [800000, 9000000],
      [800000, 9100000],
    ]),
    'geometry',
  ],
  [
    'beside_it',
    line([
      [113.5, -8.1],
      [113.5, -8.3],
    ]),
    'cut',
  ],
  [
    'ends_inside',
    line([
      [113.72, -8.1],
      [113.72, -8.275],
    ]),
    'cut',
  ],
  [
    'along_the_border',
    line([
      [113.6, -8.28],
      [113.8, -8.28],
    ]),
    'cut',
  ],
  [
    'sliver',
    line([
      [113.7, -8.3],
      [113.7, -8.27999999999],
      [113.70000001, -8.27999999999],
      [113.70000001, -8.3],
    ]),
    'cut',
  ],
])('a line that divides nothing is refused at its field: %s', async (_, given, code) => {
  const id = await zone(shape(rectangle(113.61, -8.28, 113.79, -8.27)));
  const response = await works.post(address(id), { input: { ...(given && { cut: given }) } }, 1);
  expect(response.status).toBe(422);
  expect((await response.json()).errors).toMatchObject([{ pointer: '#/input/cut', code }]);
  expect(await rowsOf('flood_zone', [id])).toMatchObject([{ version: 1 }]);
});

test('who may not edit all of its parts divides nothing, and points are not divided', async () => {
  const id = await zone(shape(rectangle(113.61, -8.2, 113.79, -8.19)));
  expect((await citizen.post(address(id), { input: { cut } }, 1)).status).toBe(403);
  // The part in the other district would be somebody else's.
  expect((await west.post(address(id), { input: { cut } }, 1)).status).toBe(403);
  expect((await works.post(address(id), { input: { cut } })).status).toBe(428);
  expect((await works.post(address(id), { input: { cut } }, 7)).status).toBe(412);
  expect(await rowsOf('flood_zone', [id])).toMatchObject([{ version: 1 }]);
  const gauge = await add('river_gauge', { name: 'Pos', geom: 'SRID=4326;POINT(113.7 -8.17)', agency: 'BPBD' });
  expect((await admin.post(address(gauge, 'river_gauge'), { input: { cut } }, 1)).status).toBe(404);
  const body = { features: [{ id, version: 1 }], input: { cut } };
  expect((await works.post('/api/layers/flood_zone/actions/split', body)).status).toBe(400);
  const possible = async (of: string, which: number) =>
    (await (await admin.get(`/api/layers/${of}/features/${which}/actions`)).json()).actions;
  expect(await possible('flood_zone', id)).toEqual(['edit', 'split', 'delete']);
  expect(await possible('river_gauge', gauge)).not.toContain('split');
});

test('a hole across its outline and parts over each other are refused by the server too', async () => {
  const id = await zone(shape(rectangle(113.61, -8.2, 113.79, -8.19)));
  const ring = (w: number, s: number, e: number, n: number) => [
    [w, s],
    [e, s],
    [e, n],
    [w, n],
    [w, s],
  ];
  for (const coordinates of [
    [[ring(113.61, -8.2, 113.79, -8.19), ring(113.7, -8.195, 113.8, -8.193)]],
    [[ring(113.61, -8.2, 113.79, -8.19)], [ring(113.7, -8.195, 113.8, -8.193)]],
  ]) {
    const geometry = { type: 'MultiPolygon', coordinates };
    const refused = await works.post(`/api/layers/flood_zone/features/${id}/edit`, { input: { geometry } }, 1);
    expect((await refused.json()).errors).toMatchObject([{ pointer: '#/input/geometry', code: 'crossing' }]);
  }
});

test('nothing of it was a fault of the server, and the chain is whole', async () => {
  expect(complaints).toEqual([]);
  expect((await verify(db)).broken).toBeUndefined();
});
