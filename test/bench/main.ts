import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { connect } from '../../server/database/connect.ts';
import { type Measure, printTable } from './report.ts';

/** The benches by name; `npm run bench` runs all, `npm run bench -- tiles start` these. */
const benches: Readonly<Record<string, () => Promise<{ run: () => Promise<Measure[]> }>>> = {
  tiles: () => import('./tiles.ts'),
  'tiles/fresh': () => import('./fresh.ts'),
  live: () => import('./live.ts'),
  'live/drawn': () => import('./drawn.ts'),
  ingest: () => import('./ingest.ts'),
  import: () => import('./import.ts'),
  start: () => import('./start.ts'),
  'start/first': () => import('./first_start.ts'),
  web: () => import('./web.ts'),
  'web/frames': () => import('./frames.ts'),
  growth: () => import('./growth.ts'),
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !benches[name]);
if (unknown.length > 0) {
  console.error(`There is no bench '${unknown.join("', '")}'. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
if (!process.env.DATABASE_URL) {
  console.error('The benches measure against PostGIS: set DATABASE_URL to a server on which they may make databases.');
  process.exit(2);
}

const measures: Measure[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  console.error(`${name} …`);
  measures.push(...(await (await benches[name]!()).run()));
}
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(`\n${machine}, ${await databaseSettings(process.env.DATABASE_URL)}\n`);
printTable(measures);
await writeFile(new URL('results.json', import.meta.url), `${JSON.stringify(measures, null, 2)}\n`);

/** What the database is, and what of it decides how much a commit costs. */
async function databaseSettings(databaseUrl: string): Promise<string> {
  const { db, close } = await connect({ databaseUrl, dataDir: '' });
  const { rows } = await sql<{ name: string; setting: string }>`select name, setting from pg_settings
    where name in ('fsync', 'full_page_writes', 'server_version', 'synchronous_commit') order by name`.execute(db);
  await close();
  return `PostgreSQL: ${rows.map(({ name, setting }) => `${name} ${setting}`).join(', ')}`;
}
