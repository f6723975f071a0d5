import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { GeometryKind } from '../../registry/layer.ts';
import { Problem } from '../../registry/problem.ts';
import { gdalFiles } from './gdal_files.ts';
import { geojsonRows } from './geojson.ts';
import type { Source } from './row.ts';
import { encodingOf } from './text_file.ts';

/** What the worker is given: files are where nothing else is, because GDAL reads and writes beside them. */
export interface GdalJob {
  readonly file: string;
  readonly output: string;
  readonly zipped: boolean;
  readonly restoreShx: boolean;
}

/** A layer inside a file. `featureCount` is -1 where it is not known without reading all (OSM). */
export interface GdalLayer {
  readonly name: string;
  readonly featureCount: number;
  readonly fields: readonly string[];
  /** `Point`, `Polygon`, `3D Line String`, `Unknown (any)`; absent for a table. */
  readonly geometry: string | undefined;
  /** `EPSG:3785`, or a name; absent where the file does not say. */
  readonly crs: string | undefined;
}

export type GdalReply =
  | { readonly kind: 'opened'; readonly driver: string; readonly layers: readonly GdalLayer[] }
  | { readonly kind: 'converted'; readonly path: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface GdalOptions {
  readonly layerName?: string | undefined;
  /** The coordinate system of the file, over what the file says. */
  readonly srs?: string | undefined;
  /** The geometry wanted, for choosing among several layers. */
  readonly geometry?: GeometryKind | undefined;
  /** Leave out what cannot be converted, instead of refusing the layer: for whoever notices what is missing. */
  readonly skipFailures?: boolean;
  /** What the file is called for people; absent: its own name. */
  readonly fileName?: string | undefined;
  /** Where copies and what GDAL writes are put, below a folder of their own; absent: the system's temporary folder. */
  readonly folder?: string | undefined;
  /** Ends GDAL, whatever it is at. */
  readonly signal?: AbortSignal | undefined;
  /** The most that GDAL may write, in bytes. */
  readonly mostBytes?: number | undefined;
  /** Told while it converts, and when it has: bytes written. */
  readonly onConverted?: (bytes: number) => void;
}

/** How the folders begin that GDAL reads from and writes to. */
export const importFolder = 'pendopo-import-';

/**
 * Opens any vector file that GDAL reads, and writes one of its layers as GeoJSON lines in longitude and latitude.
 * GDAL blocks its thread and keeps its memory, so each file has a worker of its own that ends with the job.
 * @throws Problem `invalid_input`: not a feature file, no such layer, several that fit, unknown coordinate system.
 */
export async function openWithGdal(path: string, options: GdalOptions): Promise<Source> {
  const folder = await mkdtemp(join(options.folder ?? tmpdir(), importFolder));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const job = await prepare(path, folder);
    const { driver, layer, rows } = await convert(job, options);
    const crs = options.srs ?? layer.crs ?? 'not stated, taken as EPSG:4326';
    const tabular = layer.geometry === undefined;
    // GDAL hands on the bytes of a text whose encoding it does not know: of a Shapefile without .cpg for instance.
    const encoding = await encodingOf(createReadStream(rows));
    return {
      ...{ format: driver, crs, layerName: layer.name, tabular, close },
      ...(encoding !== 'utf-8' && { encoding }),
      rows: (note) => geojsonRows(rows, note, encoding),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Copies the file, with the others of the same name that make up a Shapefile or belong to it. */
async function prepare(path: string, folder: string): Promise<GdalJob> {
  const input = join(folder, 'in');
  const output = join(folder, 'out');
  await mkdir(input);
  await mkdir(output);
  const name = basename(path);
  const stem = basename(path, extname(path));
  const isShapefile = /\.shp$/i.test(name);
  const together = isShapefile
    ? (await readdir(dirname(path))).filter(
        (file) => basename(file, extname(file)) === stem && /\.(shp|shx|dbf|prj|cpg)$/i.test(file),
      )
    : [name];
  for (const file of together) await copyFile(join(dirname(path), file), join(input, file));
  const restoreShx = isShapefile && !together.some((file) => /\.shx$/i.test(file));
  return { file: join(input, name), output, zipped: false, restoreShx };
}

/** A GTFS feed and some zipped Shapefiles open as they are, other archives only as a folder. */
async function convert(
  job: GdalJob,
  options: GdalOptions,
): Promise<{ driver: string; layer: GdalLayer; rows: string }> {
  const mayBeArchive = /\.(zip|kmz)$/i.test(job.file);
  try {
    return await runWorker(job, options);
  } catch (error) {
    if (!mayBeArchive || !(error instanceof NotReadable)) throw error;
    return runWorker({ ...job, zipped: true }, options).catch((inside) => {
      throw inside instanceof NotReadable ? error : inside; // what it said of the archive itself says more
    });
  }
}

/** Kept: while it lives, V8 gives its machine code to each worker, which compiles the same bytes. Half of a small file's time. */
let compiled: Promise<WebAssembly.Module> | undefined;

/** GDAL found no driver for the file. */
class NotReadable extends Problem {}

async function runWorker(
  job: GdalJob,
  options: GdalOptions,
): Promise<{ driver: string; layer: GdalLayer; rows: string }> {
  compiled ??= readFile(join(gdalFiles, 'gdal3WebAssembly.wasm')).then((bytes) => WebAssembly.compile(bytes));
  compiled.catch(() => {}); // the worker reads the same file, and says it better
  const tell = async () => options.onConverted?.(await bytesIn(job.output));
  const worker = new Worker(new URL('./gdal_worker.ts', import.meta.url), { workerData: job, execArgv: [] });
  const watch = watchWorker(job, options);
  try {
    const opened = await Promise.race([nextReply(worker), watch.broken]);
    if (opened.kind !== 'opened' || opened.layers.length === 0) {
      const why = opened.kind === 'failed' && opened.reason !== '' ? ` (${opened.reason.slice(0, 200)})` : '';
      throw new NotReadable(
        'invalid_input',
        `Not a feature file: ${options.fileName ?? basename(job.file)} holds no layer of features${why}.`,
      );
    }
    const layer = chooseLayer(opened.layers, options);
    worker.postMessage(conversion(layer, options));
    const watching = setInterval(() => void tell(), toldEveryMs);
    const reply = Promise.race([nextReply(worker), watch.broken]);
    const converted = await reply.finally(() => clearInterval(watching));
    await tell();
    if (converted.kind === 'converted') return { driver: opened.driver, layer, rows: converted.path };
    const reason = converted.kind === 'failed' ? converted.reason : '';
    if (options.srs !== undefined && reason.includes('Failed to process SRS definition')) throw noSystem(options.srs);
    throw new Problem('invalid_input', `The layer ${layer.name} cannot be read: ${reason}`);
  } finally {
    watch.stop();
    await worker.terminate();
  }
}

function noSystem(srs: string): Problem {
  const usual = 'degrees are EPSG:4326, metres of UTM zone 49 south EPSG:32749';
  return new Problem('invalid_input', `There is no coordinate system ${srs}: ${usual}.`);
}

/** How often what GDAL has written is looked at: it says nothing while it works, but its files grow. */
const toldEveryMs = 500;

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder).catch(() => []);
  const sizes = files.map((file) =>
    stat(join(folder, file)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** `broken` rejects when the caller gives up, or when GDAL writes more than it may: nothing else stops a thread that hangs. */
function watchWorker({ output }: GdalJob, { signal, mostBytes }: GdalOptions) {
  const { promise: broken, reject } = Promise.withResolvers<never>();
  broken.catch(() => {}); // raced while somebody waits
  const giveUp = () => reject(signal?.reason);
  if (signal?.aborted) giveUp();
  signal?.addEventListener('abort', giveUp);
  const look = async (most: number) => {
    if ((await bytesIn(output)) > most) reject(new Problem('too_large', 'The file unpacks to more than is taken.'));
  };
  const timer = mostBytes === undefined ? undefined : setInterval(() => void look(mostBytes), toldEveryMs);
  return {
    broken,
    stop() {
      clearInterval(timer);
      signal?.removeEventListener('abort', giveUp);
    },
  };
}

function nextReply(worker: Worker): Promise<GdalReply> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function conversion(layer: GdalLayer, { srs, skipFailures = false }: GdalOptions): string[] {
  const from = srs ?? (layer.crs ? undefined : 'EPSG:4326');
  const reproject = layer.geometry === undefined ? [] : [...(from ? ['-s_srs', from] : []), '-t_srs', 'EPSG:4326'];
  // Seven decimals, the default, would move vertices and with them what is valid.
  const skip = skipFailures ? ['-skipfailures'] : [];
  return ['-f', 'GeoJSONSeq', ...skip, ...reproject, '-dim', 'XY', '-lco', 'COORDINATE_PRECISION=12', layer.name];
}

function chooseLayer(layers: readonly GdalLayer[], { layerName, geometry }: GdalOptions): GdalLayer {
  const list = layers.map(
    ({ name, geometry: kind, featureCount }) =>
      `${name} (${kind ?? 'table'}${featureCount < 0 ? '' : `, ${featureCount}`})`,
  );
  if (layerName !== undefined) {
    const named = layers.find(({ name }) => name === layerName);
    if (named) return named;
    throw new Problem('invalid_input', `There is no layer "${layerName}" in the file; there are: ${list.join(', ')}.`);
  }
  const filled = layers.filter(({ featureCount }) => featureCount !== 0);
  const fitting = filled.filter((layer) => fits(layer, geometry));
  const only = filled.length === 1 ? filled[0] : fitting.length === 1 ? fitting[0] : undefined;
  if (only) return only;
  if (filled.length === 0) throw new Problem('invalid_input', 'The file is empty: none of its layers has a feature.');
  throw new Problem(
    'invalid_input',
    `The file holds several layers, name one with --layer-name: ${list.join(', ')}.`,
    undefined,
    {
      layers: filled.map(({ name, geometry: kind = null, featureCount }) => ({
        name,
        geometry: kind,
        count: featureCount,
      })),
    },
  );
}

function fits({ geometry }: GdalLayer, wanted: GeometryKind | undefined): boolean {
  if (geometry === undefined) return false;
  if (wanted === undefined) return true;
  const family = (kind: string) => /(Point|Line|Polygon)/.exec(kind)?.[1];
  return /unknown/i.test(geometry) || family(geometry) === family(wanted);
}
