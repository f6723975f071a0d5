import { sql } from 'kysely';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testLocation } from '../support/database.ts';

/** Several who make a thing of the same code at the same moment, each by a process of its own where the database allows it. */
const location = await testLocation();
const connection = await connect(location);
afterAll(() => connection.close());
const { db } = connection;
const second = connection.kind === 'server' ? await connect(location) : connection;
afterAll(() => (second === connection ? undefined : second.close()));
const processes = [await testApp(connection), await testApp(second)];
const admins = processes.map(({ parts }) => doorOf(parts, viewerNamed('Ayu', { role: 'admin' })));
beforeEach(async () => void (await sql`delete from unit`.execute(db)));

const rounds = Array.from({ length: 8 }, (_, n) => `BARU-${n}`);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const report = async (process: number, body: object) => {
  const response = await processes[process]!.app.request('/api/ingest/unit', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ lon: 113.7, lat: -8.17, ...body }),
  });
  expect(response.status).toBe(200);
  return response.json();
};
const rowsOf = async (code: string) =>
  (
    await sql<{ id: number; version: number; name: string }>`
      select id, version, name from unit where code = ${code}`.execute(db)
  ).rows;

test('two devices, the same moment: one is accepted, the other known', async () => {
  for (const code of rounds) {
    const observed_at = minutesAgo(1);
    const answers = await Promise.all([0, 1].map((process) => report(process, { code, observed_at })));
    const sums = answers.map(({ accepted, known, rejected }) => [accepted, known, rejected.length].join());
    expect(sums.toSorted()).toEqual(['0,1,0', '1,0,0']);
    expect(await rowsOf(code)).toHaveLength(1);
  }
});

test('two devices, two moments: both are accepted, and the row shows the later', async () => {
  for (const code of rounds) {
    const answers = await Promise.all(
      [0, 1].map((process) =>
        report(process, { code, observed_at: minutesAgo(1 + process), speed_km_h: 10 + process }),
      ),
    );
    expect(answers).toMatchObject([{ accepted: 1 }, { accepted: 1 }]);
    const { rows } = await sql`select speed_km_h, (select count(*)::int from unit_series where feature = unit.id) as n
      from unit where code = ${code}`.execute(db);
    expect(rows).toEqual([{ speed_km_h: 10, n: 2 }]);
  }
});

test('two persons: one has made it, the other is told that the code is taken', async () => {
  for (const code of rounds) {
    const input = { code, name: 'Regu' };
    const answers = await Promise.all(admins.map((admin) => admin.post('/api/layers/unit/features', { input })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422]);
    const refused = answers.find(({ status }) => status === 422)!;
    expect(await refused.json()).toMatchObject({ errors: [{ pointer: '#/input/code', code: 'taken' }] });
    expect(await rowsOf(code)).toHaveLength(1);
  }
});

test('a person and a device: whoever is second is told so, and what the device saw is kept', async () => {
  for (const code of rounds) {
    const [made, seen] = await Promise.all([
      admins[0]!.post('/api/layers/unit/features', { input: { code, name: 'Regu' } }),
      report(1, { code, observed_at: minutesAgo(1), speed_km_h: 30 }),
    ]);
    expect([201, 422]).toContain(made.status);
    expect(seen).toMatchObject({ accepted: 1, rejected: [] });
    const { rows } = await sql`select name, speed_km_h from unit where code = ${code}`.execute(db);
    expect(rows).toEqual([{ name: made.status === 201 ? 'Regu' : code, speed_km_h: 30 }]);
  }
  for (const { complaints } of processes) expect(complaints).toEqual([]);
});
