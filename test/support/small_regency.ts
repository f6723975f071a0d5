import type { Kysely } from 'kysely';
import type { Database } from '../../server/database/connect.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { insertRows, type Row } from './rows.ts';

export type Place = readonly [lon: number, lat: number];

/** Where things are in the regency of the browser tests; at zoom 14 all of it is on a desk's screen. */
export const places = {
  centre: [113.7, -8.17],
  critical: [113.7, -8.166],
  warning: [113.706, -8.166],
  advisory: [113.694, -8.166],
  zero_level: [113.694, -8.174],
  online: [113.706, -8.174],
  offline: [113.712, -8.17],
  hostile_name: [113.688, -8.17],
  lamps: [113.7172, -8.1812],
  coffee: [113.6985, -8.1785],
} satisfies Record<string, Place>;

/** A name that does harm where it is taken for HTML. */
export const hostileName = '<img src=x onerror="window.harmed = true">';

const point = ([lon, lat]: Place) => `SRID=4326;POINT(${lon} ${lat})`;
const box = (west: number, south: number, east: number, north: number) =>
  `SRID=4326;MULTIPOLYGON(((${west} ${south}, ${east} ${south}, ${east} ${north}, ${west} ${north}, ${west} ${south})))`;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function gauge(code: string, name: string, place: Place, level: number): Row {
  const thresholds = { siaga1_cm: 400, siaga2_cm: 300, siaga3_cm: 200, siaga4_cm: 100 };
  return {
    code,
    name,
    geom: point(place),
    river: 'Bedadung',
    level_cm: level,
    ...thresholds,
    trend: 'rising',
    method: 'telemetry',
    agency: 'Dinas PU',
    area_code: '35.09.19.1006',
    source: 'operator',
    observed_at: minutesAgo(4),
  };
}

const camera = (code: string, name: string, place: Place, status: string): Row => ({
  ...{ code, name, geom: point(place), status, source: 'operator', observed_at: minutesAgo(0) },
});

const businesses: readonly (readonly [category: string, count: number])[] = [
  ['food', 5],
  ['coffee_cocoa', 4],
  ['repair', 3],
];

function rows(): Readonly<Record<string, readonly Row[]>> {
  const [lampLon, lampLat] = places.lamps;
  const [coffeeLon, coffeeLat] = places.coffee;
  return {
    district: [{ code: '35.09.19', name: 'Kaliwates', geom: box(113.65, -8.22, 113.75, -8.12), source: 'operator' }],
    village: [
      { code: '35.09.19.1006', name: 'Kepatihan', geom: box(113.68, -8.19, 113.72, -8.15), source: 'operator' },
    ],
    river_gauge: [
      gauge('PDA-1', 'Pos Bedadung', places.critical, 450),
      gauge('PDA-2', 'Pos Patrang', places.warning, 320),
      gauge('PDA-3', 'Pos Arjasa', places.advisory, 210.5),
      gauge('PDA-0', 'Pos Nol', places.zero_level, 0),
    ],
    camera: [
      camera('CAM-1', 'Alun-alun', places.online, 'online'),
      camera('CAM-2', 'Simpang Mangli', places.offline, 'offline'),
      camera('CAM-3', hostileName, places.hostile_name, 'online'),
    ],
    // Within one cell of the clusters of zoom 13, spread over some at zoom 15.
    streetlight: Array.from({ length: 500 }, (_, index) => ({
      code: `PJU-${index}`,
      pole: `PJU-${index}`,
      geom: point([lampLon + ((index % 25) - 12) * 5e-5, lampLat + (Math.floor(index / 25) - 10) * 5e-5]),
      status: index === 0 ? 'confirmed_out' : 'ok',
      source: 'operator',
      observed_at: minutesAgo(1),
    })),
    umkm: businesses.flatMap(([category, count], row) =>
      Array.from({ length: count }, (_, index) => ({
        code: `${category}-${index}`,
        name: `Usaha ${category} ${index}`,
        category,
        scale: 'micro',
        geom: point([coffeeLon + index * 0.003, coffeeLat - (row - 1) * 0.003]),
        source: 'operator',
        observed_at: minutesAgo(60),
      })),
    ),
  };
}

/** Fills a database with the regency; the ids of its rows by code. */
export async function smallRegency(db: Kysely<Database>): Promise<ReadonlyMap<string, number>> {
  const layers = await layerFiles();
  const ids = new Map<string, number>();
  for (const [id, made] of Object.entries(rows())) {
    const layer = layers.find((each) => each.id === id);
    if (!layer) throw new Error(`there is no layer ${id}`);
    const given = await insertRows(db, layer, made);
    made.forEach(({ code }, index) => {
      ids.set(String(code), given[index]!);
    });
  }
  return ids;
}
