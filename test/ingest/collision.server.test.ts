import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { transaction } from '../../server/database/transaction.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testLocation } from '../support/database.ts';

/** Others who lock the same rows in another order, again and again: what PostgreSQL ends for it is begun anew. */
const location = await testLocation();
const connection = await connect(location);
const others = await connect(location);
afterAll(async () => {
  await others.close();
  await connection.close();
});
const { db } = connection;
const { app, parts, complaints } = await testApp(connection);
const now = Date.now();
const ids = new Map<string, number>();

beforeEach(async () => {
  await sql`delete from river_gauge`.execute(db);
  for (const code of ['A', 'B', 'C']) {
    const { rows } = await sql<{ id: number }>`
      insert into river_gauge (code, name, level_cm, observed_at) values (${code}, 'Pos', 1, ${new Date(now)}) returning id`.execute(
      db,
    );
    ids.set(code, rows[0]!.id);
  }
});

const deadlocks = async () => {
  const { rows } = await sql<{ n: number }>`
    select deadlocks::int as n from pg_stat_database where datname = current_database()`.execute(others.db);
  return rows[0]!.n;
};
const lock = (code: string) => sql`select id from river_gauge where code = ${code} for update`;

/** Takes the last row first, waits until somebody waits for it, then wants the first one, so often or until it is over. */
async function cross(times: number, over: AbortSignal): Promise<void> {
  for (let n = 0; n < times && !over.aborted; n++)
    await transaction(others.db, async (trx) => {
      await lock('B').execute(trx);
      while (!over.aborted) {
        const { rows } = await sql`select 1 from pg_locks where not granted`.execute(trx);
        if (rows.length > 0) break;
        await wait(5);
      }
      await lock('A').execute(trx);
    }).catch(() => {}); // it may be this one that is ended
}

const late = (code: string, n: number) => ({
  code,
  observed_at: new Date(now - 3_600_000 - n * 100).toISOString(),
  level_cm: n % 400,
});
const post = async (body: object) => {
  const response = await app.request('/api/ingest/river_gauge', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};

test('ten thousand late readings that meet others four times are written once, whole', {
  timeout: 120_000,
}, async () => {
  const before = await deadlocks();
  const many = Array.from({ length: 5_000 }, (_, n) => [late('A', n), late('B', n)]).flat();
  const over = new AbortController();
  const crossing = cross(4, over.signal);
  await wait(50);
  const answer = await post(many);
  over.abort();
  await crossing;
  expect(answer).toEqual({ status: 200, body: { accepted: 10_000, known: 0, suspect: 0, rejected: [] } });
  const { rows } = await sql`
    select code, (select count(*)::int from river_gauge_series where feature = g.id) as n, level_cm
    from river_gauge g order by code`.execute(db);
  expect(rows).toEqual([
    { code: 'A', n: 5_000, level_cm: 1 },
    { code: 'B', n: 5_000, level_cm: 1 },
    { code: 'C', n: 0, level_cm: 1 },
  ]);
  // PostgreSQL counts them within a second or so.
  await expect.poll(deadlocks, { timeout: 20_000 }).toBeGreaterThan(before + 1);
  expect(complaints).toEqual([]);
});

test('two whose transactions always meet are told so, and nothing of them is there', { timeout: 120_000 }, async () => {
  const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
  // A rule of the database that ends each attempt as a collision would.
  await sql`create function collide() returns trigger language plpgsql as $$
    begin raise exception 'met' using errcode = '40P01'; end $$`.execute(db);
  await sql`create trigger collide before update on river_gauge for each row execute function collide()`.execute(db);
  const reading = { code: 'A', observed_at: new Date().toISOString(), level_cm: 5 };
  const answer = await post(reading);
  expect(answer).toMatchObject({ status: 503, body: { type: 'urn:pendopo:problem:timed_out' } });
  const edit = await admin.post(`/api/layers/river_gauge/features/${ids.get('A')}/edit`, { input: { name: 'X' } }, 1);
  expect([edit.status, edit.headers.get('Retry-After')]).toEqual([503, '5']);
  await sql`drop trigger collide on river_gauge`.execute(db);
  const { rows } = await sql`select name, level_cm from river_gauge where code = 'A'`.execute(db);
  expect(rows).toEqual([{ name: 'Pos', level_cm: 1 }]);
  expect((await post(reading)).body).toMatchObject({ accepted: 1 });
});
