import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { generators } from '../../seeds/jember/generators.ts';
import { region } from '../../seeds/jember/region.ts';
import { random } from '../../seeds/random.ts';
import { seed } from '../../seeds/seed.ts';
import { attributesOf } from '../../server/registry/layer.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;
const now = new Date('2026-11-21T12:40:00Z');
const scale = 0.01;
/** A layer need not be part of the demo regency. */
const layers = (await layerFiles()).filter(({ id }) => generators.has(id));

beforeAll(() => seed(connection, { scale, now }));

async function number(query: ReturnType<typeof sql<{ n: number }>>): Promise<number> {
  return (await query.execute(db)).rows[0]!.n;
}

const all = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(db)).rows;

test('every generator is that of a layer file, and fills it', async () => {
  expect([...generators.keys()].toSorted()).toEqual(layers.map(({ id }) => id).toSorted());
  for (const { id } of layers)
    expect(await number(sql`select count(*)::int as n from ${sql.table(id)}`), id).toBeGreaterThan(10);
});

test('the areas are the real ones by name and code: 31 districts, 226 desa, 22 kelurahan', async () => {
  expect(await number(sql`select count(*)::int as n from district where code like '35.09.%'`)).toBe(31);
  expect(await number(sql`select count(*)::int as n from village where kind = 'desa'`)).toBe(226);
  expect(await number(sql`select count(*)::int as n from village where kind = 'kelurahan'`)).toBe(22);
  expect(await number(sql`select sum(village_count)::int as n from district`)).toBe(248);
});

test('villages fill their districts without gaps or overlaps, and are about as large as they are', async () => {
  const { rows } = await sql<{ code: string; differs: number }>`
    select d.code, st_area(st_symdifference(d.geom, v.geom)::geography) / st_area(d.geom::geography) as differs
    from district d join (select district_code, st_union(geom) as geom from village group by 1) v on v.district_code = d.code`.execute(
    db,
  );
  expect(rows).toHaveLength(31);
  for (const { code, differs } of rows) expect(differs, code).toBeLessThan(1e-5);
  const overlap = await number(sql`
    select coalesce(sum(st_area(st_intersection(a.geom, b.geom)::geography)), 0)::float8 as n
    from village a join village b on a.id < b.id and a.geom && b.geom and st_intersects(a.geom, b.geom)`);
  expect(overlap).toBeLessThan(1000); // square metres, over all 248
  const whole = await number(sql`select (sum(st_area(geom::geography)) / 1e6)::float8 as n from village`);
  expect(whole).toBeGreaterThan(2600);
  expect(whole).toBeLessThan(4000);
});

test('every simulated thing says so, and lies in the village it names', async () => {
  for (const layer of layers) {
    const source = layer.group === 'boundary' ? 'schematic' : 'demo';
    const others = await number(sql`select count(*)::int as n from ${sql.table(layer.id)} where source <> ${source}`);
    expect(others, layer.id).toBe(0);
    if (layer.geometry !== 'Point') continue;
    const astray = await number(sql`
      select count(*)::int as n from ${sql.table(layer.id)} t left join village v on v.code = t.area_code
      where not st_covers(v.geom, t.geom) or (v.code is null and ${layer.id !== 'unit'})`); // units drive about
    expect(astray, layer.id).toBe(0);
    const unlocated = await number(sql`select count(*)::int as n from ${sql.table(layer.id)} where geom is null`);
    expect(unlocated, layer.id).toBe(0);
  }
});

test('no two hospitals share a spot, and the one with a known position has it', async () => {
  const spots = await number(sql`select count(distinct geom::text)::int as n from hospital`);
  expect(spots).toBe(13);
  const { rows } = await sql<{ lon: number; lat: number; address: string | null }>`
    select st_x(geom) as lon, st_y(geom) as lat, address from hospital where code = '3509010'`.execute(db);
  expect(rows).toEqual([{ lon: 113.71329, lat: -8.15095, address: null }]);
  const guessed = await number(sql`select count(*)::int as n from hospital where address like '%perkiraan%'`);
  expect(guessed).toBe(12);
});

test('gauges of a river lead downstream, each to one that exists, and no level is above its reach', async () => {
  const lost = await number(sql`
    select count(*)::int as n from river_gauge g
    where next_gauge_code is not null and not exists (select 1 from river_gauge n where n.code = g.next_gauge_code)`);
  expect(lost).toBe(0);
  const { rows } = await sql<{ siaga: string | null }>`select distinct siaga from river_gauge`.execute(db);
  expect(rows.length).toBeGreaterThan(1);
});

test('the same seed gives the same rows, and every row is what its layer says a row is', () => {
  const rowsOf = () => {
    const place = region();
    return layers.map((layer) => {
      const count = (base: number, least: number) => Math.min(60, Math.max(least, Math.round(base * scale)));
      const chance = random(`jember ${layer.id}`);
      const rows = [...generators.get(layer.id)!({ region: place, chance, count, now, scale })];
      for (const { row } of rows.slice(0, 60)) {
        const attributes = Object.fromEntries(
          [...attributesOf(layer)].map(([key, { derived }]) => {
            const value = row[key] ?? null;
            return [key, derived ? null : value instanceof Date ? value.toISOString() : value];
          }),
        );
        const known = new Set([...Object.keys(attributes), 'code', 'agency', 'area_code', 'source', 'observed_at']);
        expect(
          Object.keys(row).filter((key) => !known.has(key)),
          layer.id,
        ).toEqual([]);
        expect(layer.attributes.safeParse(attributes).error, `${layer.id} ${row.code}`).toBeUndefined();
      }
      expect(new Set(rows.map(({ row }) => row.code)).size, layer.id).toBe(rows.length);
      return rows;
    });
  };
  expect(hash('sha256', JSON.stringify(rowsOf()))).toBe(hash('sha256', JSON.stringify(rowsOf())));
});

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

test('a second start adds nothing, and what was deleted stays deleted', async () => {
  await sql`delete from camera`.execute(db);
  const before = await number(sql`select count(*)::int as n from umkm`);
  await seed(connection, { scale, now });
  expect(await number(sql`select count(*)::int as n from umkm`)).toBe(before);
  expect(await number(sql`select count(*)::int as n from camera`)).toBe(0);
});
