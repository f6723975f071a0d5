import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { generators } from '../../seeds/jember/generators.ts';
import { region } from '../../seeds/jember/region.ts';
import { random } from '../../seeds/random.ts';
import { seed } from '../../seeds/seed.ts';
import { attributesOf } from '../../server/registry/layer.ts';
import { layerFiles } from '../../server/registry/registry.ts';
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

test('a second start adds nothing, and what was deleted stays deleted', async () => {
  await sql`delete from camera`.execute(db);
  const before = await number(sql`select count(*)::int as n from umkm`);
  await seed(connection, { scale, now });
  expect(await number(sql`select count(*)::int as n from umkm`)).toBe(before);
  expect(await number(sql`select count(*)::int as n from camera`)).toBe(0);
});
