import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { gdalFiles } from '../../server/ingest/import/gdal_files.ts';

/** What is to be written: a GeoJSON file into a folder, with the options of `ogr2ogr`. */
export interface GdalWriting {
  readonly input: string;
  readonly output: string;
  readonly options: readonly string[];
}

const { input, output, options }: GdalWriting = workerData;
const errors: string[] = [];
const gdal = await createRequire(import.meta.url)('gdal3.js/node')({
  path: relative(process.cwd(), gdalFiles),
  dest: output,
  useWorker: false,
  env: { OGR2OGR_USE_ARROW_API: 'NO' },
  logHandler() {},
  errorHandler: (message: string) => errors.push(message),
});
try {
  const { datasets } = await gdal.open(input);
  await gdal.ogr2ogr(datasets[0], options, 'written');
  parentPort!.postMessage('written');
} catch (error) {
  throw new Error(errors.join(' '), { cause: error });
}
