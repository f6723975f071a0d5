import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder with GDAL's WebAssembly and its tables. */
export const gdalFiles = join(dirname(createRequire(import.meta.url).resolve('gdal3.js/node')), 'dist/package');
