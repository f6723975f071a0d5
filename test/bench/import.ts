import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { seed } from '../../seeds/seed.ts';
import { type Connection, connect } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';
import { seededRandom } from '../support/random.ts';
import { type Measure, timed } from './report.ts';

const points = 650_000;

/** The command as an operator gives it, over a server PostGIS: a register of businesses, then official boundaries over it. */
export async function run(): Promise<Measure[]> {
  const given = new URL(process.env.DATABASE_URL!);
  const name = 'pendopo_bench_import';
  const maintenance = await connect({ databaseUrl: given.href, dataDir: '' });
  const drop = () => sql.raw(`drop database if exists ${name} with (force)`).execute(maintenance.db);
  await drop();
  await sql.raw(`create database ${name}`).execute(maintenance.db);
  given.pathname = `/${name}`;
  const folder = await mkdtemp(join(tmpdir(), 'pendopo_bench_'));
  const connection = await connect({ databaseUrl: given.href, dataDir: '' });
  try {
    await migrate(connection);
    await seed(connection, { scale: 0.001 });
    const businesses = join(folder, 'umkm.csv');
    await writeFile(businesses, register());
    const command = (layer: string, file: string) => timed(() => importFile(given.href, layer, file));
    const importMs = await command('umkm', businesses);
    const { rows } = await sql<{
      there: number;
    }>`select count(*) as there from umkm where source = 'import:umkm.csv'`.execute(connection.db);
    if (rows[0]?.there !== points) throw new Error(`${rows[0]?.there} of ${points} are there`);
    const villages = join(folder, 'desa.geojson');
    await writeFile(villages, await movedVillages(connection));
    const boundariesMs = await command('village', villages);
    return [
      measure('650,000 points from CSV, `npm run import`', importMs),
      measure('new outlines of 248 villages over them', boundariesMs),
    ];
  } finally {
    await connection.close();
    await drop();
    await maintenance.close();
    await rm(folder, { recursive: true });
  }
}

const measure = (metric: string, ms: number): Measure => ({
  ...{ bench: 'import', metric, value: ms / 1000, unit: 's', target: 60, better: 'lower' },
});

function importFile(databaseUrl: string, layer: string, file: string): Promise<unknown> {
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  return promisify(execFile)(process.execPath, ['server/import.ts', layer, file, '--anywhere'], { env });
}

/** As an office exports it: a key, a name, what it sells, where it is. */
function register(): string {
  const random = seededRandom(6);
  const lines = ['nib;nama;alamat;lon;lat'];
  for (let i = 0; i < points; i++) {
    const lon = (113.3 + random() * 0.7).toFixed(6);
    const lat = (-8.5 + random() * 0.5).toFixed(6);
    lines.push(`${9_120_000_000_000 + i};Warung ${i};Jalan Gajah Mada ${i % 300};${lon};${lat}`);
  }
  return lines.join('\n');
}

async function movedVillages({ db }: Connection): Promise<string> {
  const { rows } = await sql<{ feature: string }>`
    select jsonb_build_object('type', 'Feature', 'properties', jsonb_build_object('kode', code, 'nama', name),
      'geometry', st_asgeojson(st_translate(geom, 0.005, 0))::jsonb)::text as feature from village`.execute(db);
  return rows.map(({ feature }) => feature).join('\n');
}
