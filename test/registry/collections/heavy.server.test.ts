import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { connect } from '../../../server/database/connect.ts';
import { transaction } from '../../../server/database/transaction.ts';
import { testApp } from '../../support/app.ts';
import { testLocation } from '../../support/database.ts';
import { serveApp } from '../../support/events.ts';

const location = await testLocation();
const [connection, other] = [await connect(location), await connect(location)];
afterAll(async () => {
  await connection.close();
  await other.close();
});
await sql`insert into river_gauge (code, name) values ('PDA-1', 'Pos')`.execute(connection.db);
await sql`insert into streetlight (pole) select 'p' || n from generate_series(1, 1000) as n`.execute(connection.db);
const { app, parts, complaints } = await testApp(connection);
const { url } = await serveApp(app);
const items = (layer: string, filter = '') =>
  `${url}/ogc/collections/${layer}/items?f=json${filter && `&filter=${encodeURIComponent(filter)}`}`;
const slow = items('streetlight', "pole LIKE '%1' OR pole LIKE '%2'");

/** While `run` runs, every question about streetlights takes as long as it is given. */
const whileSlow = (run: () => Promise<void>) =>
  transaction(other.db, async (trx) => {
    await sql`lock table streetlight in access exclusive mode`.execute(trx);
    await run();
  });

/** Statements of the server that are being worked on and get nowhere. */
async function stuck(): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(parts.connection.db);
  return rows[0]!.n;
}

test('forty slow filters at once leave all else as it was, and those without a turn are told when to come back', async () => {
  await whileSlow(async () => {
    let answered = 0;
    const asked = Array.from({ length: 40 }, async () => {
      const response = await fetch(slow);
      answered++;
      return response;
    });
    while ((await stuck()) < 4) await wait(10);
    for (const light of [`${url}/health/ready`, items('river_gauge'), `${url}/api/search?q=Pos&layers=river_gauge`])
      expect((await fetch(light)).status, light).toBe(200);
    const reading = { code: 'PDA-1', observed_at: new Date().toISOString(), level_cm: 120 };
    const posted = await fetch(`${url}/api/ingest/river_gauge`, {
      ...{ method: 'POST', body: JSON.stringify(reading), headers: { 'Content-Type': 'application/json' } },
    });
    expect(await posted.json()).toMatchObject({ accepted: 1 });
    expect(answered).toBe(0);
    expect(await stuck()).toBe(4);

    for (const response of await Promise.all(asked)) {
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(response.headers.get('Content-Type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ type: 'urn:pendopo:problem:timed_out', status: 503 });
    }
  });
  expect((await fetch(slow)).status).toBe(200);
  expect(complaints).toEqual([]);
});

test('who goes away takes his question with him, and so does an export', async () => {
  await whileSlow(async () => {
    const leaving = new AbortController();
    const file = `${url}/api/layers/streetlight/export.csv`;
    const asked = Array.from({ length: 20 }, (_, i) =>
      fetch(i % 2 ? slow : file, { signal: leaving.signal }).catch(() => 'gone'),
    );
    while ((await stuck()) < 4) await wait(10);
    leaving.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['gone']));
    // Their turns are free again: without that this one would be sent away, long before their time is up.
    expect((await fetch(items('river_gauge', "code = 'PDA-1'"))).status).toBe(200);
    while ((await stuck()) > 0) await wait(10);
  });
  expect(complaints).toEqual([]);
});
