import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Geometry } from 'geojson';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { importNewLayer } from '../../server/ingest/import/import_new.ts';
import { describeReport } from '../../server/ingest/import/report.ts';
import { attributesOf } from '../../server/registry/layer.ts';
import { runtimeLayers } from '../../server/registry/runtime_layers.ts';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { importInto, importOptions } from '../support/import.ts';

const { connection } = await testDatabase();
const folder = temporaryFolder();
const region = [113.2, -8.65, 114.1, -7.9] as const;

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A GeoJSON file of features; its name is the trap it holds. */
function features(name: string, list: readonly (readonly [properties: object, geometry: Geometry | null])[]): string {
  const all = list.map(([properties, geometry]) => ({ type: 'Feature', properties, geometry }));
  return file(`${name}.geojson`, JSON.stringify({ type: 'FeatureCollection', features: all }));
}

const point = (lon: number, lat: number): Geometry => ({ type: 'Point', coordinates: [lon, lat] });
const square = (west: number, south: number, size: number): number[][] => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const polygon = (...rings: number[][][]): Geometry => ({ type: 'Polygon', coordinates: rings });

async function rows(query: ReturnType<typeof sql>): Promise<unknown[]> {
  return (await query.execute(connection.db)).rows;
}
const shelters = () => rows(sql`select code, name, capacity, version, source from shelter order by code`);

beforeEach(() => sql`truncate shelter, flood_zone, village, complaint`.execute(connection.db));

describe('the second run', () => {
  test('a changed row is updated, the others are untouched, what is absent stays', async () => {
    const all = [1, 2, 3].map(
      (i) => [{ kode: `P-${i}`, nama: `Posko ${i}`, kapasitas: i }, point(113.6, -8.2)] as const,
    );
    await importInto(connection, 'shelter', features('shelters', all));
    const changed = [all[0]!, [{ kode: 'P-2', nama: 'Posko 2', kapasitas: 0 }, point(113.6, -8.2)] as const];
    const report = await importInto(connection, 'shelter', features('shelters', changed));
    expect(report).toMatchObject({ read: 2, inserted: 0, updated: 1, unchanged: 1 });
    const source = 'import:shelters.geojson';
    expect(await shelters()).toEqual([
      { code: 'P-1', name: 'Posko 1', capacity: 1, version: 1, source },
      { code: 'P-2', name: 'Posko 2', capacity: 0, version: 2, source },
      { code: 'P-3', name: 'Posko 3', capacity: 3, version: 1, source },
    ]);
  });

  test('an attribute that the file does not have is left alone', async () => {
    await importInto(
      connection,
      'shelter',
      features('with', [[{ kode: 'P', nama: 'Posko', kapasitas: 7 }, point(113.6, -8.2)]]),
    );
    await importInto(
      connection,
      'shelter',
      features('without', [[{ kode: 'P', nama: 'Posko Baru' }, point(113.6, -8.2)]]),
    );
    expect(await shelters()).toMatchObject([{ name: 'Posko Baru', capacity: 7 }]);
  });

  test('rows without a key are known by their content, alike ones by their turn', async () => {
    const alike = [{ nama: 'Posko' }, point(113.6, -8.2)] as const;
    const path = features('no_key', [alike, [{ nama: 'Lain' }, point(113.6, -8.2)], alike]);
    expect(await importInto(connection, 'shelter', path)).toMatchObject({ inserted: 3, skipped: 0 });
    expect(await importInto(connection, 'shelter', path)).toMatchObject({ inserted: 0, unchanged: 3 });
    expect(await importInto(connection, 'shelter', path, { map: { name: 'nama', address: 'nama' } })).toMatchObject({
      inserted: 0,
      updated: 3,
    });
  });

  test('a key that comes again in the same file is skipped', async () => {
    const path = features(
      'same_code',
      [1, 2, 1].map((i) => [{ kode: i, nama: `Posko ${i}` }, point(113.6, -8.2)]),
    );
    const report = await importInto(connection, 'shelter', path, { code: 'kode' });
    expect(report).toMatchObject({ read: 3, inserted: 2, skipped: 1, rejected: 0 });
    expect(report.faults).toEqual([{ row: 3, reason: 'skipped: code 1 was in row 1' }]);
  });
});

test('official boundaries replace the schematic ones of the same code', async () => {
  await sql`insert into village (code, name, source, geom) values
    ('35.09.01.2001', 'Padomasan', 'schematic', st_multi(st_makeenvelope(113.3, -8.3, 113.4, -8.2, 4326))),
    ('35.09.01.2002', 'Keting', 'schematic', st_multi(st_makeenvelope(113.4, -8.3, 113.5, -8.2, 4326)))`.execute(
    connection.db,
  );
  const path = features('official', [
    [{ kode: '35.09.01.2001', nama: 'Padomasan' }, polygon(square(113.31, -8.29, 0.05))],
  ]);
  expect(await importInto(connection, 'village', path, { region })).toMatchObject({ updated: 1, inserted: 0 });
  expect(
    await rows(
      sql`select code, source, kind, st_npoints(geom) as points, round(st_xmin(geom)::numeric, 2)::float8 as west from village order by code`,
    ),
  ).toEqual([
    { code: '35.09.01.2001', source: 'import:official.geojson', kind: 'desa', points: 5, west: 113.31 },
    { code: '35.09.01.2002', source: 'schematic', kind: 'desa', points: 5, west: 113.4 },
  ]);
  for (const kode of ['35.09.01', '3509012001']) {
    const wrong = features('wrong_code', [[{ kode, nama: 'Jombang' }, polygon(square(113.31, -8.29, 0.05))]]);
    await expect(importInto(connection, 'village', wrong, { region })).rejects.toMatchObject({
      message: expect.stringMatching(/the code of a village is written with dots, like 35.09.01.2001$/),
      members: { faults: [{ row: 1, words: { id: 'kode desa ditulis dengan titik, seperti 35.09.01.2001' } }] },
    });
  }
});

test('each row is told its village; where two overlap, the one with the smaller code', async () => {
  await sql`insert into village (code, name, geom) values
    ('35.09.01.2002', 'B', st_multi(st_makeenvelope(113.3, -8.3, 113.45, -8.2, 4326))),
    ('35.09.01.2001', 'A', st_multi(st_makeenvelope(113.4, -8.3, 113.5, -8.2, 4326)))`.execute(connection.db);
  const path = features('overlap', [
    [{ kode: '1', nama: 'in B' }, point(113.35, -8.25)],
    [{ kode: '2', nama: 'in both' }, point(113.42, -8.25)],
    [{ kode: '3', nama: 'in none' }, point(113.9, -8.25)],
  ]);
  await importInto(connection, 'shelter', path);
  expect(await rows(sql`select area_code from shelter order by code`)).toEqual([
    { area_code: '35.09.01.2002' },
    { area_code: '35.09.01.2001' },
    { area_code: null },
  ]);
});

describe('a bad row is reported and the others go in', () => {
  test('values', async () => {
    const at = point(113.6, -8.2);
    const path = features('bad_values', [
      [{ kode: 'ok', nama: 'Baik', kapasitas: '1.250', status: 'OPEN', 'ramah disabilitas': 'Ya' }, at],
      [{ kode: 'a', nama: 'Bukan angka', kapasitas: 'banyak' }, at],
      [{ kode: 'b', nama: 'Di bawah nol', kapasitas: -1 }, at],
      [{ kode: 'c', nama: 'Pecahan', kapasitas: 1.5 }, at],
      [{ kode: 'd', nama: 'Status asing', status: 'setengah' }, at],
      [{ kode: 'e', nama: '', kapasitas: 1 }, at],
      [{ kode: 'f', nama: 'x'.repeat(201) }, at],
      [{ kode: 'g', nama: 'nul\u0000' }, at],
      [{ kode: 'h', nama: 'setengah \ud83c' }, at],
      [{ kode: 'i', nama: 'Mungkin', 'ramah disabilitas': 'mungkin' }, at],
    ]);
    const report = await importInto(connection, 'shelter', path, { code: 'kode', notation: 'id' });
    expect(report).toMatchObject({ read: 10, inserted: 1, rejected: 9 });
    expect(report.faults).toEqual([
      { row: 2, reason: 'capacity (kapasitas): "banyak" is not a number in the notation id' },
      { row: 3, reason: 'capacity (kapasitas): -1 is outside 0 to 1000000' },
      { row: 4, reason: 'capacity (kapasitas): 1.5 is not a whole number' },
      { row: 5, reason: 'state (status): "setengah" is none of full, nearly_full, open, ready, unusable' },
      { row: 6, reason: 'name (nama): is missing' },
      { row: 7, reason: 'name (nama): is longer than 200 characters' },
      { row: 8, reason: 'name (nama): holds the character NUL' },
      { row: 9, reason: 'name (nama): holds half a character (a lone surrogate)' },
      { row: 10, reason: 'accessible (ramah disabilitas): "mungkin" is neither yes nor no' },
    ]);
    expect(await rows(sql`select capacity, state, accessible from shelter`)).toEqual([
      { capacity: 1250, state: 'open', accessible: true },
    ]);
    expect(describeReport(report).slice(0, 2)).toEqual([
      '10 read, 1 inserted, 0 updated, 0 unchanged, 9 rejected',
      'row 2: capacity (kapasitas): "banyak" is not a number in the notation id',
    ]);
  });

  test('places', async () => {
    const path = features('bad_places', [
      [{ nama: 'ok' }, point(113.6, -8.2)],
      [{ nama: 'null' }, null],
      [
        { nama: 'line' },
        {
          type: 'LineString',
          coordinates: [
            [113.6, -8.2],
            [113.7, -8.2],
          ],
        },
      ],
      [{ nama: 'one of many' }, { type: 'MultiPoint', coordinates: [[113.6, -8.3]] }],
      [
        { nama: 'many' },
        {
          type: 'MultiPoint',
          coordinates: [
            [113.6, -8.2],
            [113.7, -8.2],
          ],
        },
      ],
      [{ nama: 'swapped' }, point(-8.2, 113.6)],
      [{ nama: 'zero' }, point(0, 0)],
      [{ nama: 'metres' }, point(788000, 9093000)],
      [{ nama: 'height' }, { type: 'Point', coordinates: [113.61, -8.2, 89] }],
      [{ nama: 'broken' }, { type: 'Point', coordinates: ['113', -8.2] as unknown as number[] }],
    ]);
    const report = await importInto(connection, 'shelter', path, { region });
    expect(report).toMatchObject({ read: 10, inserted: 3, rejected: 7 });
    expect(report.faults.map(({ row, reason }) => `${row} ${reason}`)).toEqual([
      '2 null geometry',
      '3 a LineString where the layer has Point',
      '5 a MultiPoint where the layer has Point',
      '6 coordinates outside EPSG:4326 (are they metres? use --srs)',
      '7 outside the region (0, 0, 0, 0); use --anywhere',
      '8 coordinates outside EPSG:4326 (are they metres? use --srs)',
      '10 "113" in a position is not a number',
    ]);
    const again = await importInto(connection, 'shelter', path, { region, unlocated: true });
    expect(again).toMatchObject({ inserted: 1, unchanged: 3, unlocated: 1, rejected: 6 });
  });

  test('a table with blank, half and unreadable places', async () => {
    const path = file(
      'half_a_place.csv',
      'kode,nama,lon,lat\n1,a,113.6,-8.2\n2,b,,\n3,c,113.6,\n4,d,x,-8.2\n5,e,113.6,-8.2,6\n',
    );
    const report = await importInto(connection, 'shelter', path);
    expect(report).toMatchObject({ read: 5, inserted: 2, unlocated: 1, rejected: 3 });
    expect(report.faults).toEqual([
      { row: 3, reason: 'a longitude without a latitude' },
      { row: 4, reason: 'longitude: "x" is not a number' },
      { row: 5, reason: '5 values where the header has 4 columns' },
    ]);
  });
});

describe('polygons', () => {
  const bow = polygon([
    [113.3, -8.3],
    [113.4, -8.2],
    [113.4, -8.3],
    [113.3, -8.2],
    [113.3, -8.3],
  ]);

  test('a self-crossing one is repaired, a sliver of no area refused', async () => {
    const path = features('self_crossing_polygon', [
      [{ nama: 'baik' }, polygon(square(113.3, -8.3, 0.1), square(113.32, -8.28, 0.02).toReversed())],
      [{ nama: 'kupu-kupu' }, bow],
      [
        { nama: 'garis' },
        polygon([
          [113.3, -8.3],
          [113.4, -8.3],
          [113.3, -8.3],
          [113.3, -8.3],
        ]),
      ],
    ]);
    const report = await importInto(connection, 'flood_zone', path, { region });
    expect(report).toMatchObject({ read: 3, inserted: 2, rejected: 1, repaired: [2] });
    expect(report.faults).toEqual([
      { row: 3, reason: 'nothing is left of the geometry after repair' },
      { row: 2, reason: 'repaired: the geometry was not valid' },
    ]);
    expect(
      await rows(sql`select name, st_numgeometries(geom) as parts, st_isvalid(geom) as valid, round((st_area(geom) * 10000)::numeric, 3)::float8 as area
      from flood_zone order by name`),
    ).toEqual([
      { name: 'baik', parts: 1, valid: true, area: 96 },
      { name: 'kupu-kupu', parts: 2, valid: true, area: 50 },
    ]);
  });

  test('one across longitude 180 is cut there, and is refused by a region', async () => {
    const path = features('antimeridian', [
      [
        { nama: 'fiji' },
        polygon([
          [177, -19],
          [-178, -19],
          [-178, -16],
          [177, -16],
          [177, -19],
        ]),
      ],
    ]);
    await expect(importInto(connection, 'flood_zone', path, { region })).rejects.toThrow(/outside the region/);
    expect(await importInto(connection, 'flood_zone', path)).toMatchObject({ inserted: 1, repaired: [] });
    expect(
      await rows(sql`select round(st_xmin(part.geom)::numeric) as west, round(st_xmax(part.geom)::numeric) as east
      from flood_zone, st_dump(flood_zone.geom) as part order by 1`),
    ).toEqual([
      { west: '-180', east: '-178' },
      { west: '177', east: '180' },
    ]);
  });
});

test('times without a zone are of the zone named', async () => {
  const at = [
    '2017-02-20T02:36:00.5',
    '2017-02-20 02:36',
    '2017-02-20T02:36:00Z',
    '20/02/2017 2:36 PM',
    '2017-02-20T02:36:00+0900',
    '',
  ];
  const path = file(
    'times.csv',
    `kode,pokok aduan,created_date,lon,lat\n${at.map((time, i) => `${i},a,"${time}",113.6,-8.2`).join('\n')}`,
  );
  await importInto(connection, 'complaint', path, { dateOrder: 'dmy' });
  expect(
    await rows(
      sql`select to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') as at from complaint order by code`,
    ),
  ).toEqual(
    [
      '2017-02-19T19:36:00.500',
      '2017-02-19T19:36:00.000',
      '2017-02-20T02:36:00.000',
      '2017-02-20T07:36:00.000',
      '2017-02-19T17:36:00.000',
      null,
    ].map((time) => ({ at: time })),
  );
});

describe('errors that change nothing', () => {
  const cases: Record<string, [path: () => string, message: RegExp]> = {
    'no such file': [() => join(folder, 'absent.geojson'), /There is no file/],
    'a folder': [() => folder, /is not a file/],
    'empty file': [() => file('empty.geojson', ''), /is empty/],
    'no features': [() => features('none', []), /it has no row/],
    'a header and nothing else': [() => file('header.csv', 'nama,lon,lat\n'), /it has no row/],
    'cut off': [
      () =>
        file(
          'cut.geojson',
          '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nama":"x"},"geom',
        ),
      /cut off/,
    ],
    'not JSON': [() => file('not.geojson', '{"type": "Feature" "geometry": null}'), /not JSON/],
    'JSON of something else': [() => file('package.json', '{"name":"x"}'), /not GeoJSON/],
    'an open quote': [() => file('quote.csv', 'nama,lon,lat\n"a,113.6,-8.2\n'), /cannot be read/],
    'a column twice': [() => file('twice.csv', 'nama,nama,lon,lat\na,b,113.6,-8.2\n'), /occurs twice/],
    'another kind of file': [() => file('photo.jpg', 'not a photo'), /Not a feature file/],
    metadata: [
      () => file('meta.xml', '<?xml version="1.0"?><gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>'),
      /Not a feature file/,
    ],
    'geometries of another kind': [
      () =>
        features('lines', [
          [
            { nama: 'a' },
            {
              type: 'LineString',
              coordinates: [
                [113.6, -8.2],
                [113.7, -8.2],
              ],
            },
          ],
        ]),
      /a LineString where the layer has Point/,
    ],
    'metres taken for degrees': [
      () => features('metres', [[{ nama: 'a' }, point(788000, 9093000)]]),
      /outside EPSG:4326 \(are they metres\? use --srs\)/,
    ],
    'all outside the region': [
      () => features('far', [[{ nama: 'a' }, point(106.8, -6.2)]]),
      /outside the region.*--anywhere/,
    ],
    'no name': [() => features('nameless', [[{ x: 1 }, point(113.6, -8.2)]]), /"name" is required.*--map name=FIELD/],
  };
  for (const [name, [path, message]] of Object.entries(cases)) {
    test(name, async () => {
      await sql`insert into shelter (code, name) values ('P', 'Posko')`.execute(connection.db);
      await expect(importInto(connection, 'shelter', path(), { region })).rejects.toThrow(message);
      expect(await shelters()).toMatchObject([{ code: 'P', version: 1 }]);
    });
  }

  test('a mapping of what does not exist or is not for imports', async () => {
    const path = features('mapped', [[{ nama: 'a' }, point(113.6, -8.2)]]);
    await expect(importInto(connection, 'shelter', path, { map: { nam: 'nama' } })).rejects.toThrow(
      /shelter\.nam does not exist/,
    );
    await expect(importInto(connection, 'shelter', path, { map: { name: 'Nama' } })).rejects.toThrow(
      /no field "Nama"; it has: nama/,
    );
    await expect(importInto(connection, 'camera', path, { map: { status: 'nama' } })).rejects.toThrow(
      /not filled by imports/,
    );
    await expect(importInto(connection, 'shelter', path, { code: 'kode' })).rejects.toThrow(/no field "kode"/);
    await expect(importInto(connection, 'shelter', path, { srs: 'UTM 49' })).rejects.toThrow(/--srs/);
  });

  test('a dry run says what would happen', async () => {
    const path = features('dry', [[{ nama: 'a' }, point(113.6, -8.2)]]);
    const report = await importInto(connection, 'shelter', path, { dryRun: true });
    expect(report).toMatchObject({ inserted: 1, dryRun: true });
    expect(await shelters()).toEqual([]);
  });
});

describe('a new layer', () => {
  const trees = () =>
    features('trees', [
      [
        {
          No: 1,
          'Nama Pohon': 'Trembesi',
          kondisi: 'Baik',
          tinggi: 12.5,
          ditanam: '2011-03-01',
          code: 'T-1',
          source: 'dinas',
          pupuk: 'ya',
        },
        point(113.6, -8.2),
      ],
      [
        {
          No: 2,
          'Nama Pohon': 'Beringin',
          kondisi: 'BAIK',
          tinggi: 0,
          ditanam: '1950-01-01',
          code: 'T-2',
          source: 'dinas',
          pupuk: 'tidak',
        },
        point(113.61, -8.2),
      ],
      [
        {
          No: 3,
          'Nama Pohon': 'Sono',
          kondisi: 'Rusak-berat',
          tinggi: 7,
          ditanam: null,
          code: 'T-3',
          source: 'warga',
          pupuk: '',
        },
        point(113.62, -8.2),
      ],
    ]);

  test('has the attributes of its file and behaves like any other', async () => {
    const { layer, report } = await importNewLayer(
      connection,
      { id: 'tree', title: 'Pohon' },
      trees(),
      importOptions(),
    );
    expect(report).toMatchObject({ read: 3, inserted: 3, rejected: 0 });
    expect(Object.fromEntries([...attributesOf(layer)].map(([key, { kind }]) => [key, kind]))).toEqual({
      no: 'integer',
      nama_pohon: 'text',
      kondisi: 'choice',
      tinggi: 'number',
      ditanam: 'date',
      source_value: 'choice',
      pupuk: 'boolean',
    });
    expect(layer).toMatchObject({
      id: 'tree',
      geometry: 'Point',
      name: 'nama_pohon',
      group: 'other',
      below: 'cluster',
      runtime: true,
    });
    expect(
      await rows(sql`select code, nama_pohon, kondisi, tinggi, ditanam, source_value, pupuk from tree order by code`),
    ).toEqual([
      {
        code: 'T-1',
        nama_pohon: 'Trembesi',
        kondisi: 'baik',
        tinggi: 12.5,
        ditanam: '2011-03-01',
        source_value: 'dinas',
        pupuk: true,
      },
      {
        code: 'T-2',
        nama_pohon: 'Beringin',
        kondisi: 'baik',
        tinggi: 0,
        ditanam: '1950-01-01',
        source_value: 'dinas',
        pupuk: false,
      },
      {
        code: 'T-3',
        nama_pohon: 'Sono',
        kondisi: 'rusak_berat',
        tinggi: 7,
        ditanam: null,
        source_value: 'warga',
        pupuk: null,
      },
    ]);
  });

  test('is read back from the database as it was made, and takes the same file again', async () => {
    const [stored] = await runtimeLayers(connection.db);
    expect(stored?.id).toBe('tree');
    const attributes = attributesOf(stored!);
    expect([...attributes.keys()]).toEqual([
      'no',
      'nama_pohon',
      'kondisi',
      'tinggi',
      'ditanam',
      'source_value',
      'pupuk',
    ]);
    expect(attributes.get('kondisi')).toMatchObject({
      choices: { baik: { id: 'Baik' }, rusak_berat: { en: 'Rusak-berat' } },
    });
    const changes = await rows(sql`select layer, op from change order by n desc limit 2`);
    expect(changes).toEqual([
      { layer: 'tree', op: 'insert' },
      { layer: 'layer_definition', op: 'insert' },
    ]);
    const { importFile } = await import('../../server/ingest/import/import_file.ts');
    expect(await importFile(connection, stored!, trees(), importOptions())).toMatchObject({
      read: 3,
      unchanged: 3,
      rejected: 0,
    });
  });

  test('is not made when its name is taken, its file is no good, or it is only tried', async () => {
    const options = importOptions();
    await expect(importNewLayer(connection, { id: 'shelter', title: 'x' }, trees(), options)).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(importNewLayer(connection, { id: 'change', title: 'x' }, trees(), options)).rejects.toMatchObject({
      code: 'conflict',
    });
    for (const id of ['Pohon 2', 'new', 'a__b', 'tree_'])
      await expect(importNewLayer(connection, { id, title: 'x' }, trees(), options)).rejects.toThrow(
        /^--id: ".*" is no name for a layer: write it like street_tree/,
      );
    const mixed = features('mixed', [
      [{ a: 1 }, point(113.6, -8.2)],
      [{ a: 2 }, polygon(square(113.3, -8.3, 0.1))],
    ]);
    await expect(importNewLayer(connection, { id: 'mixed', title: 'x' }, mixed, options)).rejects.toThrow(
      /1 Point, 1 Polygon/,
    );
    const far = features('far', [[{ a: 1 }, point(0, 0)]]);
    await expect(importNewLayer(connection, { id: 'far', title: 'x' }, far, importOptions({ region }))).rejects.toThrow(
      /outside the region/,
    );
    await importNewLayer(connection, { id: 'tried', title: 'x' }, trees(), importOptions({ dryRun: true }));
    expect(
      await rows(sql`select to_regclass('mixed') as a, to_regclass('far') as b, to_regclass('tried') as c`),
    ).toEqual([{ a: null, b: null, c: null }]);
    expect(await runtimeLayers(connection.db)).toHaveLength(1);
  });
});
