import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { changesAfter, position } from '../../server/database/change_log.ts';
import { createLayerTable, layerTableSql } from '../../server/database/layer_table.ts';
import { transaction } from '../../server/database/transaction.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;

beforeAll(async () => {
  await transaction(db, async (trx) => {
    await createLayerTable(trx, {
      id: 'gauge',
      geometry: 'Point',
      columns: ['name text not null', 'level numeric check (level >= 0)'],
    });
    await createLayerTable(trx, { id: 'zone', geometry: 'MultiPolygon', columns: [], indexes: ['(agency)'] });
  });
});

const insertGauge = (wkt: string | null, name = 'x') =>
  sql<{
    id: number;
  }>`insert into gauge (name, geom) values (${name}, st_geomfromtext(${wkt}, 4326)) returning id`.execute(db);
const insertZone = (wkt: string) => sql`insert into zone (geom) values (st_geomfromtext(${wkt}, 4326))`.execute(db);

test.each([
  ['no_location_yet', null],
  ['zero_zero', 'POINT(0 0)'],
  ['corner', 'POINT(180 -90)'],
])('accepts %s', async (_, wkt) => {
  await insertGauge(wkt);
});

test.each([
  ['antimeridian_passed', 'POINT(180.0001 0)', 'gauge_geom_lon_lat'],
  ['latitude_first', 'POINT(-8.17 113.7)', 'gauge_geom_lon_lat'],
  ['not_a_number', 'POINT(NaN NaN)', undefined],
  ['empty_point', 'POINT EMPTY', 'gauge_geom_valid'],
])('refuses %s', async (_, wkt, constraint) => {
  await expect(insertGauge(wkt)).rejects.toMatchObject({ code: '23514', ...(constraint && { constraint }) });
});

test('refuses another kind of geometry, a bow tie and a third dimension', async () => {
  await expect(insertGauge('LINESTRING(0 0, 1 1)')).rejects.toMatchObject({ code: '22023' });
  await expect(insertGauge('POINT Z (0 0 1)')).rejects.toMatchObject({ code: '22023' });
  await expect(insertZone('MULTIPOLYGON(((0 0, 1 1, 1 0, 0 1, 0 0)))')).rejects.toMatchObject({
    code: '23514',
    constraint: 'zone_geom_valid',
  });
  await insertZone('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))');
});

test('code is unique where present', async () => {
  await sql`insert into gauge (name, code) values ('a', 'K1'), ('b', null), ('c', null)`.execute(db);
  await expect(sql`insert into gauge (name, code) values ('d', 'K1')`.execute(db)).rejects.toMatchObject({
    code: '23505',
    constraint: 'gauge_code',
  });
});

test('an update raises the version and cannot change the id', async () => {
  const [row] = (await insertGauge('POINT(1 1)')).rows;
  await sql`update gauge set level = 0 where id = ${row!.id}`.execute(db);
  await sql`update gauge set level = 5, version = 40 where id = ${row!.id}`.execute(db);
  const { rows } =
    await sql`select version, updated_at > created_at as later, source from gauge where id = ${row!.id}`.execute(db);
  expect(rows).toStrictEqual([{ version: 3, later: true, source: 'operator' }]);
  await expect(sql`update gauge set id = 999999 where id = ${row!.id}`.execute(db)).rejects.toMatchObject({
    code: '23001',
  });
});

test('each statement is one change, with the ids it touched', async () => {
  const { seq } = await position(db);
  const [a] = (await insertGauge(null, 'a')).rows;
  await sql`update gauge set level = 1 where false`.execute(db);
  await sql`insert into gauge (id, name, code) values (${a!.id}, 'b', 'K2') on conflict (id) do update set name = excluded.name`.execute(
    db,
  );
  await sql`delete from gauge where id = ${a!.id}`.execute(db);
  await sql`insert into layer_definition (layer, definition) values ('tree', ${JSON.stringify({ id: 'tree' })})`.execute(
    db,
  );
  const changes = await changesAfter(db, seq, 100);
  expect(changes.map(({ layer, op, ids }) => [layer, op, ids])).toStrictEqual([
    ['gauge', 'insert', [a!.id]],
    ['gauge', 'update', [a!.id]],
    ['gauge', 'delete', [a!.id]],
    ['layer_definition', 'insert', [1]],
  ]);
});

test('a bulk load and a truncate are a few changes of at most 10,000 ids', async () => {
  const { seq } = await position(db);
  await sql`delete from gauge`.execute(db);
  const after = (await position(db)).seq;
  await sql`insert into gauge (name) select 'g' from generate_series(1, 25000)`.execute(db);
  await sql`truncate gauge`.execute(db);
  const changes = await changesAfter(db, after, 100);
  expect(after).toBeGreaterThan(seq);
  expect(changes.map(({ op, ids }) => [op, ids.length])).toStrictEqual(
    ['insert', 'delete'].flatMap((op) => [10_000, 10_000, 5_000].map((n) => [op, n])),
  );
  const idsOf = (op: string) => changes.filter((change) => change.op === op).flatMap((change) => change.ids);
  expect(idsOf('delete')).toStrictEqual(idsOf('insert'));
  expect(new Set(idsOf('insert')).size).toBe(25_000);
});

test('a truncate that could miss rows is refused', async () => {
  await expect(
    transaction(db, (trx) => sql`truncate gauge`.execute(trx), { isolation: 'repeatable read' }),
  ).rejects.toMatchObject({ code: '0A000' });
});

test('search by a part of the name can use an index', async () => {
  const plan = await transaction(db, async (trx) => {
    await sql`set local enable_seqscan = off`.execute(trx);
    return sql<{ 'QUERY PLAN': string }>`explain select id from gauge where name ilike '%1234%'`.execute(trx);
  });
  expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('gauge_name_search');
});

test('the id of a layer is a name', () => {
  for (const id of ['', 'Gauge', '1st', 'a-b', 'a"b', 'x'.repeat(49)]) {
    expect(() => layerTableSql({ id, geometry: 'Point', columns: [] })).toThrow(RangeError);
  }
});
