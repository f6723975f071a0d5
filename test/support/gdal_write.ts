import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FeatureCollection } from 'geojson';
import type { GdalWriting } from './gdal_write_worker.ts';

/**
 * Writes features in another format with GDAL, below the folder `parent`, in a thread of its own (gdal3.js can be started once in a thread).
 * Resolves with the path of the file; a Shapefile has its others beside it.
 */
export async function gdalWrite(
  parent: string,
  features: FeatureCollection,
  driver: string,
  extension: string,
  options: string[] = [],
): Promise<string> {
  const folder = mkdtempSync(join(parent, 'gdal_'));
  const input = join(folder, 'in.geojson');
  const output = join(folder, 'out');
  writeFileSync(input, JSON.stringify(features));
  mkdirSync(output);
  const worker = new Worker(new URL('./gdal_write_worker.ts', import.meta.url), {
    workerData: { input, output, options: ['-f', driver, ...options] } satisfies GdalWriting,
    execArgv: [],
  });
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await worker.terminate();
  const written = readdirSync(output).find((name) => name.endsWith(`.${extension}`)) ?? readdirSync(output)[0];
  if (written === undefined) throw new Error(`GDAL wrote no ${driver}`);
  return join(output, written);
}
