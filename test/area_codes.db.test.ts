import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { describeReport } from '../server/ingest/import/report.ts';
import { layerFiles } from '../server/registry/registry.ts';
import { doorOf, viewerNamed } from './support/acting.ts';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { importInto } from './support/import.ts';
import { insertRows, type Row } from './support/rows.ts';

/** Two schematic villages beside each other, a district over both; things in the west, in the east, outside and nowhere. */
const { connection } = await testDatabase();
const { db } = connection;
const folder = temporaryFolder();
const layers = await layerFiles();
const { parts } = await testApp(connection);
const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));

const west = '35.09.19.1001';
const east = '35.09.19.1002';
const ring = (from: number, to: number) => [
  [from, -8.3],
  [to, -8.3],
  [to, -8.1],
  [from, -8.1],
  [from, -8.3],
];
const outline = (from: number, to: number) => ({ type: 'MultiPolygon', coordinates: [[ring(from, to)]] });
const add = async (id: string, row: Row) =>
  (await insertRows(db, layers.find((each) => each.id === id)!, [{ source: 'schematic', ...row }]))[0]!;
const point = (lon: number) => `SRID=4326;POINT(${lon} -8.2)`;
const shape = (from: number, to: number) =>
  `SRID=4326;MULTIPOLYGON((${`(${ring(from, to)
    .map((position) => position.join(' '))
    .join()})`}))`;

async function codes(): Promise<Record<string, unknown>> {
  const { rows } = await sql<{ name: string; area_code: string | null; version: number }>`
    select name, area_code, version from shelter union all select name, area_code, version from flood_zone
    union all select name, area_code, version from unit`.execute(db);
  return Object.fromEntries(rows.map(({ name, area_code, version }) => [name, [area_code, version]]));
}

const villages: Record<string, number> = {};
beforeEach(async () => {
  await sql`truncate village, district, shelter, flood_zone, unit`.execute(db);
  await add('district', { code: '35.09.19', name: 'Kaliwates', geom: shape(113.5, 113.9) });
  villages.west = await add('village', { code: west, name: 'Barat', geom: shape(113.6, 113.7) });
  villages.east = await add('village', { code: east, name: 'Timur', geom: shape(113.7, 113.8) });
  await add('shelter', { name: 'Posko Barat', geom: point(113.62), area_code: west });
  await add('shelter', { name: 'Posko Tengah', geom: point(113.68), area_code: west });
  await add('shelter', { name: 'Posko Luar', geom: point(114.05), area_code: east });
  await add('shelter', { name: 'Posko Tanpa Tempat', geom: null, area_code: east });
  await add('flood_zone', { name: 'Zona Tengah', geom: shape(113.66, 113.69), area_code: west });
  await add('unit', { name: 'Ambulans', geom: point(113.68), area_code: west });
});

test('official boundaries move what lies elsewhere by them, and nothing else', async () => {
  const path = join(folder, 'desa.geojson');
  const features = [
    { type: 'Feature', properties: { kode: west, nama: 'Barat' }, geometry: outline(113.6, 113.65) },
    { type: 'Feature', properties: { kode: east, nama: 'Timur' }, geometry: outline(113.65, 113.8) },
  ];
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }));
  const report = await importInto(connection, 'village', path);
  expect(report).toMatchObject({ updated: 2, relocated: 3 });
  expect(describeReport(report)).toContain('3 things of other layers have another area code now');
  expect(await codes()).toEqual({
    'Posko Barat': [west, 1],
    'Posko Tengah': [east, 2],
    'Posko Luar': [null, 2],
    'Posko Tanpa Tempat': [east, 1],
    'Zona Tengah': [east, 2],
    // What moves belongs where it belongs.
    Ambulans: [west, 1],
  });
  expect(await importInto(connection, 'village', path)).toMatchObject({ unchanged: 2, relocated: 0 });
});

test('an edited, deleted and restored village takes what lies in it along', async () => {
  const act = async (id: number, action: string, body: object, seen: number) => {
    const response = await admin.post(`/api/layers/village/features/${id}/${action}`, body, seen);
    expect(response.status, await response.clone().text()).toBe(200);
  };
  const middle = async () => (await codes())['Posko Tengah'];
  const { west: id } = villages as { west: number };
  await act(id, 'edit', { input: { geometry: outline(113.6, 113.65) } }, 1);
  expect(await middle()).toEqual(['35.09.19', 2]);
  await act(id, 'edit', { input: { name: 'Kulon' } }, 2);
  expect(await middle()).toEqual(['35.09.19', 2]);
  await act(id, 'edit', { input: { geometry: outline(113.6, 113.7) } }, 3);
  expect(await middle()).toEqual([west, 3]);
  await act(id, 'delete', { reason: 'Digabung' }, 4);
  expect(await middle()).toEqual(['35.09.19', 4]);
  await act(id, 'restore', {}, 5);
  expect(await middle()).toEqual([west, 5]);
  // Too far away to be asked about.
  expect((await codes())['Posko Luar']).toEqual([east, 1]);
});
