import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { seed } from '../../seeds/seed.ts';
import { testApp } from '../support/app.ts';
import { startChild } from '../support/child.ts';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

const { connection } = await testDatabase();
const { app } = await testApp(connection);
const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve) => {
  const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (info: AddressInfo) =>
    resolve({ server: started, port: info.port }),
  );
});
afterAll(() => void server.close());

const simulate = (...args: string[]) =>
  startChild(new URL('../../seeds/simulator/cli.ts', import.meta.url), ['--url', `http://127.0.0.1:${port}`, ...args], {
    DATA_DIR: temporaryFolder(),
  });

test('a database that holds no demo regency is left alone', async () => {
  await sql`insert into river_gauge (code, name, level_cm, siaga1_cm, siaga3_cm, geom)
    values ('PDA-REAL', 'Pos', 120, 300, 200, st_setsrid(st_point(113.7, -8.17), 4326))`.execute(connection.db);
  const { code, errors } = await simulate('storm').ended;
  expect(code).toBe(1);
  expect(errors).toContain('no demo regency');
  const { rows } = await sql<{ level_cm: number; observed_at: Date | null; complaints: number }>`
    select level_cm, observed_at, (select count(*)::int from complaint) as complaints from river_gauge`.execute(
    connection.db,
  );
  expect(rows).toEqual([{ level_cm: 120, observed_at: null, complaints: 0 }]);
});

test('an unknown scenario ends it before anything is asked of the server', async () => {
  const { code, errors, lines } = await simulate('tsunami').ended;
  expect(code).toBe(2);
  expect(errors).toContain('flood-bedadung, market-day, storm, blackout');
  expect(lines).toEqual([]);
});

test('drives the demo regency and tells what happens, until Ctrl-C', async () => {
  await sql`delete from river_gauge`.execute(connection.db);
  await seed(connection, { scale: 0.005 });
  const child = simulate('market-day', '--speed', '600');
  await child.line(/\+\d+ min .*traffic_light \d+/);
  await child.line(/button TP-\d+: pressed/);
  const lines = await child.kill('SIGINT');
  expect((await child.ended).code).toBe(0);
  expect(lines.filter((line) => line.includes('rejected'))).toEqual([]);
  expect((await child.ended).errors).toBe('');
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from panic_button where state = 'pressed' and pressed_at is not null`.execute(
    connection.db,
  );
  expect(rows[0]!.n).toBeGreaterThan(0);
});
