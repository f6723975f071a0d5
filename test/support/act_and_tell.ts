import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { assemble } from '../../server/assemble.ts';
import { config } from '../../server/config.ts';
import { connect } from '../../server/database/connect.ts';
import { doorOf, viewerNamed } from './acting.ts';
import { AUTH_SECRET } from './auth_secret.ts';
import { importInto } from './import.ts';

/**
 * A server to be killed: `node act_and_tell.ts <folder or postgres://…> <writers> <folder for files>` acts on river gauges, that
 * many at once and without end, and says `done <id> <version>` after each answer; meanwhile it adds gauges, splits flood zones
 * and imports shelters, and says `did <what>`.
 */
const [, , target = '', writers = '1', folder = ''] = process.argv;
const location = target.includes('://') ? { databaseUrl: target, dataDir: '' } : { dataDir: target };
const connection = await connect(location);
const settings = config({ AUTH_SECRET });
const { parts } = await assemble(settings, connection, pino({ level: 'silent' }));
const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
const officer = doorOf(parts, viewerNamed('Budi', { role: 'disaster_officer' }));
const supervisor = doorOf(parts, viewerNamed('Dewi', { role: 'supervisor' }));
const run = `R${process.pid}`;
const ways = [edit, editMany, deleteAndRestore, confirm, editAndUndo];
console.log('open');
await Promise.all([...Array.from({ length: Number(writers) }, (_, i) => write(i + 1)), create(), split(), bringIn()]);

/** Does the same with one gauge again and again; each way goes through another path of the server. */
async function write(id: number): Promise<void> {
  const act = ways[id % ways.length]!; // it is a place of the list
  const address = `/api/layers/river_gauge/features/${id}`;
  // Killed between deleting and restoring it is not there.
  const there = await admin.get(`${address}/actions`);
  let { version } = await (there.ok ? there.json() : answered(admin.post(`${address}/restore`)));
  for (;;) {
    version = await act(address, version, id);
    console.log(`done ${id} ${version}`);
  }
}

async function answered(asked: Promise<Response>) {
  const response = await asked;
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

async function edit(address: string, version: number): Promise<number> {
  const input = { name: `Pos ${version}`, river: version % 2 === 0 ? 'Bedadung' : null };
  return (await answered(admin.post(`${address}/edit`, { input }, version))).version;
}

async function editAndUndo(address: string, version: number, id: number): Promise<number> {
  const done = await answered(admin.post(`${address}/edit`, { input: { name: `Pos ${version}` } }, version));
  console.log(`done ${id} ${done.version}`);
  const { version: undone } = await answered(admin.post(`/api/audit/${done.audit}/undo`));
  console.log('did undo');
  return undone;
}

async function create(): Promise<void> {
  const input = { name: 'Pos baru', geometry: { type: 'Point', coordinates: [113.7, -8.17] } };
  for (;;) {
    const { id, version } = await answered(admin.post('/api/layers/river_gauge/features', { input }));
    console.log(`done ${id} ${version}`);
    console.log('did create');
  }
}

/** Cuts each zone that is whole yet into four. */
async function split(): Promise<void> {
  const { rows } = await sql<{
    id: number;
  }>`select id from flood_zone where name = 'Zona' and version = 1 order by id`.execute(connection.db);
  for (const { id } of rows) {
    let version = 1;
    for (const lon of [113.65, 113.7, 113.75]) {
      const cut = { type: 'LineString', coordinates: [[lon, -8.4], [lon, -8]] }; // biome-ignore format: two points
      const wish = { input: { cut } };
      ({ version } = await answered(admin.post(`/api/layers/flood_zone/features/${id}/split`, wish, version)));
      console.log('did split');
    }
  }
}

/** Brings in a file of which one row is new and the other changes the one that the file before brought. */
async function bringIn(): Promise<void> {
  for (let n = 1; ; n++) {
    const file = join(folder, 'posko.csv');
    const row = (code: number) => `${run}-${code},Posko ${n},10,113.7,-8.2`;
    await writeFile(file, ['kode,nama,kapasitas,lon,lat', row(n), row(n + 1)].join('\n'));
    await importInto(connection, 'shelter', file);
    console.log('did import');
  }
}

async function editMany(_: string, version: number, id: number): Promise<number> {
  const body = { features: [{ id, version }], input: { name: `Pos ${version}` } };
  return (await answered(admin.post('/api/layers/river_gauge/actions/edit', body))).results[0].version;
}

async function deleteAndRestore(address: string, version: number, id: number): Promise<number> {
  const gone = await answered(admin.post(`${address}/delete`, { reason: 'Uji' }, version));
  console.log(`done ${id} ${gone.version}`);
  return (await answered(admin.post(`${address}/restore`))).version;
}

async function confirm(address: string, version: number): Promise<number> {
  const wish = { input: { siaga1_cm: 400 + (version % 100) }, reason: 'Uji' };
  const { pending } = await answered(officer.post(`${address}/set_thresholds`, wish, version));
  return (await answered(supervisor.post(`/api/pending/${pending.id}/confirm`, { reason: 'Uji' }))).version;
}
