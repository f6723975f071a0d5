import { sql } from 'kysely';
import type { Connection } from '../../server/database/connect.ts';
import { LiveCopy } from '../../server/live/copy.ts';
import type { LiveLayer } from '../../server/live/live_layer.ts';
import type { PointPlaces } from '../../server/live/point_places.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { type View, viewOf } from '../../server/registry/view.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { encodeTile } from '../../tiles/encode.ts';
import { LayerWriter } from '../../tiles/layer_writer.ts';
import type { TileAddress } from '../../tiles/mercator.ts';
import { seededRandom } from '../support/random.ts';
import { compareHttp } from './http.ts';
import { regency } from './regency.ts';
import { type Measure, median, timed } from './report.ts';

/** tiles/encode, tiles/low and tiles/http of the demo regency at scale 1. */
export async function run(): Promise<Measure[]> {
  const { connection, url } = await regency(1);
  const layer = (await layerFiles()).find(({ id }) => id === 'umkm')!;
  const view = viewOf(layer, visitor('operator'))!;
  const live = new LiveCopy(connection);
  await live.load([layer]);
  const umkm = live.layer('umkm');
  const writer = new LayerWriter(live.pool);
  const ours = (tile: TileAddress) => encodeTile(umkm, view, tile, undefined, writer);

  const dense = tileWith(umkm, Number.POSITIVE_INFINITY);
  const walk = walkOf(umkm, 200);
  const encode = {
    dense: await ratio(connection, view, ours, [dense], 15),
    walk: await ratio(connection, view, ours, walk, 1),
    // Below the full zoom we send clusters, and a tile server every row: a comparison of what is sent, not of encoding.
    features: await ratio(
      connection,
      view,
      ours,
      walk.filter(({ z }) => z >= layer.fullZoom),
      1,
    ),
  };
  const low = await lowZooms(umkm, ours);
  await connection.close();
  const http = await compareHttp(url, walk);
  return [
    measure(
      'tiles/encode',
      `densest z14 tile (${encode.dense.features.toLocaleString('en')} points), ST_AsMVT ÷ live copy`,
      encode.dense.ratio,
      '×',
      8,
      'higher',
    ),
    measure('tiles/encode', 'the same tile from the live copy', encode.dense.ours, 'ms', null, 'lower'),
    measure(
      'tiles/encode',
      `walk of ${walk.length} tiles z10–z16, median ST_AsMVT ÷ live copy`,
      encode.walk.ratio,
      '×',
      5,
      'higher',
    ),
    measure(
      'tiles/encode',
      `of these the z${layer.fullZoom}–z16 ones, where both send every point`,
      encode.features.ratio,
      '×',
      5,
      'higher',
    ),
    measure(
      'tiles/low',
      `slowest z6–z11 tile over ${umkm.size.toLocaleString('en')} points, cold`,
      low.ms,
      'ms',
      20,
      'lower',
    ),
    measure('tiles/low', 'largest of them', low.kilobytes, 'KB', 60, 'lower'),
    measure('tiles/low', 'points missing from any zoom', low.missing, 'points', 0, 'lower'),
    measure('tiles/http', 'walk over HTTP, zstd, ÷ raw node:http with the same bytes', http.walk, '×', 0.6, 'higher'),
    measure('tiles/http', '304 ÷ raw node:http 304', http.notModified, '×', 0.8, 'higher'),
    measure('tiles/http', 'walk over HTTP', http.perSecond, 'req/s', null, 'higher'),
    ...http.peers.map(({ name, ratio: times }) =>
      measure('tiles/http', `the same walk, ÷ ${name} over the same database`, times, '×', null, 'higher'),
    ),
  ];
}

function measure(
  bench: string,
  metric: string,
  value: number,
  unit: string,
  target: number | null,
  better: Measure['better'],
): Measure {
  return { bench, metric, value, unit, target, better };
}

/** Where the things of a layer of points are. */
export function pointsOf({ layer, places }: LiveLayer): PointPlaces {
  if (places.kind !== 'points') throw new TypeError(`'${layer.id}' has no points`);
  return places;
}

/** The z14 tile whose number of points is nearest to `count`; with infinity, the densest. */
export function tileWith(live: LiveLayer, count: number): TileAddress {
  const counts = new Map<string, number>();
  const points = pointsOf(live).columns;
  for (const slot of live.slots()) {
    const key = `${points.x(slot) >>> 18}/${points.y(slot) >>> 18}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const wanted = Math.min(count, Math.max(...counts.values()));
  const [best] = [...counts].reduce((a, b) => (Math.abs(b[1] - wanted) < Math.abs(a[1] - wanted) ? b : a));
  const [x, y] = best.split('/').map(Number) as [number, number];
  return { z: 14, x, y };
}

/** Tiles of z10 to z16 that a person crossing the regency would ask for: around random rows, and their neighbours. */
export function walkOf(live: LiveLayer, count: number): TileAddress[] {
  const random = seededRandom(14);
  const slots = [...live.slots()];
  const points = pointsOf(live).columns;
  const tiles = new Map<string, TileAddress>();
  while (tiles.size < count) {
    const slot = slots[Math.floor(random() * slots.length)]!;
    const z = 10 + Math.floor(random() * 7);
    const x = points.x(slot) >>> (32 - z);
    const y = points.y(slot) >>> (32 - z);
    const tile = { z, x: x + Math.floor(random() * 3) - 1, y: y + Math.floor(random() * 3) - 1 };
    tiles.set(`${tile.z}/${tile.x}/${tile.y}`, tile);
  }
  return [...tiles.values()];
}

async function ratio(
  connection: Connection,
  view: View,
  ours: (tile: TileAddress) => Uint8Array,
  tiles: readonly TileAddress[],
  rounds: number,
) {
  const ratios: number[] = [];
  const mine: number[] = [];
  let features = 0;
  for (const tile of tiles) for (let i = 0; i < 3; i++) ours(tile); // warm, as a running server is
  for (const tile of tiles)
    for (let round = 0; round < rounds; round++) {
      const a = await timed(() => ours(tile));
      const b = await timed(async () => {
        features = Math.max(features, await postgis(connection, view, tile));
      });
      mine.push(a);
      ratios.push(b / a);
    }
  return { ratio: median(ratios), ours: median(mine), features };
}

/** What a tile server on PostGIS asks: every row of the tile, whatever the zoom. Counts the rows. */
async function postgis(connection: Connection, view: View, { z, x, y }: TileAddress): Promise<number> {
  const columns = view.tile.map((key) =>
    key === 'observed_at' ? sql`extract(epoch from observed_at)::bigint as observed_at` : sql.ref(key),
  );
  const { rows } = await sql<{ n: number }>`
    select length(st_asmvt(feature, ${view.layer.id}, 4096, 'shape', 'id')) as bytes, count(*)::int as n from (
      select id, ${sql.join(columns)}, st_asmvtgeom(st_transform(geom, 3857), box, 4096, 0, true) as shape
      from ${sql.table(view.layer.id)}, st_tileenvelope(${z}, ${x}, ${y}) as box
      where geom && st_transform(box, 4326)
    ) as feature where shape is not null`.execute(connection.db);
  return rows[0]!.n;
}

/** Every tile of z6 to z11 that holds a point, each encoded once with nothing prepared but the pyramid. */
async function lowZooms(live: LiveLayer, ours: (tile: TileAddress) => Uint8Array) {
  let ms = 0;
  let bytes = 0;
  let missing = 0;
  const { columns, pyramid } = pointsOf(live);
  for (let z = 6; z <= 11; z++) {
    const tiles = new Set<string>();
    for (const slot of live.slots()) tiles.add(`${columns.x(slot) >>> (32 - z)}/${columns.y(slot) >>> (32 - z)}`);
    for (const key of tiles) {
      const [x, y] = key.split('/').map(Number) as [number, number];
      const start = performance.now();
      const tile = ours({ z, x, y });
      ms = Math.max(ms, performance.now() - start);
      bytes = Math.max(bytes, tile.length);
    }
    let sum = 0;
    for (const { count } of pyramid!.level(z).values()) sum += count;
    missing = Math.max(missing, live.size - sum);
  }
  return { ms, kilobytes: bytes / 1000, missing };
}
