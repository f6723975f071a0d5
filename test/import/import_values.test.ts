import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unroll } from '../../server/ingest/import/antimeridian.ts';
import { converter } from '../../server/ingest/import/convert.ts';
import { geojsonRows } from '../../server/ingest/import/geojson.ts';
import { inferLayer } from '../../server/ingest/import/infer_layer.ts';
import { isLayerId } from '../../server/ingest/import/layer_id.ts';
import { describeMapping, mapFields } from '../../server/ingest/import/mapping.ts';
import { nearest } from '../../server/ingest/import/nearest.ts';
import { parseNumber } from '../../server/ingest/import/numbers.ts';
import { openSource } from '../../server/ingest/import/open.ts';
import { placeColumns } from '../../server/ingest/import/places.ts';
import type { ImportRow } from '../../server/ingest/import/row.ts';
import { survey } from '../../server/ingest/import/survey.ts';
import { parseDay, parseInstant } from '../../server/ingest/import/times.ts';
import { parseWkt } from '../../server/ingest/import/wkt.ts';
import { describe as attributeOf } from '../../server/registry/attribute.ts';
import { attributesOf } from '../../server/registry/layer.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
const layers = new Map((await layerFiles()).map((layer) => [layer.id, layer]));

async function read(content: string): Promise<ImportRow[]> {
  const path = join(folder, 'file.geojson');
  writeFileSync(path, content);
  const rows: ImportRow[] = [];
  for await (const row of geojsonRows(path, () => {}, 'utf-8')) rows.push(row);
  return rows;
}

describe('numbers written for people', () => {
  const cases: [text: string, plain: number | null, id: number | null, en: number | null][] = [
    ['1.234,5', 1234.5, 1234.5, null],
    ['1,234.5', 1234.5, null, 1234.5],
    ['1234.5', 1234.5, null, 1234.5],
    ['1,234', null, 1.234, 1234],
    ['1.234', 1.234, 1234, 1.234],
    ['1,5', 1.5, 1.5, null],
    ['1.234.567', 1234567, 1234567, null],
    ['1e3', 1000, null, null],
    ['0', 0, 0, 0],
    ['-7', -7, -7, -7],
    ['12,34,5', null, null, null],
    ['', null, null, null],
    ['5 m', null, null, null],
    ['Infinity', null, null, null],
  ];
  for (const [text, plain, id, en] of cases) {
    test(`"${text}"`, () => {
      const number = (notation: 'id' | 'en' | undefined) => {
        const value = parseNumber(text, notation);
        return typeof value === 'number' ? value : null;
      };
      expect([number(undefined), number('id'), number('en')]).toEqual([plain, id, en]);
    });
  }
});

describe('times', () => {
  const jakarta = { timezone: 'Asia/Jakarta', dateOrder: undefined } as const;
  const cases: [text: string, utc: string | null, order?: 'dmy' | 'mdy' | undefined, zone?: string][] = [
    ['2017-02-20T07:58:22.262', '2017-02-20T00:58:22.262Z'],
    ['2008-12-11 04:42:14+00', '2008-12-11T04:42:14.000Z'],
    ['2024/04/16 03:03:15', '2024-04-15T20:03:15.000Z'],
    ['2025-12-24T09:05:00+0800', '2025-12-24T01:05:00.000Z'],
    ['2025-12-24 09:05 WITA', '2025-12-24T01:05:00.000Z'],
    ['20250131', '2025-01-30T17:00:00.000Z'],
    ['03/24/2025 12:00:01 AM', '2025-03-24T04:00:01.000Z', 'mdy', 'America/New_York'],
    ['03/04/2025 11:33 PM', '2025-04-03T16:33:00.000Z', 'dmy'],
    ['03/04/2025', null],
    ['2024-11-03T01:30:00', '2024-11-03T05:30:00.000Z', undefined, 'America/New_York'],
    ['2025-02-30', null],
    ['25:00', null],
    ['kemarin', null],
  ];
  for (const [text, utc, dateOrder, timezone = 'Asia/Jakarta'] of cases) {
    test(text, () => {
      const found = parseInstant(text, { timezone, dateOrder });
      expect(typeof found === 'string' ? found : null).toBe(utc);
    });
  }

  test('a day is the day that is written, whatever the zone', () => {
    expect(parseDay('2011-03-01T23:00:00-05:00', jakarta)).toBe('2011-03-01');
    expect(parseDay('1/3/2011', { ...jakarta, dateOrder: 'dmy' })).toBe('2011-03-01');
  });
});

test('a choice is known by key, title in either language and alias, whatever the case', () => {
  const state = attributeOf(layers.get('complaint')!.attributes.shape.state!);
  const convert = converter(state, { timezone: 'UTC', dateOrder: undefined, notation: undefined, keepEmpty: false });
  for (const spelling of ['in_progress', 'In Progress', 'DIKERJAKAN', ' started '])
    expect(convert(spelling)).toEqual({ value: 'in_progress' });
  expect(convert('')).toEqual({ value: null });
  expect(convert('half done')).toMatchObject({ fault: expect.stringMatching(/^"half done" is none of received, /) });
});

test('every choice of every layer is found again by its own key and titles', () => {
  const options = { timezone: 'UTC', dateOrder: undefined, notation: undefined, keepEmpty: false } as const;
  for (const layer of layers.values()) {
    for (const [name, attribute] of attributesOf(layer)) {
      if (attribute.kind !== 'choice') continue;
      const convert = converter(attribute, options);
      for (const key of Object.keys(attribute.choices))
        expect({ name, found: convert(key) }).toEqual({ name, found: { value: key } });
    }
  }
});

describe('JSON piece by piece', () => {
  test('features longer than what is read at once, with quotes and brackets in their texts', async () => {
    const text = `x"\\]}{[\u2028🌊`.repeat(100_000);
    const feature = {
      type: 'Feature',
      properties: { text, nested: { deep: { depth: 3 }, list: [1] } },
      geometry: null,
    };
    const rows = await read(
      JSON.stringify({ type: 'FeatureCollection', name: '}', features: [feature, feature], bbox: [1, 2, 3, 4] }),
    );
    expect(rows).toHaveLength(2);
    expect(rows[1]?.properties).toEqual({ text, 'nested.deep.depth': 3, 'nested.list': '[1]' });
  });

  test('one broken feature among good ones is a bad row, not a bad file', async () => {
    const rows = await read(
      '{"features":[{"type":"Feature","properties":{},"geometry":null},{"type" "Feature"},null,7,{"type":"Feature","properties":{},"geometry":null}],"type":"FeatureCollection"}',
    );
    expect(rows.map(({ fault }) => fault)).toEqual([
      undefined,
      'not JSON',
      'not a feature: not an object',
      'not a feature: not an object',
      undefined,
    ]);
  });

  test('a file cut off in any place is an error', async () => {
    const whole =
      '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":"b\\"c"},"geometry":null}]}';
    for (let end = 1; end < whole.length; end++)
      await expect(read(whole.slice(0, end))).rejects.toThrow(/cut off|not JSON|not GeoJSON|type/);
  });
});

test('the columns of a place, in both languages', () => {
  expect(placeColumns(['Nama', 'Bujur', 'Lintang'])).toEqual({ longitude: 'Bujur', latitude: 'Lintang' });
  expect(placeColumns(['x_coordinate_state_plane', 'latitude', 'longitude', 'location'])).toEqual({
    longitude: 'longitude',
    latitude: 'latitude',
  });
  expect(placeColumns(['X', 'Y', 'fid'])).toEqual({ longitude: 'X', latitude: 'Y' });
  expect(placeColumns(['the_geom', 'lat', 'lon'])).toEqual({ wkt: 'the_geom' });
  expect(placeColumns(['lat_lng', 'nama'])).toEqual({ latitudeLongitude: 'lat_lng' });
  expect(placeColumns(['nama', 'lat'])).toBeUndefined();
});

test('well-known text', () => {
  expect(parseWkt('SRID=4326;Point Z (113.6 -8.2 5)')).toEqual({ type: 'Point', coordinates: [113.6, -8.2, 5] });
  expect(parseWkt('MULTIPOINT ((1 2), (3 4))')).toEqual(parseWkt('MULTIPOINT (1 2, 3 4)'));
  expect(parseWkt('MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))')).toEqual({
    type: 'MultiPolygon',
    coordinates: [
      [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    ],
  });
  for (const text of ['POINT EMPTY', 'POINT', 'CIRCLE (1 2)', 'POLYGON ((0 0, 1 1)', ''])
    expect(parseWkt(text)).toBeUndefined();
});

test('a shape over the antimeridian is unrolled, a band round the earth is not', () => {
  expect(
    unroll({
      type: 'LineString',
      coordinates: [
        [170, 0],
        [-170, 1],
        [170, 2],
      ],
    }),
  ).toEqual({
    crosses: true,
    geometry: {
      type: 'LineString',
      coordinates: [
        [170, 0],
        [190, 1],
        [170, 2],
      ],
    },
  });
  const band = {
    type: 'Polygon' as const,
    coordinates: [
      [
        [-180, 40],
        [180, 40],
        [180, 50],
        [-180, 50],
        [-180, 40],
      ],
    ],
  };
  expect(unroll(band)).toEqual({ crosses: false, geometry: band });
});

test('fields are matched by names in both languages; a name that repeats is no key', async () => {
  const rows = [1, 2, 3].map((number) => ({
    number,
    properties: {
      KODE: 'sama',
      NAMOBJ: `Posko ${number}`,
      'Daya Tampung': 5,
      'Penanggung jawab': 'Budi',
      verified: 'x',
    },
    geometry: null,
  }));
  const found = await survey(
    (async function* () {
      yield* rows;
    })(),
  );
  const mapping = mapFields(layers.get('shelter')!, found.fields, { map: new Map() });
  expect(mapping.code).toBeUndefined();
  expect(Object.fromEntries(mapping.columns)).toEqual({
    name: 'NAMOBJ',
    capacity: 'Daya Tampung',
    keeper: 'Penanggung jawab',
  });
  expect(mapping.unused).toEqual(['KODE', 'verified']);
});

test('the columns that say where a row is become its place: neither attributes nor unused', async () => {
  const path = join(folder, 'places.csv');
  writeFileSync(path, 'kode,nama,lon,lat,catatan,luas\nA,Satu,113.6,-8.2,,3\nB,Dua,113.7,-8.2,,4\n');
  const source = await openSource(path, {});
  const found = await survey(source.rows(() => {}));
  expect(source.place).toEqual(['lon', 'lat']);
  const made = inferLayer({ id: 'tree', title: 'Pohon' }, found, 'kode', source.place);
  expect(Object.keys(made.layer.attributes.shape)).toEqual(['nama', 'luas']);
  expect(describeMapping(made.layer, made.mapping).map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
    'code ← kode (key)',
    'geom ← lon, lat',
    'nama ← nama (text)',
    'luas ← luas (whole number)',
    'not used: catatan',
  ]);
  const shelter = layers.get('shelter')!;
  const known = describeMapping(shelter, mapFields(shelter, found.fields, { map: new Map() }, source.place));
  expect(known.join('\n')).toMatch(/^ {2}geom +← lon, lat$/m);
  expect(known.at(-1)).toBe('  not used: catatan, luas');
});

test.for([
  ['12.5|8|abc|9', 'text, because of row 3: "abc"'],
  ['abc|12|8|9', 'text, because of row 1: "abc"'],
  ['2024-01-05|2024-02-30|2024-03-01', 'text, because of row 2: "2024-02-30"'],
  ['ya|tidak|mungkin|ya', 'choice, because of row 3: "mungkin"'],
  ['12|12A|12B|12C', 'text'],
  ['Trembesi|Mahoni|Sono', 'text'],
  ['1|2|2.5', 'number'],
  ['2024-01-05 10:00|2024-01-06 11:30', 'time'],
  ['2024-01-05|2024-01-06', 'date'],
  ['ya|tidak', 'yes or no'],
  ['baik|rusak|baik', 'choice'],
])('what a column of a new layer becomes is said, and which value it is for: %s', async ([cells, said]) => {
  const path = join(folder, 'kinds.csv');
  const lines = cells!.split('|').map((cell, i) => `A-${i},${cell}`);
  writeFileSync(path, ['kode,isi', ...lines].join('\n'));
  const source = await openSource(path, {});
  const { layer, mapping } = inferLayer({ id: 'tree', title: 'Pohon' }, await survey(source.rows(() => {})), 'kode');
  expect(describeMapping(layer, mapping)[1]?.trim()).toMatch(/^isi +← isi {2}\(/);
  expect(describeMapping(layer, mapping)[1]).toContain(`(${said})`);
});

test('the id of a new layer is words joined by single underscores, and none that means something else', () => {
  for (const id of ['tree', 'street_tree', 'a_b_c', 'x'.repeat(48)])
    expect({ id, is: isLayerId(id) }).toEqual({ id, is: true });
  for (const id of ['new', 'a__b', 'tree_', '_tree', 'Tree', 'tree2', '', 'import_row', 'x'.repeat(49)])
    expect({ id, is: isLayerId(id) }).toEqual({ id, is: false });
});

test('the nearest word', () => {
  expect(nearest('vilage', ['village', 'umkm'])).toBe('village');
  expect(nearest('pohon', ['village', 'umkm'])).toBeUndefined();
});
