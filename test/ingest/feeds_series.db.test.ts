import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Feed } from '../../server/ingest/pull/feed.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { pullNow } from '../support/pull.ts';
import { webServer } from '../support/web_server.ts';

/** A feed of a layer that keeps readings over time, and that devices tell of too. */
const { connection } = await testDatabase();
const { db } = connection;
const web = await webServer();
const { app } = await testApp(connection, { ROLE: 'operator' });

interface Reading {
  readonly code: string;
  readonly at: string;
  readonly level: number;
}

const gauges: Feed = {
  ...{ id: 'gauges_of_test', title: { id: 'Uji', en: 'Test' }, attribution: 'Test', layer: 'river_gauge' },
  ...{ everyMinutes: 5, urls: [`${web.url}/gauges`], within: 'region' },
  parse: ({ bytes }) => ({
    faults: [],
    records: (JSON.parse(new TextDecoder().decode(bytes)) as Reading[]).map(({ code, at, level }) => ({
      ...{ key: code, observedAt: at, place: { lon: 113.7, lat: -8.17 } },
      values: { name: 'Pos Sumber Luar', level_cm: level },
    })),
  }),
};
const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const at = (hour: number) => `${day}T0${hour}:00:00Z`;
const pull = async (...readings: Reading[]) => {
  web.serve('/gauges', JSON.stringify(readings));
  return pullNow(connection, gauges, [113.2, -8.65, 114.1, -7.9]);
};
const level = async () =>
  (await sql<{ level_cm: number }>`select level_cm from river_gauge where code = 'S-1'`.execute(db)).rows[0]?.level_cm;

test('everything that a feed tells reaches the series, and only what is newer the row', async () => {
  await pull({ code: 'S-1', at: at(1), level: 100 }, { code: 'S-1', at: at(2), level: 120 });
  expect(await level()).toBe(120);
  // A device, and then the feed with what is older.
  const body = JSON.stringify({ code: 'S-1', observed_at: at(4), level_cm: 150 });
  const headers = { 'Content-Type': 'application/json' };
  expect(await (await app.request('/api/ingest/river_gauge', { method: 'POST', body, headers })).json()).toMatchObject({
    accepted: 1,
  });
  await sql`update river_gauge set source = 'device' where code = 'S-1'`.execute(db); // as where a device made the row
  await pull({ code: 'S-1', at: at(3), level: 130 });
  expect(await level()).toBe(150);
  await pull({ code: 'S-1', at: at(5), level: 160 });
  expect(await level()).toBe(160);
  const { rows } = await sql<{ level_cm: number }>`
    select reading.level_cm from river_gauge_series reading join river_gauge on river_gauge.id = feature
    where code = 'S-1' order by reading.observed_at`.execute(db);
  expect(rows.map(({ level_cm }) => level_cm)).toEqual([100, 120, 130, 150, 160]);
});
