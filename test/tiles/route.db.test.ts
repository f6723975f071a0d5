import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { maxZoom } from '../../tiles/mercator.ts';
import { testApp } from '../support/app.ts';
import { countDrawn } from '../support/count_drawn.ts';
import { testDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { insertRows, randomRow } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const layers = await layerFiles();
const lamp = layers.find(({ id }) => id === 'streetlight')!;
const random = seededRandom(5);
const ids = await insertRows(
  db,
  lamp,
  Array.from({ length: 400 }, (_, i) => ({
    ...randomRow(lamp, random, `SRID=4326;POINT(${113.7 + (i % 20) * 1e-4} ${-8.17 + Math.floor(i / 20) * 1e-4})`),
    agency: i % 2 === 0 ? 'DPU' : 'Dishub',
  })),
);
const { app, follower, complaints } = await testApp(connection);
const path = '/tiles/streetlight/14/13366/8565';

async function tile(url = path, headers: Record<string, string> = {}): Promise<Response> {
  return app.request(url, { headers });
}

async function count(response: Response, layer = 'streetlight'): Promise<number> {
  return countDrawn(new Uint8Array(await response.arrayBuffer()), layer);
}

describe('a tile over HTTP', () => {
  test('holds every row and says what it is', async () => {
    const response = await tile();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('pendopo-position')).toMatch(/^[0-9a-f-]{36}:\d+$/);
    expect(await count(response)).toBe(400);
  });

  test.each([
    ['zstd', zstdDecompressSync],
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('is the same in %s', async (coding, decompress) => {
    const plain = Buffer.from(await (await tile()).arrayBuffer());
    const response = await tile(path, { 'accept-encoding': coding });
    expect(response.headers.get('content-encoding')).toBe(coding);
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    expect(Buffer.from(decompress(Buffer.from(await response.arrayBuffer()))).equals(plain)).toBe(true);
  });

  test('prefers zstd, then br, and honours a refusal', async () => {
    const coding = async (accept: string) =>
      (await tile(path, { 'accept-encoding': accept })).headers.get('content-encoding');
    expect(await coding('gzip, deflate, br, zstd')).toBe('zstd');
    expect(await coding('gzip, br, zstd;q=0')).toBe('br');
    expect(await coding('identity')).toBeNull();
    expect(await coding('*')).toBe('zstd');
  });

  test('is not sent again while nothing changed, and is once something did', async () => {
    const etag = (await tile()).headers.get('etag')!;
    const again = await tile(path, { 'if-none-match': `"other", ${etag}` });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    await sql`update streetlight set geom = st_translate(geom, 0.00002, 0) where id = ${ids[0]}`.execute(db);
    await follower.catchUp();
    const changed = await tile(path, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test('is 204 where nothing is', async () => {
    expect((await tile('/tiles/streetlight/14/1/1')).status).toBe(204);
  });

  test('carries several layers, each once', async () => {
    const response = await tile('/tiles/streetlight,camera,streetlight/14/13366/8565');
    expect(await count(response)).toBe(400);
  });

  test('carries what a filter chooses, in clusters too, and never from the cache of another filter', async () => {
    for (const z of [14, 9]) {
      const at = z === 14 ? path : '/tiles/streetlight/9/417/267';
      const filtered = (filter: string) => tile(`${at}?filter=${encodeURIComponent(filter)}`).then((r) => count(r));
      expect(await count(await tile(at))).toBe(400);
      expect(await filtered("agency = 'DPU'")).toBe(200);
      expect(await filtered("agency = 'DPU' AND agency = 'Dishub'")).toBe(0);
      expect(await filtered("agency IN ('DPU', 'Dishub')")).toBe(400);
    }
  });

  test('follows a change in a column that only a filter reads', async () => {
    const chosen = () => tile(`${path}?filter=${encodeURIComponent("agency = 'PLN'")}`).then((r) => count(r));
    expect(await chosen()).toBe(0);
    await sql`update streetlight set agency = 'PLN' where id = any(${`{${ids.slice(0, 3).join(',')}}`}::bigint[])`.execute(
      db,
    );
    await follower.catchUp();
    expect(await chosen()).toBe(3);
  });
});

test('at every zoom the four corners of the world are tiles, and one past them on either axis is none', async () => {
  const statusOf = async (z: number, x: number, y: number) => (await tile(`/tiles/streetlight/${z}/${x}/${y}`)).status;
  for (let z = 0; z <= maxZoom; z++) {
    const last = 2 ** z - 1;
    for (const x of [0, last])
      for (const y of [0, last]) expect([200, 204], `${z}/${x}/${y}`).toContain(await statusOf(z, x, y));
    for (const at of [0, last]) {
      for (const past of [-1, last + 1]) {
        expect(await statusOf(z, past, at), `${z}/${past}/${at}`).toBe(400);
        expect(await statusOf(z, at, past), `${z}/${at}/${past}`).toBe(400);
      }
    }
  }
  expect([await statusOf(maxZoom, 0, 0), await statusOf(maxZoom + 1, 0, 0), await statusOf(-1, 0, 0)]).toEqual([
    204, 400, 400,
  ]);
  expect(complaints).toEqual([]);
});

test('TileJSON names tiles, zooms, bounds and fields', async () => {
  const response = await tile('/tiles/streetlight,village.json');
  const json = await response.json();
  expect(json).toMatchObject({ tilejson: '3.0.0', scheme: 'xyz', minzoom: 0 });
  expect(json.tiles[0]).toMatch(/\/tiles\/streetlight,village\/\{z\}\/\{x\}\/\{y\}$/);
  expect(json.vector_layers.map(({ id }: { id: string }) => id)).toEqual(['streetlight', 'village']);
  const [lamps, villages] = json.vector_layers.map(({ fields }: { fields: object }) => Object.keys(fields));
  expect(lamps.slice(0, lamp.tile.length)).toEqual([...lamp.tile]);
  expect(lamps).toEqual(expect.arrayContaining(['count', 'worst', 'n_critical'])); // of clusters
  expect(villages).not.toContain('count');
  expect(json.bounds[0]).toBeCloseTo(113.7, 3);
});

test('a filter of TileJSON is one of its tiles, and has to be understood', async () => {
  const filter = `filter=${encodeURIComponent("agency = 'DPU'")}`;
  const { tiles } = await (await tile(`/tiles/streetlight.json?${filter}`)).json();
  expect(tiles).toEqual([expect.stringMatching(/\/tiles\/streetlight\/\{z\}\/\{x\}\/\{y\}\?filter=agency/)]);
  expect((await tile('/tiles/streetlight.json?filter=agency%20%3D')).status).toBe(400);
});

test('a page of another origin may ask whether a tile still holds', async () => {
  const response = await app.request(`${path}`, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://peta.example',
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'if-none-match',
    },
  });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  expect(response.headers.get('access-control-allow-headers')).toMatch(/if-none-match/i);
});

test.each([
  '/tiles/nothing/1/0/0',
  '/tiles/streetlight/21/0/0',
  '/tiles/streetlight/-1/0/0',
  '/tiles/streetlight/1/2/0',
  '/tiles/streetlight/1/0/-1',
  '/tiles/streetlight/1.5/0/0',
  '/tiles/streetlight/1e1/0/0',
  '/tiles/streetlight/0x1/0/0',
  '/tiles/streetlight/14/99999999999999999999/1',
  '/tiles/streetlight/NaN/0/0',
  '/tiles/streetlight/1/0/0.mvt',
  `/tiles/${Array.from({ length: 60 }, (_, i) => `layer_${i}`).join(',')}/1/0/0`,
  '/tiles/streetlight,,camera/1/0/0',
  '/tiles/streetlight,camera/1/0/0?filter=id%20%3D%201',
  '/tiles/streetlight/1/0/0?filter=nonsense%20%3D',
  '/tiles/streetlight/1/0/0?filter=',
  '/tiles/streetlight/1/0/0?filter=true&filter-lang=sql',
  '/tiles/streetlight/1/0/0?filtr=true',
  '/tiles/streetlight',
  '/tiles/%2e%2e/1/0/0',
  "/tiles/streetlight'%3B%20drop%20table%20camera/1/0/0",
  '/tiles/nothing.json',
])('%s is refused with what is wrong', async (url) => {
  const response = await tile(url);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = await response.json();
  expect(problem).toMatchObject({ status: response.status, title: expect.any(String), detail: expect.any(String) });
  expect(complaints).toEqual([]);
});
