import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { transaction } from '../../server/database/transaction.ts';
import { testLocation } from '../support/database.ts';
import { stallingProxy } from '../support/stalling_proxy.ts';

const location = await testLocation();
const at = new URL(location.databaseUrl!);
const proxy = await stallingProxy(Number(at.port || 5432));
at.host = new URL(proxy.url).host;
const connection = await connect({ ...location, databaseUrl: at.href });
const { db } = connection;
afterAll(async () => {
  await connection.close();
  proxy.close();
});

test('a database whose host vanished is noticed within seconds, and its successor is used at once', {
  timeout: 60_000,
}, async () => {
  let rings = 0;
  await connection.listen('change', () => {
    rings++;
  });
  // Some sessions that nobody uses when it happens.
  await Promise.all([1, 2, 3, 4].map(() => sql`select pg_sleep(0.1)`.execute(db)));
  proxy.stall();
  const since = performance.now();
  const asked = transaction(db, (trx) => sql`select 1`.execute(trx), { statementTimeoutMs: 300 });
  await expect(asked).rejects.toMatchObject({ code: '08006' });
  expect(performance.now() - since).toBeLessThan(12_000);
  proxy.replace();
  const back = performance.now();
  for (let n = 0; n < 5; n++) await sql`select 1`.execute(db);
  // No other of the silent sessions was asked first.
  expect(performance.now() - back).toBeLessThan(4_000);
  await expect.poll(() => rings, { timeout: 30_000 }).toBeGreaterThan(0); // it listens again
});
