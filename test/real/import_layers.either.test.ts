import { sql } from 'kysely';
import { expect } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { importInto } from '../support/import.ts';
import { realData, realTest } from '../support/real_data.ts';

const { connection } = await testDatabase();
const region = [113.2, -8.65, 114.1, -7.9] as const;

async function one<T>(query: ReturnType<typeof sql<T>>): Promise<T> {
  const { rows } = await query.execute(connection.db);
  return rows[0] as T;
}

realTest(
  '248 villages, one repaired, inside the region; once more: unchanged',
  ['boundaries/jember_desa.geojson'],
  async () => {
    const file = realData('boundaries/jember_desa.geojson');
    const report = await importInto(connection, 'village', file, { region });
    expect(report).toMatchObject({ read: 248, inserted: 248, rejected: 0, skipped: 0 });
    expect(report.repaired).toHaveLength(1);
    const found = await one(sql<Record<string, unknown>>`select count(*) filter (where kind = 'desa') as desa,
    count(*) filter (where kind = 'kelurahan') as kelurahan, count(distinct name) as names,
    round(sum(st_area(geom::geography) / 1e6)::numeric, 2)::float8 as km2 from village`);
    expect(found).toEqual({ desa: 226, kelurahan: 22, names: 238, km2: 3313.48 });
    const kepanjen = await one(
      sql`select st_numgeometries(geom) as parts, name from village where code = '35.09.04.2001'`,
    );
    expect(kepanjen).toEqual({ parts: 1, name: 'Kepanjen' });
    const again = await importInto(connection, 'village', file, { region });
    expect(again).toMatchObject({ read: 248, inserted: 0, updated: 0, unchanged: 248, rejected: 0 });
  },
);

realTest('31 districts', ['boundaries/jember_kecamatan_dissolved.geojson'], async () => {
  const report = await importInto(connection, 'district', realData('boundaries/jember_kecamatan_dissolved.geojson'), {
    region,
  });
  expect(report).toMatchObject({ read: 31, inserted: 31, rejected: 0, repaired: [] });
  const found = await one(sql`select sum(village_count) as villages,
    round(sum(st_area(geom::geography) / 1e6)::numeric, 2)::float8 as km2 from district`);
  expect(found).toEqual({ villages: 248, km2: 3313.51 });
});

realTest(
  '13 hospitals of a table without coordinates wait for a location',
  ['hospitals/jember_rs_beds_2021.json'],
  async () => {
    const file = realData('hospitals/jember_rs_beds_2021.json');
    const report = await importInto(connection, 'hospital', file, { region });
    expect(report).toMatchObject({ read: 13, inserted: 13, rejected: 0, unlocated: 13 });
    const found = await one(sql`select sum(beds_total) as beds, count(geom) as placed,
    count(*) filter (where hospital_class = 'b') as b, count(*) filter (where hospital_class = 'c') as c,
    count(*) filter (where hospital_class = 'd') as d from hospital`);
    expect(found).toEqual({ beds: 1493, placed: 0, b: 2, c: 10, d: 1 });
    // Somebody places one; a later import of the same list does not take the place away.
    await sql`update hospital set geom = st_setsrid(st_makepoint(113.7132906, -8.1509529), 4326) where code = '3509010'`.execute(
      connection.db,
    );
    expect(await importInto(connection, 'hospital', file, { region })).toMatchObject({ unchanged: 13, updated: 0 });
    expect(await one(sql`select count(geom) as placed from hospital`)).toEqual({ placed: 1 });
  },
);

realTest(
  '128 referral hospitals, the first with id 0; 11 in East Java, one in the region',
  ['hospitals/covid_referral_hospitals_id.geojson'],
  async () => {
    const file = realData('hospitals/covid_referral_hospitals_id.geojson');
    const near = await importInto(connection, 'hospital', file, { region, dryRun: true });
    expect(near).toMatchObject({ read: 128, inserted: 1, rejected: 127 });
    const report = await importInto(connection, 'hospital', file);
    expect(report).toMatchObject({ read: 128, inserted: 128, rejected: 0, repaired: [] });
    const found = await one(sql`select name, st_x(geom) as lon, area_code from hospital where code = '0'`);
    expect(found).toEqual({ name: 'RS UMUM DAERAH  DR. ZAINOEL ABIDIN', lon: 95.3372854, area_code: null });
    const soebandi =
      await one(sql`select count(*) as inside, min(area_code) as village from hospital where area_code like '35.09.%'
    and source like 'import:covid%'`);
    expect(soebandi).toEqual({ inside: 1, village: '35.09.20.1007' });
  },
);

realTest(
  '269 cameras; what their list says of their state is not believed',
  ['cctv/cctv_kota_malang.geojson'],
  async () => {
    const report = await importInto(connection, 'camera', realData('cctv/cctv_kota_malang.geojson'));
    expect(report).toMatchObject({ read: 269, inserted: 269, rejected: 0, skipped: 0 });
    const found = await one(
      sql`select count(distinct name) as names, count(distinct geom) as places, count(status) as states from camera`,
    );
    expect(found).toEqual({ names: 221, places: 269, states: 0 });
  },
);

realTest('1,863 rows of signals are 1,849 signals', ['signals/udot_signals.geojson'], async () => {
  const file = realData('signals/udot_signals.geojson');
  const report = await importInto(connection, 'traffic_light', file, { map: { name: 'primary' } });
  expect(report).toMatchObject({ read: 1863, inserted: 1849, skipped: 14, rejected: 0 });
  expect(report.faults).toContainEqual({
    row: expect.any(Number),
    reason: expect.stringMatching(/^skipped: code 1001 was in row 1$/),
  });
  const signal = await one(sql`select st_x(geom) as lon, st_y(geom) as lat from traffic_light where code = '7185'`);
  expect(signal).toEqual({ lon: -111.8711348, lat: 40.74167485 });
  expect(await importInto(connection, 'traffic_light', file, { map: { name: 'primary' } })).toMatchObject({
    unchanged: 1849,
    skipped: 14,
  });
});

const flood = { map: { name: 'RW' } };

realTest(
  '1,009 flooded neighbourhoods from GeoJSON, seven repaired',
  ['inasafe/Jakarta_RW_2007flood.geojson'],
  async () => {
    const report = await importInto(connection, 'flood_zone', realData('inasafe/Jakarta_RW_2007flood.geojson'), {
      map: { name: 'KEL_NAME' },
    });
    expect(report).toMatchObject({ read: 1009, inserted: 1009, rejected: 0, skipped: 0 });
    expect(report.repaired).toEqual([158, 178, 191, 204, 205, 578, 907]);
    const found = await one(
      sql`select round(sum(st_area(geom::geography) / 1e6)::numeric, 1)::float8 as km2 from flood_zone`,
    );
    expect(found).toEqual({ km2: 240.6 });
  },
);

realTest(
  'the same from a Shapefile, and an empty name is missing in both',
  ['inasafe/Jakarta_RW_2007flood.shp', 'inasafe/Jakarta_RW_2007flood.dbf'],
  async () => {
    await sql`delete from flood_zone`.execute(connection.db);
    const shape = await importInto(connection, 'flood_zone', realData('inasafe/Jakarta_RW_2007flood.shp'), {
      map: { name: 'KEL_NAME' },
    });
    expect(shape).toMatchObject({ read: 1009, inserted: 1009, rejected: 0, skipped: 0 });
    expect(shape.repaired).toHaveLength(7);
    for (const file of ['inasafe/Jakarta_RW_2007flood.shp', 'inasafe/Jakarta_RW_2007flood.geojson'])
      expect(await importInto(connection, 'flood_zone', realData(file), { ...flood, dryRun: true })).toMatchObject({
        rejected: 1,
      });
  },
);

const complaint = { timezone: 'America/New_York', map: { category: '-' } } as const;

realTest(
  '1,000 complaints of one night over 2,955 lines, 23 without a place',
  ['complaints/nyc311_2024-04.csv'],
  async () => {
    const file = realData('complaints/nyc311_2024-04.csv');
    const report = await importInto(connection, 'complaint', file, complaint);
    expect(report).toMatchObject({ read: 1000, inserted: 1000, rejected: 0, unlocated: 23 });
    const found =
      await one(sql`select count(geom) as placed, count(distinct subject) as types, count(distinct agency) as agencies,
    count(*) filter (where state = 'received') as open, count(*) filter (where state = 'done') as closed,
    count(*) filter (where state = 'in_progress') as working, count(*) filter (where state = 'assigned') as assigned from complaint`);
    expect(found).toEqual({ placed: 977, types: 60, agencies: 11, open: 424, closed: 293, working: 277, assigned: 6 });
    const first = await one(
      sql`select to_jsonb(received_at at time zone 'UTC') as at from complaint where code = '60879417'`,
    );
    expect(first).toEqual({ at: '2024-04-16T07:03:15' });
  },
);

realTest('235 complaints with the month first in their dates', ['complaints/nyc311_235_2025-03.csv'], async () => {
  const file = realData('complaints/nyc311_235_2025-03.csv');
  await expect(importInto(connection, 'complaint', file, complaint)).rejects.toThrow(/--dates dmy or --dates mdy/);
  const report = await importInto(connection, 'complaint', file, { ...complaint, dateOrder: 'mdy' });
  expect(report).toMatchObject({ read: 235, inserted: 235, rejected: 0, unlocated: 3 });
  const found =
    await one(sql`select to_char(min(received_at at time zone 'America/New_York'), 'YYYY-MM-DD HH24:MI:SS') as first,
    to_char(max(received_at at time zone 'America/New_York'), 'YYYY-MM-DD HH24:MI:SS') as last,
    count(distinct subject) as types from complaint where source = 'import:nyc311_235_2025-03.csv'`);
  expect(found).toEqual({ first: '2025-03-24 00:01:56', last: '2025-03-24 23:33:07', types: 50 });
});

realTest(
  'what is not a feature file is refused and changes nothing',
  ['petabencana/2017/floods/jkt_floods_february_2017.xml'],
  async () => {
    for (const file of [
      'floods/jkt_floods_february_2017.xml',
      'reports/petabencana.id_jbd_reports_february_2017_metadata.xml',
    ])
      await expect(importInto(connection, 'flood_zone', realData(`petabencana/2017/${file}`))).rejects.toThrow(
        /Not a feature file/,
      );
  },
);
