import { pino } from 'pino';
import { assemble } from '../../server/assemble.ts';
import { config } from '../../server/config.ts';
import { connect } from '../../server/database/connect.ts';
import { doorOf, viewerNamed } from './acting.ts';
import { AUTH_SECRET } from './auth_secret.ts';

/**
 * A server to be killed: `node act_and_tell.ts <folder or postgres://…> <writers>` acts on river gauges, that many at once
 * and without end, and says `done <id> <version>` after each answer.
 */
const [, , target = '', writers = '1'] = process.argv;
const location = target.includes('://') ? { databaseUrl: target, dataDir: '' } : { dataDir: target };
const connection = await connect(location);
const settings = config({ AUTH_SECRET });
const { parts } = await assemble(settings, connection, pino({ level: 'silent' }));
const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
const officer = doorOf(parts, viewerNamed('Budi', { role: 'disaster_officer' }));
const supervisor = doorOf(parts, viewerNamed('Dewi', { role: 'supervisor' }));
const ways = [edit, editMany, deleteAndRestore, confirm];
console.log('open');
await Promise.all(Array.from({ length: Number(writers) }, (_, i) => write(i + 1)));

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
