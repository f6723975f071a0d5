import { LiveCopy } from '../../server/live/copy.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { viewOf } from '../../server/registry/view.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { encodeTile } from '../../tiles/encode.ts';
import { LayerWriter } from '../../tiles/layer_writer.ts';
import { startServer } from './http.ts';
import { regency } from './regency.ts';
import { type Measure, median } from './report.ts';
import { residentMegabytes } from './start.ts';
import { pointsOf, tileWith } from './tiles.ts';

const small = 1;
const large = 8;

/** What grows when the regency does: the time of a tile that holds as much as before, memory, start. */
export async function run(): Promise<Measure[]> {
  const before = await measure(small);
  const after = await measure(large, before.points);
  const factor = large / small;
  const row = (metric: string, value: number, unit: string, target: number): Measure => ({
    bench: 'growth',
    metric: `scale ${small} → ${large}: ${metric}`,
    value,
    unit,
    target,
    better: 'lower',
  });
  return [
    row(
      `a z14 tile of equal content (${before.points.toLocaleString('en')} and ${after.points.toLocaleString('en')} points)`,
      after.microsecondsPerPoint / before.microsecondsPerPoint,
      '×',
      1.3,
    ),
    row('resident memory', after.megabytes / before.megabytes, '×', factor),
    row('start', after.seconds / before.seconds, '×', factor),
  ];
}

/** Encodes the z14 tile with about `like` points, the densest without it; then starts the server. */
async function measure(scale: number, like = Number.POSITIVE_INFINITY) {
  const { connection, url } = await regency(scale);
  const layer = (await layerFiles()).find(({ id }) => id === 'umkm')!;
  const live = new LiveCopy(connection);
  await live.load([layer]);
  const umkm = live.layer('umkm');
  const tile = tileWith(umkm, like);
  let points = 0;
  pointsOf(umkm).in(tile, () => points++);
  const writer = new LayerWriter(live.pool);
  const view = viewOf(layer, visitor('operator'))!;
  const times = Array.from({ length: 20 }, () => {
    const start = performance.now();
    encodeTile(umkm, view, tile, undefined, writer);
    return performance.now() - start;
  });
  await connection.close();
  const { child, readyMs } = await startServer(url);
  const megabytes = await residentMegabytes(child.pid!);
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  return { points, microsecondsPerPoint: (median(times) * 1000) / points, megabytes, seconds: readyMs / 1000 };
}
