import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { FeatureCollection } from 'geojson';

/**
 * Writes features in another format with GDAL, below the folder `parent`, in a process of its own (gdal3.js can be started once in a process).
 * Answers the path of the file; a Shapefile has its others beside it.
 */
export function gdalWrite(
  parent: string,
  features: FeatureCollection,
  driver: string,
  extension: string,
  options: string[] = [],
): string {
  const folder = mkdtempSync(join(parent, 'gdal_'));
  const input = join(folder, 'in.geojson');
  const output = join(folder, 'out');
  writeFileSync(input, JSON.stringify(features));
  mkdirSync(output);
  const script = `
    require('gdal3.js/node')({ path: ${JSON.stringify(relative(process.cwd(), gdalFiles()))}, dest: ${JSON.stringify(output)},
      useWorker: false, env: { OGR2OGR_USE_ARROW_API: 'NO' }, logHandler() {}, errorHandler: (m) => console.error(m) })
    .then(async (gdal) => {
      const { datasets } = await gdal.open(${JSON.stringify(input)});
      await gdal.ogr2ogr(datasets[0], ${JSON.stringify(['-f', driver, ...options])}, 'written');
      process.exit(0);
    }).catch((error) => { console.error(error); process.exit(1); });`;
  execFileSync(process.execPath, ['-e', script], { stdio: 'pipe' });
  const written = readdirSync(output).find((name) => name.endsWith(`.${extension}`)) ?? readdirSync(output)[0];
  if (written === undefined) throw new Error(`GDAL wrote no ${driver}`);
  return join(output, written);
}

function gdalFiles(): string {
  return join(dirname(createRequire(import.meta.url).resolve('gdal3.js/node')), 'dist/package');
}
