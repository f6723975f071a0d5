import type { Geometry, Position } from 'geojson';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../server/database/connect.ts';
import { createLayerTable } from '../../server/database/layer_table.ts';
import { transaction } from '../../server/database/transaction.ts';
import { choice, date, flag, integer, quantity, text } from '../../server/registry/attribute.ts';
import { type Layer, layer } from '../../server/registry/layer.ts';
import { seededRandom } from '../support/random.ts';

const states = {
  open: { id: 'Buka', en: 'Open' },
  shut: { id: 'Tutup', en: 'Shut' },
  Odd: { id: 'X', en: 'X' },
};

/** A layer with an attribute of every kind. */
function sampleLayer<const G extends 'Point' | 'MultiLineString' | 'MultiPolygon'>(id: string, geometry: G) {
  return layer({
    id,
    group: 'other',
    geometry,
    icon: 'pin',
    title: { id: 'Contoh', en: 'Sample' },
    attributes: z.object({
      name: text({ id: 'Nama', en: 'Name' }),
      state: choice({ id: 'Keadaan', en: 'State' }, states),
      level: quantity({ id: 'Tinggi', en: 'Level' }, 'cm'),
      beds: integer({ id: 'Tempat tidur', en: 'Beds' }, '{bed}'),
      online: flag({ id: 'Tersambung', en: 'Online' }),
      opened: date({ id: 'Dibuka', en: 'Opened' }),
      secret: text({ id: 'Rahasia', en: 'Secret' }),
    }),
    name: 'name',
    state: 'state',
    fullZoom: 10,
    below: 'cluster',
    tile: ['name', 'state'],
    style: [{ label: { id: 'Semua', en: 'All' } }],
    visible: {
      default: 'all',
      public: { attributes: ['name', 'state'], where: "secret = 'no' OR secret IS NULL" },
    },
  });
}

/** Single points: what the live copy keeps exactly. */
export const samplePoints = sampleLayer('sample_point', 'Point');
/** Points, lines and areas together, to ask them all the same questions. */
export const sampleShapes = sampleLayer('sample_shape', 'MultiLineString');
export const sampleAreas = sampleLayer('sample_areas', 'MultiPolygon');

/** Values on the edges of the types, and those that quoting gets wrong. */
export const values = {
  text: [
    '',
    ' ',
    'a',
    'A',
    'aa',
    'ab',
    'aXb',
    'b',
    "it's",
    "''",
    '"',
    '%',
    '_',
    '50%',
    'a_b',
    '\\',
    'a\\b',
    '\\%',
    'é',
    'É',
    'e\u0301',
    'ﬁ',
    '\uFEFFx',
    '\uE000',
    '😀',
    '😀b',
    'line\nbreak',
    'NULL',
    "'; drop table change; --",
    'Jalan Gajah Mada',
  ],
  state: Object.keys(states),
  number: [0, 0.1, 0.30000000000000004, -1, 1, 1.5, -2.25, 1e300, -1e300, 5e-324, 2147483647, 4294967296],
  integer: [0, 1, -1, 7, 2147483647, -2147483648],
  instant: [
    '1969-12-31T23:59:59.999999Z',
    '1970-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.000001Z',
    '2026-01-01T00:00:00.999999Z',
    '2026-01-01T00:00:01Z',
    '2026-01-01T23:59:59.999Z',
    '2026-01-02T00:00:00Z',
    '2026-02-28T17:00:00Z',
  ],
  date: ['0001-01-01', '1969-12-31', '2026-01-01', '2026-01-02', '2026-02-28', '2028-02-29', '9999-12-31'],
} as const;

/** A random number generator with the choices tests make of it. */
export function chooser(seed: number) {
  const random = seededRandom(seed);
  const upTo = (count: number) => Math.floor(random() * count);
  const one = <T>(of: readonly T[]): T => of[upTo(of.length)]!;
  return { random, upTo, one, chance: (part: number) => random() < part };
}
export type Chooser = ReturnType<typeof chooser>;

/** Coordinates on a coarse grid meet, touch and share edges all the time; others never do. */
export function position({ upTo, random, chance }: Chooser): [lon: number, lat: number] {
  return chance(0.7) ? [113 + upTo(9) / 4, -9 + upTo(9) / 4] : [113 + random() * 2, -9 + random() * 2];
}

/** A valid geometry of any kind near Jember. */
export function shape(chosen: Chooser): Geometry {
  const { one, upTo } = chosen;
  const line = (): Position[] => {
    const [first, second] = [position(chosen), position(chosen)];
    return first[0] === second[0] && first[1] === second[1] ? line() : [first, second, position(chosen)];
  };
  const box = (): Position[] => {
    const [west, south] = [113 + upTo(8) / 4, -9 + upTo(8) / 4];
    const [east, north] = [west + (1 + upTo(4)) / 4, south + (1 + upTo(4)) / 4];
    return [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
  };
  const triangle = (): Position[] => {
    const [a, b, c] = [position(chosen), position(chosen), position(chosen)];
    const area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
    return Math.abs(area) < 0.01 ? triangle() : [a, b, c, a];
  };
  switch (one(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Box', 'Triangle', 'Holed', 'MultiPolygon'])) {
    case 'Point':
      return { type: 'Point', coordinates: position(chosen) };
    case 'MultiPoint':
      return { type: 'MultiPoint', coordinates: [position(chosen), position(chosen)] };
    case 'LineString':
      return { type: 'LineString', coordinates: line() };
    case 'MultiLineString':
      return { type: 'MultiLineString', coordinates: [line(), line()] };
    case 'Box':
      return { type: 'Polygon', coordinates: [box()] };
    case 'Triangle':
      return { type: 'Polygon', coordinates: [triangle()] };
    case 'Holed': {
      const hole = [
        [113.5, -8.5],
        [114, -8.5],
        [114, -8],
        [113.5, -8],
        [113.5, -8.5],
      ];
      return {
        type: 'Polygon',
        coordinates: [
          [
            [113, -9],
            [114.5, -9],
            [114.5, -7.5],
            [113, -7.5],
            [113, -9],
          ],
          hole,
        ],
      };
    }
    default: {
      // side by side, touching in one corner
      const [x, y] = [113.5 + upTo(4) / 4, -8.5 + upTo(4) / 4];
      const corner = (dx: number, dy: number): Position[] => [
        [x, y],
        [x + dx, y],
        [x + dx, y + dy],
        [x, y + dy],
        [x, y],
      ];
      return { type: 'MultiPolygon', coordinates: [[corner(0.5, 0.5)], [corner(-0.25, -0.5)]] };
    }
  }
}

export function area(chosen: Chooser): Geometry {
  const found = shape(chosen);
  return found.type.endsWith('Polygon') ? found : area(chosen);
}

function shapeFor(of: Layer, chosen: Chooser): Geometry {
  if (of.geometry === 'Point') return { type: 'Point', coordinates: position(chosen) };
  return of.geometry === 'MultiPolygon' ? area(chosen) : shape(chosen);
}

export interface SampleRow {
  readonly id: number;
  readonly geometry: Geometry | null;
  readonly name: string | null;
  readonly state: string | null;
  readonly level: number | null;
  readonly beds: number | null;
  readonly online: boolean | null;
  readonly opened: string | null;
  readonly secret: string | null;
  readonly observed_at: string | null;
}

/** Makes a sample layer's table with `count` rows, every value and every null among them. */
export async function sampleTable(db: Kysely<Database>, of: Layer, count: number): Promise<SampleRow[]> {
  const chosen = chooser(of.id.length);
  const maybe = <T>(value: T): T | null => (chosen.chance(0.2) ? null : value);
  const rows = Array.from({ length: count }, (_, i): SampleRow => {
    return {
      id: i + 1,
      geometry: maybe(shapeFor(of, chosen)),
      name: maybe(chosen.one(values.text)),
      state: maybe(chosen.one(values.state)),
      level: maybe(chosen.one(values.number)),
      beds: maybe(chosen.one(values.integer)),
      online: maybe(chosen.chance(0.5)),
      opened: maybe(chosen.one(values.date)),
      secret: maybe(chosen.one(['no', 'yes'])),
      observed_at: maybe(chosen.one(values.instant)),
    };
  });
  await transaction(db, async (trx) => {
    await createLayerTable(trx, {
      id: of.id,
      geometry: of.geometry === 'Point' ? 'Point' : 'Geometry',
      columns: [
        'name text',
        'state text',
        'level double precision',
        'beds integer',
        'online boolean',
        'opened date',
        'secret text',
      ],
    });
    const json = JSON.stringify(
      rows.map((row) => ({ ...row, geometry: row.geometry && JSON.stringify(row.geometry) })),
    );
    await sql`
      insert into ${sql.table(of.id)} (id, geom, name, state, level, beds, online, opened, secret, observed_at)
      select id, st_setsrid(st_geomfromgeojson(geometry), 4326), name, state, level, beds, online, opened, secret, observed_at
      from json_to_recordset(${json}::text::json) as given (id bigint, geometry text, name text, state text,
        level double precision, beds integer, online boolean, opened date, secret text, observed_at timestamptz)`.execute(
      trx,
    );
  });
  return rows;
}
