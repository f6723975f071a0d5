import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { seed } from '../../seeds/seed.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;
const now = new Date('2026-11-21T12:40:00Z');

beforeAll(() => seed(connection, { scale: 0.01, now }));

const all = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(db)).rows;

test('every gauge that reports has three days behind it that lead to what it shows', async () => {
  const gauges = await all(sql<{ readings: number; hours: number; isNewest: boolean; suspect: number; step: number }>`
    select count(s.*)::int as readings, (extract(epoch from max(s.observed_at) - min(s.observed_at)) / 3600)::float8 as hours,
      max(s.observed_at) = g.observed_at and (array_agg(s.level_cm order by s.observed_at desc))[1] = g.level_cm as "isNewest",
      (count(*) filter (where s.quality = 'suspect'))::int as suspect,
      max(abs(s.level_cm - before.level_cm)) filter (where 'suspect' not in (s.quality, before.quality) and s.observed_at - before.observed_at < '20 min') as step
    from river_gauge g join river_gauge_series s on s.feature = g.id
    left join lateral (select * from river_gauge_series b where b.feature = s.feature and b.observed_at < s.observed_at
      order by observed_at desc limit 1) as before on true
    where g.level_cm is not null group by g.id`);
  expect(gauges.length).toBeGreaterThan(20);
  for (const gauge of gauges) {
    expect(gauge.isNewest).toBe(true);
    expect(gauge.hours).toBeGreaterThan(71);
    expect(gauge.readings).toBeGreaterThan(60);
    // Water does not jump: cm in ten minutes.
    expect(gauge.step ?? 0).toBeLessThan(80);
  }
  expect(gauges.reduce((sum, { suspect }) => sum + suspect, 0)).toBeGreaterThan(0);
  const silent = await all(sql<{ n: number }>`
    select count(*)::int as n from river_gauge_series where feature in (select id from river_gauge where level_cm is null)`);
  expect(silent).toEqual([{ n: 0 }]);
});

test('a wave comes down the river: it is later at the lower gauge', async () => {
  // Where the past of two neighbours is correlated at all, it is best so at a delay near the travel time.
  const [{ id, next, travel } = { id: 0, next: 0, travel: 0 }] = await all(sql<{
    id: number;
    next: number;
    travel: number;
  }>`
    select g.id::float8 as id, n.id::float8 as next, g.travel_min as travel from river_gauge g join river_gauge n on n.code = g.next_gauge_code
    where g.method = 'telemetry' and n.method = 'telemetry' and g.river = n.river
      and g.level_cm < g.siaga3_cm and n.level_cm < n.siaga3_cm and g.travel_min between 40 and 200 order by g.code limit 1`);
  const correlation = async (minutes: number) => {
    const [row] = await all(sql<{ r: number }>`
      select corr(a.level_cm, b.level_cm) as r from river_gauge_series a join river_gauge_series b
        on b.feature = ${next} and abs(extract(epoch from b.observed_at - a.observed_at) - ${minutes * 60}) <= 300
      where a.feature = ${id} and a.quality = 'good' and b.quality = 'good' and a.observed_at < ${now}::timestamptz - interval '8 hours'`);
    return row!.r;
  };
  expect(travel).toBeGreaterThan(0);
  expect(await correlation(travel)).toBeGreaterThan(await correlation(-travel));
  expect(await correlation(travel)).toBeGreaterThan(0.5);
});

test('units have driven for two hours, no faster than they can, to where they are', async () => {
  const units = await all(sql<{ moments: number; fastest: number; isNewest: boolean; states: number; untold: number }>`
    select count(*)::int as moments, count(distinct state)::int as states, (count(*) filter (where state is null))::int as untold,
      max(metres / seconds * 3.6) filter (where seconds > 0) as fastest, bool_and(is_newest or later) as "isNewest"
    from (select u.id, s.state, extract(epoch from s.observed_at - lag(s.observed_at) over way)::float8 as seconds,
        st_distance(st_point(s.lon, s.lat)::geography, lag(st_point(s.lon, s.lat)) over way::geography) as metres,
        lead(s.observed_at) over way is not null as later,
        s.observed_at = u.observed_at and s.state = u.state and st_distance(u.geom, st_setsrid(st_point(s.lon, s.lat), 4326)) < 1e-9 as is_newest
      from unit u join unit_series s on s.feature = u.id window way as (partition by s.feature order by s.observed_at)) as x
    group by id`);
  expect(units.length).toBeGreaterThan(9);
  for (const { moments, fastest, isNewest, untold } of units) {
    expect(moments).toBeGreaterThan(100);
    expect(fastest).toBeLessThan(100);
    expect(isNewest).toBe(true);
    expect(untold).toBe(0);
  }
  expect(Math.max(...units.map(({ states }) => states))).toBeGreaterThan(1);
});

test('the past is served: a chart of a gauge, and the way of units', async () => {
  const { app } = await testApp(connection);
  const ask = async (path: string) => (await app.request(`/api/layers/${path}`)).json();
  const to = now.toISOString();
  const [gauge] = await all(
    sql<{ id: number }>`select id from river_gauge where method = 'telemetry' and level_cm is not null limit 1`,
  );
  const day = await ask(`river_gauge/${gauge!.id}/series?to=${to}`);
  expect(day.time.length).toBeGreaterThan(100);
  const units = await ask(`unit/series?from=${new Date(now.getTime() - 7_200_000).toISOString()}&to=${to}`);
  expect(units.rows.filter((rows: number) => rows > 50).length).toBeGreaterThan(9);
});

test('beds have been filled and freed for three days, to what is free now', async () => {
  const hospitals = await all(sql<{ readings: number; most: number; isSum: boolean; isNewest: boolean }>`
    select count(*)::int as readings, max(s.beds_free) - max(h.beds_total) as most,
      (array_agg(s.beds_free order by s.observed_at desc))[1] = h.beds_free as "isNewest",
      bool_and(s.beds_free = coalesce(s.vvip_free, 0) + coalesce(s.class1_free, 0) + coalesce(s.class2_free, 0) + coalesce(s.class3_free, 0)
        + coalesce(s.icu_free, 0) + coalesce(s.nicu_free, 0) + coalesce(s.picu_free, 0) + coalesce(s.isolation_free, 0)) as "isSum"
    from hospital h join hospital_series s on s.feature = h.id group by h.id`);
  expect(hospitals.length).toBeGreaterThan(10);
  for (const { readings, most, ...is } of hospitals) {
    expect(is).toEqual({ isSum: true, isNewest: true });
    expect(readings).toBe(217);
    expect(most).toBeLessThanOrEqual(0);
  }
});
