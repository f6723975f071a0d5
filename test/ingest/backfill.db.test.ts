import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { keepPartitions } from '../../server/database/partitions.ts';
import { seriesMonths } from '../../server/database/series_table.ts';
import { transaction } from '../../server/database/transaction.ts';
import { testApp } from '../support/app.ts';
import { testLocation } from '../support/database.ts';

/** An agency brings its gauges' last years: no row is laid aside, because all would wait while it is moved. */
const location = await testLocation();
const connection = await connect(location);
const opened = [connection];
afterAll(async () => {
  for (const each of opened) await each.close();
});
/** Another process on the same database. */
const another = async () => {
  const other = await connect(location);
  opened.push(other);
  return other;
};
const { db } = connection;
const { app, parts, complaints } = await testApp(connection);
await sql`insert into river_gauge (code, name) values ('PDA-1', 'Pos'), ('PDA-2', 'Pos')`.execute(db);
const months = seriesMonths([parts.registry.layer('river_gauge')!])[0]!;
const dayMs = 86_400_000;
const daysAgo = (days: number, second = 0) => new Date(Date.now() - days * dayMs + second * 1000).toISOString();

const post = async (body: object[]) => {
  const response = await app.request('/api/ingest/river_gauge', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};
const laidAside = async () => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from river_gauge_series_rest`.execute(db);
  return rows[0]!.n;
};
const kept = async () => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from river_gauge_series`.execute(db);
  return rows[0]!.n;
};
const partitions = async () => {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_inherits join pg_class on oid = inhrelid
    where inhparent = 'river_gauge_series'::regclass order by 1`.execute(db);
  return rows.map(({ name }) => name);
};

test('a year and a half of readings lies in its months at once, also when it comes in any order', async () => {
  expect((await post([{ code: 'PDA-1', observed_at: daysAgo(0.01), level_cm: 5 }])).body).toMatchObject({
    accepted: 1,
  });
  const old = Array.from({ length: 6_000 }, (_, n) => ({
    code: n % 2 === 0 ? 'PDA-1' : 'PDA-2',
    observed_at: daysAgo(700 - ((n * 7) % 540), n),
    level_cm: n % 300,
  }));
  for (let from = 0; from < old.length; from += 2_000) {
    expect(await post(old.slice(from, from + 2_000))).toMatchObject({ status: 200, body: { accepted: 2_000 } });
    expect(await laidAside()).toBe(0);
  }
  expect(await kept()).toBe(6_001);
  const there = await partitions();
  for (const { observed_at } of old)
    expect(there).toContain(`river_gauge_series_${observed_at.slice(0, 7).replace('-', '')}`);
  // Each once, and again each is known.
  expect((await post(old)).body).toMatchObject({ accepted: 0, known: 6_000 });
});

// The embedded database has one process, and one connection: nobody else is in the way.
if (connection.kind === 'server') {
  test('while a long transaction reads the series, what comes is laid aside, answered and readable, and in its month once that is over', async () => {
    const other = await another();
    const before = await kept();
    await transaction(other.db, async (trx) => {
      await sql`select count(*) from river_gauge_series`.execute(trx);
      for (let second = 0; second < 3; second++)
        expect((await post([{ code: 'PDA-1', observed_at: daysAgo(1_000, second), level_cm: 1 }])).body).toMatchObject({
          accepted: 1,
        });
      expect([await laidAside(), await kept()]).toEqual([3, before + 3]);
    });
    await expect.poll(() => keepPartitions(db, months), { timeout: 10_000 }).toBe(true);
    expect([await laidAside(), await kept()]).toEqual([0, before + 3]);
  });

  test('two processes make the same months at the same time, and each row is kept once', async () => {
    const other = await another();
    const { app: second } = await testApp(other);
    await sql`delete from river_gauge_series`.execute(db);
    for (const name of await partitions())
      if (!name.endsWith('rest')) await sql`drop table ${sql.table(name)}`.execute(db);
    // Of a process that has just started neither knows what is there.
    const fresh = await another();
    const { app: third } = await testApp(fresh);
    const readings = Array.from({ length: 300 }, (_, n) => ({
      code: 'PDA-2',
      observed_at: daysAgo(600 - n, 1),
      level_cm: n,
    }));
    const answers = await Promise.all(
      [second, third].map(async (door) => {
        await wait(0);
        const response = await door.request('/api/ingest/river_gauge', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(readings),
        });
        return response.json();
      }),
    );
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(300);
    expect(answers.reduce((sum, { known }) => sum + known, 0)).toBe(300);
    expect([await laidAside(), await kept()]).toEqual([0, 300]);
    expect(complaints).toEqual([]);
  });
}
