import type { FeatureCollection } from 'geojson';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { testDatabase } from '../../support/database.ts';
import { serveApp } from '../../support/events.ts';
import { insertRows } from '../../support/rows.ts';
import { items, json, ogcApp } from './support.ts';

const { connection } = await testDatabase();
const { db } = connection;
const lamps = 12_345;
let site: TestApp;
beforeAll(async () => {
  site = await ogcApp(connection);
  await sql`delete from streetlight`.execute(db);
  await sql`insert into streetlight (pole, status, geom)
    select 'p' || n, case when n % 5 = 0 then 'confirmed_out' else 'ok' end,
      st_setsrid(st_makepoint(113.7 + n * 1e-6, -8.17), 4326) from generate_series(1, ${sql.lit(lamps)}) as n`.execute(
    db,
  );
});

const address = (layer: string, parameters: Record<string, string> = {}, format = 'geojson') =>
  `/api/layers/${layer}/export.${format}?${new URLSearchParams(parameters)}`;

test('every collection: the file holds what its items hold', async () => {
  for (const { id } of site.parts.registry.layers) {
    if (id === 'streetlight') continue;
    const file = await json<FeatureCollection>(site.app, address(id));
    expect(file.features, id).toEqual((await items(site.app, id, { limit: '10000' })).features);
  }
});

test('more than any page holds: each lamp once, compressed for who can read it', async () => {
  const response = await site.app.request(address('streetlight'), { headers: { 'Accept-Encoding': 'gzip' } });
  expect(response.headers.get('Content-Encoding')).toBe('gzip');
  expect(response.headers.get('Content-Disposition')).toBe('attachment; filename="streetlight.geojson"');
  const text = response.body!.pipeThrough(new DecompressionStream('gzip'));
  const { features }: FeatureCollection = await new Response(text).json();
  expect(new Set(features.map(({ properties }) => properties!.pole)).size).toBe(lamps);
  expect(features).toHaveLength(lamps);
});

test('a filter and a bbox choose as many as the collection says', async () => {
  const chosen = { filter: "status = 'confirmed_out'", bbox: '113.7,-9,113.705,-8' };
  const { features } = await json<FeatureCollection>(site.app, address('streetlight', chosen));
  expect(features).toHaveLength((await items(site.app, 'streetlight', { ...chosen, limit: '1' })).numberMatched);
  expect(features.length).toBe(1000);
  expect(new Set(features.map(({ properties }) => properties!.status))).toEqual(new Set(['confirmed_out']));
});

test('what cannot be asked is refused before a file begins', async () => {
  for (const [path, status] of [
    [address('streetlight', { filter: 'status =' }), 400],
    [address('streetlight', { limit: '5' }), 400],
    [address('streetlight', { bbox: '1,2,3' }), 400],
    [address('no_such_layer'), 404],
    ['/api/layers/streetlight/export.docx', 404],
  ] as const) {
    const response = await site.app.request(path);
    expect([path, response.status]).toEqual([path, status]);
    expect(response.headers.get('Content-Type')).toContain('application/problem+json');
    expect(response.headers.get('Content-Disposition')).toBeNull();
  }
});

test('a visitor’s file has neither secret complaints nor who reported', async () => {
  const complaint = site.parts.registry.layer('complaint')!;
  const row = { subject: 'Terbuka', reporter_name: 'Pelapor Rahasia', secret: false };
  await insertRows(db, complaint, [row, { ...row, subject: 'Tertutup', secret: true }]);
  const { app } = await testApp(connection, { ROLE: 'public' });
  for (const format of ['geojson', 'csv']) {
    const text = await (await app.request(address('complaint', {}, format))).text();
    expect(text).toContain('Terbuka');
    expect(text).not.toMatch(/Tertutup|Pelapor Rahasia/);
  }
  expect(await (await site.app.request(address('complaint'))).text()).toContain('Pelapor Rahasia');
});

test('hostile_name: a spreadsheet reads texts as texts, in their cells; a telephone number stays one', async () => {
  const shelter = site.parts.registry.layer('shelter')!;
  const names = ['=HYPERLINK("http://x")', '+62 812-345', '-1+cmd|x', 'a,"b"\nc', ' lebar ', '@SUM(A1)'];
  const point = 'SRID=4326;POINT(113.5 -8.25)';
  await insertRows(
    db,
    shelter,
    names.map((name) => ({ name, code: `csv-${names.indexOf(name)}`, geom: point })),
  );
  const response = await site.app.request(address('shelter', { filter: "code LIKE 'csv-%'" }, 'csv'));
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
  expect(text.charCodeAt(0)).toBe(0xfeff);
  const [head, ...rows] = cells(text.slice(1));
  const column = (key: string) => rows.map((row) => row[head!.indexOf(key)]);
  expect(column('name')).toEqual([
    `'=HYPERLINK("http://x")`,
    '+62 812-345',
    "'-1+cmd|x",
    'a,"b"\nc',
    ' lebar ',
    "'@SUM(A1)",
  ]);
  expect(column('lon')).toEqual(names.map(() => '113.5'));
  expect(column('lat')).toEqual(names.map(() => '-8.25'));
});

test('shapes are written as WKT that PostGIS reads back', async () => {
  const text = await (await site.app.request(address('village', {}, 'csv'))).text();
  const [head, ...rows] = cells(text);
  const at = head!.indexOf('wkt');
  const shapes = rows.filter((row) => row[at] !== '');
  expect(shapes.length).toBeGreaterThan(10);
  for (const row of shapes.slice(0, 10)) {
    const { rows: same } = await sql<{ far: number }>`
      select st_hausdorffdistance(geom, st_setsrid(st_geomfromtext(${row[at]}), 4326)) as far
      from village where id = ${row[0]}::bigint`.execute(db);
    expect(same[0]!.far).toBeLessThan(1e-6);
  }
});

test('a fault on the way breaks the file off instead of ending it early', async () => {
  const { url } = await serveApp(site.app);
  const response = await fetch(`${url}${address('streetlight')}`, { headers: { 'Accept-Encoding': 'identity' } });
  const reader = response.body!.getReader();
  await reader.read();
  await sql`alter table streetlight rename to elsewhere`.execute(db);
  const rest = async () => {
    while (!(await reader.read()).done);
  };
  try {
    await expect(rest()).rejects.toThrow();
  } finally {
    await sql`alter table elsewhere rename to streetlight`.execute(db);
  }
  expect(site.complaints.splice(0).join()).toContain('an export broke off');
});

test('who leaves in the middle ends it, and nothing is logged', async () => {
  const { url } = await serveApp(site.app);
  const leaving = new AbortController();
  const response = await fetch(`${url}${address('streetlight')}`, { signal: leaving.signal });
  await response.body!.getReader().read();
  leaving.abort();
  expect((await json<FeatureCollection>(site.app, address('camera'))).features.length).toBeGreaterThan(0);
  expect(site.complaints).toEqual([]);
});

/** The cells of a CSV text (RFC 4180). */
function cells(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.match(/(?:"(?:[^"]|"")*"|[^"\r\n])+(?=\r\n)/g) ?? []) {
    const parts = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
    rows.push(parts.map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))));
  }
  return rows;
}
