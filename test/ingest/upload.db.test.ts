import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { countDrawn } from '../support/count_drawn.ts';
import { testDatabase } from '../support/database.ts';
import { listen, serveApp } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { gdalWrite } from '../support/gdal_write.ts';
import { person, signedIn } from '../support/people.ts';
import { insertRows } from '../support/rows.ts';
import { ended, sendFile, step, uploaded } from '../support/uploading.ts';
import { zip } from '../support/zip.ts';

const { connection } = await testDatabase();
const { db } = connection;
const { app, parts, follower, complaints } = await testApp(connection, { IMPORT_MAX_MIB: 1 });
const folder = temporaryFolder();
const layers = await layerFiles();
const square = (west: number, code: string) => ({
  ...{ code, name: code, source: 'operator' },
  geom: `SRID=4326;MULTIPOLYGON(((${west} -8.3,${west + 0.1} -8.3,${west + 0.1} -8.1,${west} -8.1,${west} -8.3)))`,
});
await insertRows(db, layers.find(({ id }) => id === 'village')!, [
  square(113.6, '35.09.19.1001'),
  square(113.7, '35.09.20.1001'),
]);

const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
const bpbd = { role: 'agency_operator', agency: 'BPBD' } as const;
const operator = doorOf(parts, viewerNamed('Beni', bpbd));
const inArea = doorOf(parts, viewerNamed('Cici', { ...bpbd, areas: ['35.09.19'] }));
const leader = doorOf(parts, viewerNamed('Dewi', { role: 'leader' }));
const visitor = doorOf(parts, { grants: [{ role: 'public' }] });

const table = (...lines: string[]) => ['kode,nama,kapasitas,instansi,lon,lat', ...lines].join('\n');
const west = '113.65,-8.2';
const east = '113.75,-8.2';
const shelters = async (prefix: string) =>
  (
    await sql<{ code: string; agency: string | null; area: string | null; capacity: number | null }>`
      select code, agency, area_code as area, capacity from shelter where code like ${`${prefix}%`} order by code`.execute(
      db,
    )
  ).rows;
/** Folders of uploads that lie there now. */
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('pendopo-upload-'));

test('a file goes through all steps: what is in it, what would happen and where, and then it does', async () => {
  const body = table(`A-1,Satu,10,,${west}`, `A-2,Dua,banyak,,${west}`, `A-3,Tiga,30,,106.8,-6.2`);
  const sent = await sendFile(admin.app, 'daftar_shelter.csv', body);
  expect(sent.status).toBe(201);
  const { id, ...told } = await sent.json();
  const sha256 = createHash('sha256').update(body).digest('hex');
  expect(told).toEqual({ name: 'daftar_shelter.csv', bytes: body.length, sha256, job: { state: 'idle' } });

  const { result: survey } = await step(admin, id, 'survey');
  expect(survey).toMatchObject({ format: 'CSV (,)', crs: 'EPSG:4326', count: 3, faulty: 0, geometries: { Point: 3 } });
  expect(survey.place).toEqual(['lon', 'lat']);
  expect(survey.fields).toContainEqual({
    ...{ name: 'kapasitas', filled: 3, examples: ['10', 'banyak', '30'], kind: 'text' },
    odd: { row: 2, value: 'banyak', kind: 'integer' },
  });
  expect(survey.layer).toBe('shelter');
  expect(survey.layers[0]).toEqual({
    layer: 'shelter',
    code: 'kode',
    columns: { name: 'nama', capacity: 'kapasitas' },
  });

  const tried = await step(admin, id, 'try', { layer: 'shelter' });
  const counts = { read: 3, inserted: 1, updated: 0, unchanged: 0, rejected: 2 };
  expect(tried.result).toMatchObject({ ...counts, dry_run: true, layer: 'shelter' });
  expect(tried.result.faults).toEqual([
    { row: 2, reason: 'capacity (kapasitas): "banyak" is not a number' },
    { row: 3, reason: expect.stringContaining('outside the region') },
  ]);
  expect(tried.result.preview).toEqual({
    ...{ type: 'FeatureCollection', count: 1 },
    features: [
      {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [113.65, -8.2] },
        properties: { row: 1, name: 'Satu', outcome: 'insert' },
      },
    ],
  });
  expect(await shelters('A-')).toEqual([]);

  const csv = await (await admin.get(`/api/imports/${id}/rejected.csv`)).text();
  expect(csv.split('\r\n').slice(0, 2)).toEqual([
    'row,reason,kode,nama,kapasitas,instansi,lon,lat',
    '2,"capacity (kapasitas): ""banyak"" is not a number",A-2,Dua,banyak,,113.65,-8.2',
  ]);

  const { result } = await step(admin, id, 'commit', { layer: 'shelter', map: { capacity: null } });
  expect(result).toMatchObject({ read: 3, inserted: 2, rejected: 1, dry_run: false });
  expect(result.preview).toBeUndefined();
  expect((await shelters('A-')).map(({ code, area }) => [code, area])).toEqual([
    ['A-1', '35.09.19.1001'],
    ['A-2', '35.09.19.1001'],
  ]);
  const { rows } =
    await sql`select actor_name, after from audit where action = 'import' order by id desc limit 1`.execute(db);
  expect(rows).toEqual([
    { actor_name: 'Ayu', after: expect.objectContaining({ file: 'daftar_shelter.csv', sha256, inserted: 2 }) },
  ]);

  expect((await admin.send('DELETE', `/api/imports/${id}`, undefined)).status).toBe(204);
  expect((await admin.get(`/api/imports/${id}`)).status).toBe(404);
});

test.for([
  ['jember_desa.geojson', 'village'],
  ['batas kecamatan 2024.geojson', 'district'],
  ['zona-rawan-banjir.geojson', 'flood_zone'],
])('the name of a file tells what it is for: %s', async ([name, layer]) => {
  const ring = [
    [113.6, -8.2],
    [113.7, -8.2],
    [113.7, -8.1],
    [113.6, -8.2],
  ];
  const feature = {
    type: 'Feature',
    properties: { kode: '1', nama: 'Satu' },
    geometry: { type: 'Polygon', coordinates: [ring] },
  };
  const { result } = await step(admin, await uploaded(admin, name!, JSON.stringify(feature)), 'survey');
  expect(result.layer).toBe(layer);
});

test.for([
  ['pohon.csv', 'kode,nama,jenis,tinggi_m,kondisi,lon,lat', null],
  ['data.csv', 'kode,nama,lon,lat', null],
  ['pohon.csv', 'kode,nama,jenis,tinggi,lon,lat', null],
  ['rumah sakit.csv', 'kode,nama,jenis,tinggi_m,kondisi,lon,lat', 'hospital'],
  ['data.csv', 'kode,nama,kelas,jenis,tempat tidur,catatan,lon,lat', 'hospital'],
])(
  'a layer is chosen unasked only where the name or half of the columns of a file speak for it: %s %s',
  async ([name, head, layer]) => {
    const cells = head!.split(',').map((field) => ({ lon: '113.65', lat: '-8.2' })[field] ?? `${field} 1`);
    const { result } = await step(admin, await uploaded(admin, name!, `${head}\n${cells}`), 'survey');
    expect(result.layer).toBe(layer);
    expect(result.layers.length).toBeGreaterThan(1);
  },
);

test('a text that is not UTF-8 is read as Windows-1252, and said so before and after', async () => {
  const body = Buffer.from(table(`E-1,Kafé Ñoño,1,,${west}`), 'latin1');
  const id = await uploaded(admin, 'kafe.csv', body);
  const { result: survey } = await step(admin, id, 'survey');
  expect(survey).toMatchObject({ encoding: 'windows-1252' });
  expect(survey.fields).toContainEqual({
    ...{ name: 'nama', filled: 1, examples: ['Kafé Ñoño'], kind: 'text', odd: null },
  });
  const { result } = await step(admin, id, 'try', { layer: 'shelter' });
  expect(Object.entries(result.notes)).toEqual([[expect.stringContaining('read as Windows-1252'), 1]]);
  expect(result.preview.features[0].properties.name).toBe('Kafé Ñoño');
});

test('each row is asked for the rights that adding and editing it would need', async () => {
  const into = async (door: typeof admin, ...lines: string[]) => {
    const job = await step(door, await uploaded(door, 'r.csv', table(...lines)), 'commit', { layer: 'shelter' });
    return job.result ?? job.problem;
  };
  // Their own agency where the file names none; another's is refused.
  expect(await into(operator, `R-1,Milik,1,,${east}`, `R-2,Lain,1,PUPR,${east}`)).toMatchObject({
    ...{ inserted: 1, rejected: 1 },
    faults: [{ row: 2, reason: 'not yours to write (agency PUPR, area 35.09.20.1001)' }],
  });
  expect(await shelters('R-')).toMatchObject([{ code: 'R-1', agency: 'BPBD', area: '35.09.20.1001' }]);
  // Outside one's area: neither to add, nor to change what lies there, nor to move it in or out.
  expect(
    await into(inArea, `R-1,Milik,2,,${east}`, `R-3,Di luar,1,,${east}`, `R-4,Di dalam,1,,${west}`, `R-1x,Diam,1,,`),
  ).toMatchObject({
    ...{ inserted: 1, rejected: 3 },
  });
  expect(await into(inArea, `R-1,Milik,2,,${west}`)).toMatchObject({ status: 422 });
  expect(await into(inArea, `R-4,Di dalam,2,,${east}`)).toMatchObject({ status: 422 });
  // Taken over by another agency.
  expect(await into(admin, `R-5,Tetangga,1,PUPR,${west}`)).toMatchObject({ inserted: 1 });
  expect(await into(operator, `R-5,Tetangga,2,BPBD,${west}`)).toMatchObject({
    ...{ status: 422, faults: [{ row: 1, reason: 'not yours to write (agency PUPR, area 35.09.19.1001)' }] },
  });
  expect((await shelters('R-')).map(({ code, capacity }) => [code, capacity])).toEqual([
    ['R-1', 1],
    ['R-4', 1],
    ['R-5', 1],
  ]);
});

test('what one does not see cannot be overwritten by its code, nor found out by what would be unchanged', async () => {
  const add = (row: object) =>
    insertRows(db, layers.find(({ id }) => id === 'complaint')!, [
      { geom: 'SRID=4326;POINT(113.65 -8.2)', source: 'import:x', state: 'received', anonymous: false, ...row },
    ]);
  await add({ code: 'S-1', subject: 'Rahasia', secret: true });
  await add({ code: 'S-2', subject: 'Terbuka', secret: false });
  const id = await uploaded(admin, 'aduan.csv', 'code,subject,lon,lat\nS-1,Rahasia,113.65,-8.2\nS-2,Lain,113.65,-8.2');
  const { result } = await step(admin, id, 'commit', { layer: 'complaint' });
  expect(result).toMatchObject({ updated: 1, unchanged: 0, rejected: 1 });
  expect(result.faults).toEqual([{ row: 1, reason: 'the code "S-1" is taken' }]);
  // Nor is it said whose it is to one who may write what is his agency's only.
  await add({ code: 'S-3', subject: 'Rahasia', secret: true, agency: 'Inspektorat' });
  await add({ code: 'S-4', subject: 'Terbuka', secret: false, agency: 'PUPR' });
  const held = doorOf(parts, viewerNamed('Edi', { role: 'admin', agency: 'BPBD' }));
  const lines = ['S-3,Lain', 'S-4,Lain', 'S-5,Baru'].map((line) => `${line},113.65,-8.2`);
  const tried = await uploaded(held, 'aduan.csv', ['code,subject,lon,lat', ...lines].join('\n'));
  expect((await step(held, tried, 'try', { layer: 'complaint' })).result).toMatchObject({
    ...{ inserted: 1, rejected: 2 },
    faults: [
      { row: 1, reason: 'the code "S-3" is taken' },
      { row: 2, reason: 'not yours to write (agency PUPR, area –)' },
    ],
  });
  // Whom a report is kept from is decided elsewhere, and so is what has an action of its own.
  for (const column of ['secret', 'anonymous', 'state', 'reporter_phone']) {
    const job = await step(admin, id, 'try', { layer: 'complaint', map: { [column]: 'subject' } });
    expect(job.problem, column).toMatchObject({ status: 422 });
  }
});

test('a rule of the layer that a row breaks is said in both languages', async () => {
  const wkt = 'MULTIPOLYGON(((113.6 -8.3,113.61 -8.3,113.61 -8.2,113.6 -8.3)))';
  const id = await uploaded(admin, 'desa.csv', `kode;nama;wkt\n3509192001;Tanpa titik;${wkt}\n`);
  const { problem } = await step(admin, id, 'try', { layer: 'village' });
  const en = 'the code of a village is written with dots, like 35.09.01.2001';
  const words = { id: 'kode desa ditulis dengan titik, seperti 35.09.01.2001', en };
  expect(problem.faults).toEqual([{ row: 1, reason: `breaks the rule village_code_kemendagri: ${en}`, words }]);
});

test('who may not change a layer cannot bring a file into it, and learns of no other', async () => {
  expect((await sendFile(visitor.app, 'a.csv', 'a')).status).toBe(401);
  expect((await sendFile(leader.app, 'a.csv', 'a')).status).toBe(403);
  const id = await uploaded(operator, 'a.csv', table(`X-1,Satu,1,,${west}`));
  const begin = async (form: object) => {
    const response = await operator.post(`/api/imports/${id}/commit`, form);
    return [response.status, await response.json()] as const;
  };
  const [hidden] = await begin({ layer: 'no_such_layer' });
  expect(hidden).toBe(404);
  expect((await begin({ layer: 'shelter', anywhere: true }))[0]).toBe(403);
  expect((await begin({ new_layer: { id: 'tree', title: 'Pohon' } }))[0]).toBe(403);
  expect((await begin({}))[0]).toBe(400);
  expect((await begin({ layer: 'shelter', rights: 'all' }))[0]).toBe(422);
  // Another's upload does not exist.
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/survey'],
    ['POST', '/commit'],
    ['GET', '/rejected.csv'],
    ['DELETE', ''],
  ] as const)
    expect(
      (await admin.send(method, `/api/imports/${id}${path}`, method === 'POST' ? { layer: 'shelter' } : undefined))
        .status,
    ).toBe(404);
  expect(await shelters('X-')).toEqual([]);
});

test('only our own page sends files, in a session; a key never', async () => {
  await person({ app, parts }, 'ina@example.go.id', { role: 'admin' });
  const browser = await signedIn(app, 'ina@example.go.id');
  const send = (headers: Record<string, string>) =>
    browser.ask('POST', '/api/imports?name=a.csv', { a: 1 }, headers).then(({ status }) => status);
  expect(await send({ Origin: 'https://evil.example' })).toBe(403);
  expect(await send({})).toBe(201);
  const made = await browser.ask('POST', '/api/admin/keys', {
    ...{ name: 'k', agency: 'BPBD', doors: ['read', 'http'], role: 'agency_operator' },
  });
  const { key } = await made.json();
  const byKey = await app.request('/api/imports?name=a.csv', {
    ...{ method: 'POST', headers: { Authorization: `Bearer ${key}` }, body: 'a' },
  });
  expect(byKey.status).toBe(403);
});

test('a new layer is made from a file by admins', async () => {
  const id = await uploaded(
    admin,
    'pohon.csv',
    'kode,nama,jenis,lon,lat\nT-1,Trembesi,peneduh,113.65,-8.2\nT-2,Mahoni,peneduh,113.66,-8.2',
  );
  const { result: survey } = await step(admin, id, 'survey');
  expect(survey).toMatchObject({ may_make_layer: true, new_key: 'kode' });
  for (const wrong of ['new', 'tree_', 'a__b'])
    expect((await admin.post(`/api/imports/${id}/try`, { new_layer: { id: wrong, title: 'Pohon' } })).status).toBe(422);
  const form = { new_layer: { id: 'tree', title: 'Pohon', title_en: 'Trees' }, code: survey.new_key };
  expect((await step(admin, id, 'try', form)).result).toMatchObject({
    layer: 'tree',
    inserted: 2,
    preview: { count: 2 },
  });
  expect((await step(admin, id, 'commit', form)).result).toMatchObject({ layer: 'tree', inserted: 2 });
  expect((await step(admin, id, 'commit', form)).problem).toMatchObject({ status: 409 });
  // Where a row is, is said once: its place, not columns besides.
  const { rows } = await sql<{ name: string }>`select attname as name from pg_attribute
    where attrelid = 'tree'::regclass and attname in ('kode', 'nama', 'jenis', 'lon', 'lat') order by 1`.execute(db);
  expect(rows.map(({ name }) => name)).toEqual(['jenis', 'nama']);
  const { rows: defined } = await sql`select definition -> 'title' as title from layer_definition`.execute(db);
  expect(defined).toEqual([{ title: { id: 'Pohon', en: 'Trees' } }]);
  const { rows: trees } = await sql`select code, nama from tree order by 1`.execute(db);
  expect(trees).toEqual([
    { code: 'T-1', nama: 'Trembesi' },
    { code: 'T-2', nama: 'Mahoni' },
  ]);
});

test('a layer made from a file answers at every address that the others have, for those who see it', async () => {
  const lines = ['B-1,Taman,baik,113.65,-8.2', 'B-2,Alun-alun,rusak,113.66,-8.2', 'B-3,Pasar,baik,113.75,-8.2'];
  const id = await uploaded(admin, 'bangku.csv', ['kode,nama,kondisi,lon,lat', ...lines].join('\n'));
  const form = { new_layer: { id: 'bench', title: 'Bangku' }, code: 'kode' };
  expect((await step(admin, id, 'commit', form)).result).toMatchObject({ layer: 'bench', inserted: 3 });
  await follower.catchUp();

  const ask = async (path: string) => {
    const response = await leader.get(path);
    expect(response.status, path).toBe(200);
    return response;
  };
  const json = async (path: string) => (await ask(path)).json();
  const { layers: listed } = await json('/api/layers');
  const entry = listed.find((each: { id: string }) => each.id === 'bench');
  expect(entry).toMatchObject({ title: { id: 'Bangku' }, geometry: 'Point', runtime: true, count: 3, unlocated: 0 });
  const good = `filter=${encodeURIComponent("kondisi = 'baik'")}`;
  const drawn = async (query: string) =>
    countDrawn(new Uint8Array(await (await ask(`/tiles/bench/0/0/0${query}`)).arrayBuffer()), 'bench');
  expect([await drawn(''), await drawn(`?${good}`)]).toEqual([3, 2]);
  const { vector_layers: described } = await json(entry.links.tilejson);
  expect(described).toMatchObject([{ id: 'bench', fields: { nama: 'nama', kondisi: 'kondisi' } }]);
  expect(await json(entry.links.items)).toMatchObject({ numberMatched: 3 });
  expect(await json(`${entry.links.items}?${good}`)).toMatchObject({ numberMatched: 2 });
  expect(Object.keys((await json(entry.links.queryables)).properties)).toEqual(expect.arrayContaining(['kondisi']));
  const { results } = await json('/api/search?q=alun&layers=bench');
  expect(results).toMatchObject([{ layer: 'bench', name: 'Alun-alun', code: 'B-2', center: [113.66, -8.2] }]);

  const { url } = await serveApp(leader.app);
  const stream = await listen(`${url}/events?layers=bench`);
  const edited = await admin.post(
    `/api/layers/bench/features/${results[0].id}/edit`,
    { input: { kondisi: 'baik' } },
    1,
  );
  expect(edited.status).toBe(200);
  const { data } = await stream.until(({ event }) => event === 'change');
  expect(data.features).toMatchObject([
    { layer: 'bench', op: 'update', id: results[0].id, properties: { nama: 'Alun-alun', kondisi: 'baik' } },
  ]);
  stream.close();
  expect(await drawn(`?${good}`)).toBe(3);

  // Nobody has looked yet at what the file says of people.
  for (const path of [
    '/tiles/bench/0/0/0',
    '/tiles/bench.json',
    '/ogc/collections/bench/items',
    '/api/search?q=a&layers=bench',
  ])
    expect((await visitor.get(path)).status, path).toBe(404);
  expect(await (await visitor.get('/api/layers')).text()).not.toContain('bench');
});

test('a column of a new layer that one odd value makes a text may be numbers: then that row is the fault', async () => {
  const rows = Array.from({ length: 42 }, (_, i) => `T-${i},${i === 41 ? 'abc' : 5 + i / 2},113.65,-8.2`);
  const id = await uploaded(admin, 'tinggi.csv', ['kode,tinggi_m,lon,lat', ...rows].join('\n'));
  const { result: survey } = await step(admin, id, 'survey');
  expect(survey.fields[1]).toMatchObject({ kind: 'text', odd: { row: 42, value: 'abc', kind: 'number' } });
  const made = (kinds: object) => ({ new_layer: { id: 'height', title: 'Tinggi', kinds }, code: 'kode' });
  expect((await step(admin, id, 'try', made({}))).result).toMatchObject({ inserted: 42, rejected: 0 });
  expect((await step(admin, id, 'commit', made({ tinggi_m: 'number' }))).result).toMatchObject({
    ...{ inserted: 41, rejected: 1 },
    faults: [{ row: 42, reason: 'tinggi_m (tinggi_m): "abc" is not a number' }],
  });
  const { rows: sums } = await sql`select sum(tinggi_m) as sum from height`.execute(db);
  expect(sums).toEqual([{ sum: 41 * 5 + 410 }]);
  expect((await step(admin, id, 'try', made({ tinggi: 'number' }))).problem).toMatchObject({ status: 422 });
  expect((await admin.post(`/api/imports/${id}/try`, made({ tinggi_m: 'choice' }))).status).toBe(422);
});

test.for([
  ['../../../etc/cron.d/x.csv', 'x.csv'],
  ['..\\..\\windows\\x.csv', 'x.csv'],
  ['/etc/passwd/x.csv', 'x.csv'],
  ['a\u0000b\u202e\n.csv', 'ab.csv'],
  [`${'panjang'.repeat(30)}.csv`, undefined],
  ['<img src=x onerror=alert(1)>.csv', undefined],
])('a name is text and never a path: %s', async ([given, shown]) => {
  const id = await uploaded(admin, given!, table(`N-1,Satu,1,,${west}`));
  const { name } = await (await admin.get(`/api/imports/${id}`)).json();
  if (shown !== undefined) expect(name).toBe(shown);
  expect(name.length).toBeLessThanOrEqual(121);
  const newest = folders().toSorted(
    (a, b) => statSync(join(tmpdir(), b)).ctimeMs - statSync(join(tmpdir(), a)).ctimeMs,
  )[0]!;
  expect(readdirSync(join(tmpdir(), newest))).toEqual(['upload.csv']);
  expect((await step(admin, id, 'commit', { layer: 'shelter' })).state).toBe('done');
  const { rows } = await sql<{ source: string }>`select source from shelter where code = 'N-1'`.execute(db);
  expect(rows[0]!.source.includes('..')).toBe(false);
});

test('only what can be imported is taken', async () => {
  for (const name of ['a.exe', 'csv', 'a.csv.vrt', 'a.svg', 'a.html'])
    expect((await sendFile(admin.app, name, 'a')).status, name).toBe(415);
  expect((await sendFile(admin.app, '', 'a')).status).toBe(400);
  expect((await sendFile(admin.app, 'a.csv', '')).status).toBe(400);
  expect((await sendFile(admin.app, `${'x'.repeat(400)}.csv`, 'a')).status).toBe(400);
});

const zeros = Buffer.alloc(12 * 2 ** 20);
test.for([
  ['a small file that unpacks to much', () => zip({ 'a.csv': zeros }, { deflate: true }), 413],
  ['one that lies of its size', () => zip({ 'a.csv': zeros }, { deflate: true, claimed: 10 }), 413],
  ['many entries', () => zip(Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`${i}.csv`, 'a']))), 413],
  ['a way out', () => zip({ '../../evil.csv': 'a,lon,lat' }), 422],
  ['a way out, as Windows writes it', () => zip({ '..\\evil.csv': 'a,lon,lat' }), 422],
  ['an absolute name', () => zip({ '/etc/evil.csv': 'a,lon,lat' }), 422],
  ['no end', () => zip({ 'a.csv': 'a,lon,lat\n1,113.6,-8.2' }).subarray(0, 40), 422],
  ['damaged content', () => zip({ 'a.csv': zeros.subarray(0, 1000) }, { deflate: true }).fill(7, 35, 45), 422],
] as const)('an archive with %s is refused before anybody unpacks it', async ([, made, status]) => {
  const id = await uploaded(admin, 'a.zip', made());
  expect((await step(admin, id, 'survey')).problem).toMatchObject({ status });
});

test.for([
  ['a table that is none', 'a.csv', '"', 422],
  ['nothing but zeros', 'a.geojson', '\0\0\0\0', 422],
  [
    'a reference to a file of the server',
    'a.gml',
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
    422,
  ],
  [
    'an entity that names one',
    'a.kml',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><kml><Placemark><name>&e;</name><Point><coordinates>113.6,-8.2</coordinates></Point></Placemark></kml>',
    422,
  ],
  ['a book that is none', 'a.xlsx', 'PK\u0003\u0004', 422],
] as const)('hostile content: %s is a clear refusal', async ([, name, body, status]) => {
  const job = await step(admin, await uploaded(admin, name, body), 'survey');
  if (job.state === 'done') expect(JSON.stringify(job.result)).not.toContain('root:');
  else expect(job.problem).toMatchObject({ status, detail: expect.not.stringContaining(tmpdir()) });
});

test('values of a file stay values', async () => {
  const lines = table(
    `H-1,"'; drop table shelter; --",1,,${west}`,
    `H-2,<script>alert(1)</script>,2,,${west}`,
    `H-3,=1+1,3,,${west}`,
  );
  const { result } = await step(admin, await uploaded(admin, 'h.csv', lines), 'commit', { layer: 'shelter' });
  expect(result).toMatchObject({ inserted: 3 });
  expect((await shelters('H-')).length).toBe(3);
});

test('a zipped Shapefile is read as the command reads it, with its layers', async () => {
  const feature = (code: string, lon: number) => ({
    ...{ type: 'Feature' as const, properties: { kode: code, nama: code } },
    geometry: { type: 'Point' as const, coordinates: [lon, -8.2] },
  });
  const features = { type: 'FeatureCollection' as const, features: [feature('Z-1', 113.65), feature('Z-2', 113.66)] };
  const written = await gdalWrite(folder, features, 'ESRI Shapefile', 'shp', [
    '-t_srs',
    'EPSG:32749',
    '-s_srs',
    'EPSG:4326',
  ]);
  const stem = written.replace(/\.shp$/, '');
  const part = (extension: string) => readFileSync(`${stem}.${extension}`);
  const body = zip({
    'posko.shp': part('shp'),
    'posko.shx': part('shx'),
    'posko.dbf': part('dbf'),
    'posko.prj': part('prj'),
  });
  const id = await uploaded(admin, 'posko.zip', body);
  expect((await step(admin, id, 'survey')).result).toMatchObject({
    format: 'ESRI Shapefile',
    count: 2,
    crs: 'EPSG:32749',
  });
  const { result } = await step(admin, id, 'try', { layer: 'shelter' });
  expect(result).toMatchObject({ inserted: 2 });
  expect(result.preview.features[0].geometry.coordinates[0]).toBeCloseTo(113.65, 1);
});

test('too large, announced or not; and a body that ends too early', async () => {
  const large = 'x'.repeat(2 ** 20 + 1);
  const before = folders().length;
  expect((await sendFile(admin.app, 'a.csv', large)).status).toBe(413);
  const unannounced = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(large));
      controller.close();
    },
  });
  const request = { method: 'POST', body: unannounced, duplex: 'half' };
  expect((await admin.app.request('/api/imports?name=a.csv', request)).status).toBe(413);
  const short = { method: 'POST', body: 'abc', headers: { 'Content-Length': '10' } };
  expect((await admin.app.request('/api/imports?name=a.csv', short)).status).toBe(400);
  expect(folders().length).toBe(before);
});

test('of a client that goes away in the middle nothing stays', async () => {
  const server = serve({ fetch: admin.app.fetch, hostname: '127.0.0.1', port: 0 });
  afterAll(() => server.close());
  await new Promise((resolve) => (server.listening ? resolve(null) : server.once('listening', resolve)));
  const { port } = server.address() as { port: number }; // it listens on TCP
  const before = new Set(folders());
  const socket = connect(port, '127.0.0.1');
  socket.write('POST /api/imports?name=a.csv HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nkode,nama');
  const own = () => folders().filter((name) => !before.has(name));
  await expect
    .poll(() => own().some((name) => existsSync(join(tmpdir(), name, 'upload.csv'))), { timeout: 10_000 })
    .toBe(true);
  socket.destroy();
  await expect.poll(own, { timeout: 10_000 }).toEqual([]);
});

test('two may send at once, one imports at a time and the other is told so; what is cancelled changes nothing', async () => {
  const lines = Array.from({ length: 8_000 }, (_, i) => `T-${i},Tenda ${i},1,,${west}`);
  const [first, second] = await Promise.all([
    uploaded(admin, 'satu.csv', table(...lines)),
    uploaded(operator, 'dua.csv', table(`T2-1,Satu,1,,${west}`)),
  ]);
  expect((await admin.post(`/api/imports/${first}/commit`, { layer: 'shelter' })).status).toBe(202);
  const busy = await operator.post(`/api/imports/${second}/commit`, { layer: 'shelter' });
  expect([busy.status, busy.headers.get('Retry-After')]).toEqual([429, '5']);
  expect((await admin.send('DELETE', `/api/imports/${first}`, undefined)).status).toBe(204);
  expect(await shelters('T-')).toEqual([]);
  expect((await step(operator, second, 'commit', { layer: 'shelter' })).result).toMatchObject({ inserted: 1 });
});

test('an import that takes too long is ended', async () => {
  const slow = await testApp(connection, { IMPORT_MINUTES: 0.000_01 });
  const door = doorOf(slow.parts, viewerNamed('Ayu', { role: 'admin' }));
  const lines = Array.from({ length: 5_000 }, (_, i) => `L-${i},Lama ${i},1,,${west}`);
  const id = await uploaded(door, 'lama.csv', table(...lines));
  expect((await step(door, id, 'commit', { layer: 'shelter' })).problem).toMatchObject({ status: 503 });
  expect(await shelters('L-')).toEqual([]);
  // GDAL's thread knows of no time: it is ended where it stands, with what it has written.
  const track = '<gpx version="1.1"><wpt lat="-8.2" lon="113.6"/></gpx>';
  const before = new Set(folders());
  const hanging = await uploaded(door, 'a.gpx', track);
  expect((await step(door, hanging, 'survey')).problem).toMatchObject({ status: 503 });
  const own = folders().filter((name) => !before.has(name));
  expect(own.flatMap((name) => readdirSync(join(tmpdir(), name)))).toEqual(['upload.gpx']);
});

test('of one person three files are kept, none longer than an hour, and none of a process that died', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push(await uploaded(inArea, `${i}.csv`, 'a'));
  const there = async () => Promise.all(ids.map(async (id) => (await inArea.get(`/api/imports/${id}`)).status));
  expect(await there()).toEqual([404, 200, 200, 200]);
  const dead = mkdtempSync(join(tmpdir(), 'pendopo-upload-'));
  const fresh = mkdtempSync(join(tmpdir(), 'pendopo-upload-'));
  const long = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(dead, long, long);
  await parts.uploads.tidy();
  expect([existsSync(dead), existsSync(fresh)]).toEqual([false, true]);
  expect((await there())[3]).toBe(200);
  await parts.uploads.tidy(Date.now() + 61 * 60_000);
  expect(await there()).toEqual([404, 404, 404, 404]);
  utimesSync(fresh, long, long);
  await parts.uploads.tidy();
  expect(complaints).toEqual([]);
  expect((await ended(admin, await uploaded(admin, 'akhir.csv', 'a'))).state).toBe('idle');
});
