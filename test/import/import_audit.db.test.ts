import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verify } from '../../server/audit/verify.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { importInto } from '../support/import.ts';

const { connection } = await testDatabase();
const { parts, complaints } = await testApp(connection);
const folder = temporaryFolder();
const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));

function table(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, ['kode,nama,kapasitas,lon,lat', ...lines].join('\n'));
  return path;
}
const entries = async () =>
  (
    await sql<Record<string, unknown>>`
      select actor, actor_name, feature, version, before, after, reason from audit where action = 'import' order by id`.execute(
      connection.db,
    )
  ).rows;
const idOf = async (code: string) =>
  (await sql<{ id: number }>`select id from shelter where code = ${code}`.execute(connection.db)).rows[0]!.id;
const historyOf = async (code: string) =>
  (await (await admin.get(`/api/layers/shelter/features/${await idOf(code)}/history`)).json()).entries;

test('an import is in the trail: the file by name and hash, the counts, who', async () => {
  const path = table('posko.csv', ['P-1,Satu,10,113.6,-8.2', 'P-2,Dua,20,113.61,-8.2', 'P-3,Tiga,banyak,113.62,-8.2']);
  await importInto(connection, 'shelter', path, { dryRun: true });
  expect(await entries()).toEqual([]);
  await importInto(connection, 'shelter', path);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(await entries()).toEqual([
    expect.objectContaining({
      ...{ actor: 'command', actor_name: expect.stringContaining('npm run import'), feature: null },
      after: { file: 'posko.csv', sha256, read: 3, inserted: 2, updated: 0, unchanged: 0, rejected: 1, skipped: 0 },
    }),
  ]);
  expect(await historyOf('P-1')).toEqual([
    expect.objectContaining({ action: 'import', file: 'posko.csv', by: 'npm run import', before: {}, after: {} }),
  ]);
});

test('what it changed is told as of an edit, can be taken back, and what it left alone has no entry', async () => {
  const before = (await entries()).length;
  await importInto(connection, 'shelter', table('lagi.csv', ['P-1,Satu,15,113.65,-8.2', 'P-2,Dua,20,113.61,-8.2']));
  const [changed, whole, ...more] = (await entries()).slice(before);
  expect(more).toEqual([]);
  expect(whole).toMatchObject({ feature: null, after: { inserted: 0, updated: 1, unchanged: 1 } });
  expect(changed).toMatchObject({
    ...{ feature: await idOf('P-1'), version: 2, reason: 'lagi.csv' },
    before: { capacity: 10, geometry: { type: 'Point', coordinates: [113.6, -8.2] } },
    after: { capacity: 15, geometry: { type: 'Point', coordinates: [113.65, -8.2] } },
  });
  const [newest, first] = await historyOf('P-1');
  expect(newest).toMatchObject({ file: 'lagi.csv', reason: null, before: { capacity: 10 }, after: { capacity: 15 } });
  expect(first).toMatchObject({ file: 'posko.csv' });
  expect((await admin.post(`/api/audit/${newest.id}/undo`)).status).toBe(200);
  const { rows } = await sql`select capacity, st_x(geom) as x from shelter where code = 'P-1'`.execute(connection.db);
  expect(rows).toEqual([{ capacity: 10, x: 113.6 }]);
});

test('an import that ends in the middle leaves neither rows nor entries', async () => {
  const before = (await entries()).length;
  const path = table('gagal.csv', ['P-1,Satu,99,113.6,-8.2', 'P-9,Sembilan,9,113.6,-8.2']);
  const gone = importInto(
    connection,
    'shelter',
    path,
    {},
    {
      written: () => Promise.reject(new Error('the power fails')),
    },
  );
  await expect(gone).rejects.toThrow('the power fails');
  expect((await entries()).length).toBe(before);
  expect((await historyOf('P-1')).length).toBe(3);
});

test('2,000 changed features are 2,000 entries of one unbroken chain', async () => {
  const rows = (capacity: number) =>
    Array.from({ length: 2_000 }, (_, i) => `B-${i},Balai ${i},${capacity},113.6,-8.2`);
  await importInto(connection, 'shelter', table('banyak.csv', rows(1)));
  const report = await importInto(connection, 'shelter', table('banyak.csv', rows(2)));
  expect(report).toMatchObject({ updated: 2_000 });
  const { broken, entries: count } = await verify(connection.db);
  expect(broken).toBeUndefined();
  expect(count).toBeGreaterThan(2_000);
  expect(complaints).toEqual([]);
});
