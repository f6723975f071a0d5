import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { layerFiles } from '../server/registry/registry.ts';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';
import { seededRandom } from './support/random.ts';
import { realData, realTest } from './support/real_data.ts';
import { insertRows, randomRow } from './support/rows.ts';

const { connection } = await testDatabase();
const layers = await layerFiles();
const layer = (id: string) => layers.find((each) => each.id === id)!;
const random = seededRandom(2);
const named = (id: string, name: string, more: object = {}) => ({
  ...randomRow(layer(id), random, 'SRID=4326;POINT(113.7 -8.17)'),
  [layer(id).name]: name,
  ...more,
});
await insertRows(connection.db, layer('village'), [
  {
    ...randomRow(layer('village'), random, 'SRID=4326;MULTIPOLYGON(((113.6 -8.2,113.8 -8.2,113.8 -8.1,113.6 -8.2)))'),
    name: 'Kepatihan',
    code: '35.09.19.1006',
  },
]);
const [, puger] = await insertRows(connection.db, layer('river_gauge'), [
  named('river_gauge', 'Bedadung Hulu', { siaga1_cm: null, siaga2_cm: null, siaga3_cm: null }),
  named('river_gauge', 'Puger', {
    code: 'PDA-07',
    area_code: '35.09.19.1006',
    siaga1_cm: null,
    siaga2_cm: null,
    siaga3_cm: null,
  }),
]);
await insertRows(connection.db, layer('umkm'), [
  named('umkm', 'Warung Puger Indah'),
  named('umkm', 'Toko 100% Murah_Meriah'),
]);
const { app, complaints } = await testApp(connection);

async function found(
  query: string,
): Promise<{ layer: string; name: string; id: number; area: string | null; center: number[] | null }[]> {
  const response = await app.request(`/api/search?${query}`);
  expect(response.status, query).toBe(200);
  return (await response.json()).results;
}

test('finds by name, exact first, and says where it is', async () => {
  const results = await found('q=puger');
  expect(results.map(({ name }) => name)).toEqual(['Puger', 'Warung Puger Indah']);
  expect(results[0]).toMatchObject({ layer: 'river_gauge', id: puger, area: 'Kepatihan', center: [113.7, -8.17] });
});

test('what is called exactly so comes first, however many contain the word', async () => {
  const many = Array.from({ length: 150 }, (_, i) => named('umkm', `Depot Sari ${i}`));
  await insertRows(connection.db, layer('umkm'), [...many, named('umkm', 'Depot Sari'), named('umkm', 'depot')]);
  expect((await found('q=depot sari&limit=1')).map(({ name }) => name)).toEqual(['Depot Sari']);
  expect((await found('q=DEPOT&limit=1')).map(({ name }) => name)).toEqual(['depot']);
});

test('finds by code, by a searched attribute, and by the first two letters', async () => {
  expect((await found('q=PDA-07'))[0]).toMatchObject({ id: puger });
  expect((await found('q=35.09.19.1006')).map(({ layer: id }) => id)).toContain('village');
  expect((await found('q=ke')).map(({ name }) => name)).toContain('Kepatihan');
});

test('a code that an import made up is found whole, and by no part of it', async () => {
  await insertRows(connection.db, layer('umkm'), [named('umkm', 'Tanpa Kode', { code: 'auto:nbSdQx1rWAPoyT9k' })]);
  const [only, ...others] = await found('q=auto:nbSdQx1rWAPoyT9k');
  expect(only).toMatchObject({ name: 'Tanpa Kode', code: null }); // it would tell nobody anything
  expect(others).toEqual([]);
  expect(await found('q=nbSdQx')).toEqual([]);
});

test('looks only in the layers asked for', async () => {
  expect((await found('q=puger&layers=umkm')).map(({ layer: id }) => id)).toEqual(['umkm']);
});

test('what SQL would read as a pattern is a letter', async () => {
  expect((await found(`q=${encodeURIComponent('100%')}`)).map(({ name }) => name)).toEqual(['Toko 100% Murah_Meriah']);
  expect((await found(`q=${encodeURIComponent('h_M')}`)).map(({ name }) => name)).toEqual(['Toko 100% Murah_Meriah']);
  expect(await found('q=%25%25%25')).toEqual([]);
  expect(await found('q=')).toEqual([]);
});

test.each(['q=a&limit=0', 'q=a&limit=1e3', 'q=a&limit=x', `q=${'a'.repeat(201)}`, 'q=%00', 'q=a&layers=nothing'])(
  '%s is refused',
  async (query) => {
    const response = await app.request(`/api/search?${query}`);
    expect([400, 404]).toContain(response.status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  },
);

const naughty = 'conformance/strings/blns.json';
realTest('no hostile string breaks it', [naughty], async () => {
  const strings: string[] = JSON.parse(readFileSync(realData(naughty), 'utf8'));
  for (const text of strings) {
    const response = await app.request(`/api/search?q=${encodeURIComponent(text)}`);
    expect(response.status, JSON.stringify(text)).toBeLessThan(500);
  }
  expect(complaints).toEqual([]);
});
