import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { GdalJob, GdalLayer, GdalReply } from './gdal.ts';
import { gdalFiles } from './gdal_files.ts';

/** The part of gdal3.js used here; the package's own types describe the browser. */
interface Gdal {
  open(
    path: string,
    options?: string[],
    handlers?: string[],
  ): Promise<{ datasets: { info?: DatasetInfo; type: string }[] }>;
  ogr2ogr(dataset: unknown, options: string[], name: string): Promise<{ real: string }>;
}
interface DatasetInfo {
  readonly driverShortName: string;
  readonly layers: readonly {
    readonly name: string;
    readonly featureCount: number;
    readonly fields: readonly { readonly name: string }[];
    readonly geometryFields: readonly { readonly type: string; readonly coordinateSystem?: CoordinateSystem }[];
  }[];
}
interface CoordinateSystem {
  readonly wkt: string;
  readonly projjson?: { readonly id?: { readonly authority: string; readonly code: number }; readonly name?: string };
}

const port = parentPort;
if (!port) throw new Error('this file is a worker');
const job = workerData as GdalJob;
const errors: string[] = [];

/** GDAL's own error texts, or the message of whatever was thrown; it rejects with a list that often says nothing. */
const reason = (thrown: unknown) => errors.filter(Boolean).join(' ') || (thrown instanceof Error ? thrown.message : '');
const reply = (message: GdalReply) => port.postMessage(message);

try {
  const gdal = await load();
  const { datasets } = await gdal.open(job.file, [], job.zipped ? ['vsizip'] : []);
  const dataset = datasets[0];
  const layers = dataset?.info?.layers?.map(describeLayer) ?? [];
  reply({ kind: 'opened', driver: dataset?.info?.driverShortName ?? dataset?.type ?? '', layers });
  port.once('message', async (options: string[]) => {
    errors.length = 0;
    try {
      const { real } = await gdal.ogr2ogr(dataset, options, 'rows');
      reply({ kind: 'converted', path: real });
    } catch (thrown) {
      reply({ kind: 'failed', reason: reason(thrown) });
    }
  });
} catch (thrown) {
  reply({ kind: 'failed', reason: reason(thrown) });
}

async function load(): Promise<Gdal> {
  const require = createRequire(import.meta.url);
  const initialise: (options: Readonly<Record<string, unknown>>) => Promise<Gdal> = require('gdal3.js/node');
  return initialise({
    path: relative(process.cwd(), gdalFiles), // it puts './' before the path, so an absolute one is not found
    dest: job.output,
    useWorker: false,
    // Without the first a large GeoPackage fails: there are no threads here.
    env: { OGR2OGR_USE_ARROW_API: 'NO', ...(job.restoreShx && { SHAPE_RESTORE_SHX: 'YES' }) },
    logHandler() {},
    errorHandler: (message: string) => errors.push(message.trim()),
  });
}

function describeLayer({ name, featureCount, fields, geometryFields }: DatasetInfo['layers'][number]): GdalLayer {
  const system = geometryFields[0]?.coordinateSystem;
  const id = system?.projjson?.id;
  return {
    name,
    featureCount,
    fields: fields.map((field) => field.name),
    geometry: geometryFields[0]?.type,
    crs: id ? `${id.authority}:${id.code}` : (system?.projjson?.name ?? (system ? 'of its own' : undefined)),
  };
}
