import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { importFile } from '../../server/ingest/import/import_file.ts';
import { importNewLayer } from '../../server/ingest/import/import_new.ts';
import { openSource } from '../../server/ingest/import/open.ts';
import { survey } from '../../server/ingest/import/survey.ts';
import { attributesOf } from '../../server/registry/layer.ts';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { importOptions, type TestImport } from '../support/import.ts';
import { realData, realTest } from '../support/real_data.ts';

const { connection } = await testDatabase();
const folder = temporaryFolder();

async function one(query: ReturnType<typeof sql>): Promise<unknown> {
  return (await query.execute(connection.db)).rows[0];
}

/** Makes a layer from the first file and puts the others into it; answers the reports added up. */
async function importAll(id: string, files: readonly string[], given: TestImport = {}) {
  const [first = '', ...others] = files.map(realData);
  const { layer, report } = await importNewLayer(connection, { id, title: id }, first, importOptions(given));
  const total = { ...report, repaired: report.repaired.length };
  for (const file of others) {
    const next = await importFile(connection, layer, file, importOptions(given));
    for (const key of ['read', 'inserted', 'updated', 'unchanged', 'rejected', 'skipped', 'unlocated'] as const)
      total[key] += next[key];
    total.repaired += next.repaired.length;
  }
  return { layer, total };
}

realTest('666 districts of East Java, fifteen repaired', ['boundaries/jatim_kecamatan.geojson'], async () => {
  const { total } = await importAll('jatim_kecamatan', ['boundaries/jatim_kecamatan.geojson']);
  expect(total).toMatchObject({ read: 666, inserted: 666, repaired: 15, rejected: 0, skipped: 0 });
  expect(
    await one(sql`select count(*) filter (where code like '35.09.%') as jember, count(distinct nama) as names,
    count(*) filter (where geometrytype(geom) <> 'MULTIPOLYGON') as others from jatim_kecamatan`),
  ).toEqual({ jember: 31, names: 627, others: 0 });
  const { features } = JSON.parse(readFileSync(realData('boundaries/jatim_kecamatan.geojson'), 'utf8'));
  const repaired: string[] = total.faults.map(({ row }) => features[row - 1].properties.kode);
  expect(repaired.filter((code) => code.startsWith('35.09.'))).toEqual(['35.09.04', '35.09.08']);
});

const referral = 'hospitals/covid_referral_hospitals_id.geojson';

realTest('38 regencies and cities, eight repaired', ['boundaries/jatim_kabkota.geojson', referral], async () => {
  const { total } = await importAll('jatim_kabkota', ['boundaries/jatim_kabkota.geojson']);
  expect(total).toMatchObject({ read: 38, inserted: 38, repaired: 8, rejected: 0 });
  expect(
    await one(
      sql`select count(*) filter (where nama like 'Kabupaten %') as kabupaten, count(*) filter (where nama like 'Kota %') as kota from jatim_kabkota`,
    ),
  ).toEqual({ kabupaten: 29, kota: 9 });
  // In the file 91 parts, nine of them islets drawn inside another part: they are land, so they join it.
  // The other way of repairing would cut them out as holes, and 3,327.28 km2 would remain.
  expect(
    await one(sql`select st_numgeometries(geom) as parts, round((st_area(geom::geography) / 1e6)::numeric, 2)::float8 as km2
    from jatim_kabkota where code = '35.09'`),
  ).toEqual({ parts: 82, km2: 3327.33 });
  // Nothing compares what a file says of a place with where it is: the one that lies wrong is stored as the others are.
  const { total: hospitals } = await importAll('referral_hospital', [referral]);
  expect(hospitals).toMatchObject({ read: 128, inserted: 128, rejected: 0 });
  expect(
    await one(sql`select count(*) as all, min(name) filter (where strpos(region, place) = 0) as astray,
      count(*) filter (where strpos(region, place) = 0) as wrong
    from (select hospital.name, upper(hospital.region) as region, upper(split_part(there.nama, ' ', 2)) as place
      from referral_hospital as hospital left join jatim_kabkota as there on st_intersects(there.geom, hospital.geom)
      where hospital.province = 'Jawa Timur') as stated`),
  ).toEqual({ all: 11, wrong: 1, astray: expect.stringMatching(/BLAMBANGAN/i) });
});

const reports = ['2017-02-20', '2017-02-21', '2017-02-22'].map(
  (day) => `petabencana/2017/reports/petabencana.id_jbd_reports_${day}.geojson`,
);

realTest('1,204 citizen reports of three days, their times in western Indonesia', reports, async () => {
  const { total, layer } = await importAll('citizen_report', [reports[1]!, reports[0]!, reports[2]!]);
  expect(total).toMatchObject({ read: 1204, inserted: 1204, rejected: 0, skipped: 0 });
  expect([...attributesOf(layer).keys()]).toEqual(
    expect.arrayContaining([
      'created_at_value',
      'source_value',
      'title',
      'text',
      'report_data_flood_depth',
      'tags_local_area_id',
    ]),
  );
  expect(
    await one(sql`select count(*) filter (where source_value = 'qlue') as qlue, count(*) filter (where source_value = 'grasp') as grasp,
    count(*) filter (where source_value = 'detik') as detik, count(report_data_flood_depth) as deep,
    min(report_data_flood_depth) as least, max(report_data_flood_depth) as most, count(distinct geom) as places,
    to_char(min(created_at_value) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as first,
    to_char(max(created_at_value) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as last from citizen_report`),
  ).toEqual({
    qlue: 926,
    grasp: 230,
    detik: 48,
    deep: 230,
    least: 5,
    most: 195,
    places: 1162,
    first: '2017-02-19T19:36:00',
    last: '2017-02-22T15:48:00',
  });
});

const floods = 'petabencana/2017/floods';

realTest('3,546 flooded areas of 73 hours', [floods], async () => {
  const files = readdirSync(realData(floods))
    .filter((name) => name.endsWith('.geojson'))
    .map((name) => `${floods}/${name}`);
  expect(files).toHaveLength(73);
  // Each hour says all areas anew, most of them as the hour before did. Keyed by nothing, a row is known by its content: a
  // statement that is repeated is the same row, so 3,546 rows are 383 statements of 302 areas. What the hours add up to, the
  // feed replays (`feeds.db.test.ts`).
  const { total } = await importAll('flooded_area', files, { code: '-' });
  expect(total).toMatchObject({ read: 3546, inserted: 383, unchanged: 3163, rejected: 0, repaired: 0, skipped: 0 });
  const { total: areas } = await importAll('flooded_rw', files, { code: 'geom_id' });
  expect(areas).toMatchObject({ read: 3546, inserted: 302, rejected: 0, skipped: 0 });
});

realTest('18,573 roads and one without a geometry', ['inasafe/jakarta_roads.geojson'], async () => {
  const file = 'inasafe/jakarta_roads.geojson';
  const { total, layer } = await importAll('jakarta_road', [file]);
  expect(total).toMatchObject({
    read: 18574,
    inserted: 18573,
    rejected: 1,
    repaired: 0,
    faults: [{ row: 9702, reason: 'null geometry' }],
  });
  expect(
    await one(sql`select round((sum(st_length(geom::geography)) / 1000)::numeric, 1)::float8 as km, count(distinct type) as types,
    count(*) filter (where oneway = 'yes') as yes, count(*) filter (where oneway = 'no') as no, count(*) filter (where oneway = 'minus_1') as against,
    count(*) filter (where oneway is null) as unsaid, count(*) filter (where name is null) as nameless, count(lanes) as lanes
    from jakarta_road`),
    // Of what is unsaid and nameless in the file, one is the road without a geometry.
  ).toEqual({ km: 5691.4, types: 19, yes: 1886, no: 64, against: 31, unsaid: 16592, nameless: 10323, lanes: 112 });
  expect(await importFile(connection, layer, realData(file), importOptions())).toMatchObject({
    unchanged: 18573,
    inserted: 0,
  });
});

const flooded = ['inasafe/Jakarta_RW_2007flood.geojson', 'inasafe/Jakarta_RW_2007flood.shp'];

realTest('1,009 areas, all flood-prone whatever the case of the letters', flooded, async () => {
  for (const [i, file] of flooded.entries()) {
    const { total } = await importAll(`rw_flood_${'ab'[i]}`, [file]);
    expect(total).toMatchObject({ read: 1009, inserted: 1009, repaired: 7, rejected: 0, skipped: 0 });
  }
  expect(
    await one(sql`select count(*) filter (where a.floodprone) as a, (select count(*) from rw_flood_b where floodprone) as b,
    count(*) filter (where rw is null) as unnamed, (select count(*) from rw_flood_b where rw is null) as unnamed_b from rw_flood_a as a`),
  ).toEqual({ a: 1009, b: 1009, unnamed: 1, unnamed_b: 1 });
});

realTest('the areas as a Shapefile without .dbf, and without .shx', flooded, async () => {
  const part = (name: string, extension: string) =>
    writeFileSync(
      join(folder, `${name}.${extension}`),
      readFileSync(realData(`inasafe/Jakarta_RW_2007flood.${extension}`)),
    );
  for (const extension of ['shp', 'shx', 'prj']) part('no_table', extension);
  for (const extension of ['shp', 'dbf', 'prj']) part('no_index', extension);
  const bare = await importNewLayer(
    connection,
    { id: 'no_table', title: 'x' },
    join(folder, 'no_table.shp'),
    importOptions(),
  );
  expect(bare.report).toMatchObject({ read: 1009, inserted: 1009, rejected: 0 });
  expect(await one(sql`select count(name) as names from no_table`)).toEqual({ names: 0 });
  const indexless = await importNewLayer(
    connection,
    { id: 'no_index', title: 'x' },
    join(folder, 'no_index.shp'),
    importOptions(),
  );
  expect(indexless.report).toMatchObject({ read: 1009, inserted: 1009, rejected: 0 });
});

realTest(
  '22,266 buildings in metres of EPSG:3785, nine repaired; without .prj they are refused',
  ['inasafe/jakarta_OSM_building.shp'],
  async () => {
    const { total } = await importAll('jakarta_building', ['inasafe/jakarta_OSM_building.shp']);
    expect(total).toMatchObject({ read: 22266, inserted: 22266, repaired: 9, rejected: 0, skipped: 0 });
    expect(
      await one(
        sql`select round(st_xmin(st_extent(geom))::numeric, 4)::float8 as west, round(st_ymax(st_extent(geom))::numeric, 4)::float8 as north from jakarta_building`,
      ),
    ).toEqual({ west: 106.5708, north: -5.9596 });
    for (const extension of ['shp', 'shx'])
      writeFileSync(
        join(folder, `metres.${extension}`),
        readFileSync(realData(`inasafe/jakarta_OSM_building.${extension}`)),
      );
    const path = join(folder, 'metres.shp');
    await expect(importNewLayer(connection, { id: 'metres', title: 'x' }, path, importOptions())).rejects.toThrow(
      /22266 of them.*coordinates outside EPSG:4326/,
    );
    const told = await importNewLayer(
      connection,
      { id: 'metres', title: 'x' },
      path,
      importOptions({ srs: 'EPSG:3857' }),
    );
    expect(told.report).toMatchObject({ inserted: 22266, rejected: 0 });
  },
);

realTest(
  '50,000 addresses, latitude first in the source',
  ['points/realworld.50000.1.js', 'points/realworld.50000.2.js'],
  async () => {
    const tables = [1, 2].map((part) => {
      const source = readFileSync(realData(`points/realworld.50000.${part}.js`), 'utf8');
      const rows: [number, number, string][] = JSON.parse(
        source.slice(source.indexOf('['), source.lastIndexOf(']') + 1),
      );
      const path = join(folder, `${part}.csv`);
      writeFileSync(
        path,
        ['lat,lon,nomor', ...rows.map(([lat, lon, number]) => `${lat},${lon},"${number}"`)].join('\n'),
      );
      return path;
    });
    const { layer, report } = await importNewLayer(
      connection,
      { id: 'address', title: 'Alamat' },
      tables[0]!,
      importOptions({ code: '-' }),
    );
    expect(report).toMatchObject({ read: 25002, inserted: 25002, rejected: 0 });
    expect(await importFile(connection, layer, tables[1]!, importOptions({ code: '-' }))).toMatchObject({
      read: 24998,
      inserted: 24998,
      rejected: 0,
    });
    expect(
      await one(sql`select count(*) as all, count(distinct (geom, nomor)) as different,
        round(st_xmin(st_extent(geom))::numeric, 4)::float8 as west from address`),
    ).toEqual({ all: 50000, different: 50000, west: 175.2037 });
  },
);

realTest('the points of an OpenStreetMap extract', ['osm/monaco-latest.osm.pbf'], async () => {
  const file = 'osm/monaco-latest.osm.pbf';
  await expect(importAll('monaco', [file])).rejects.toThrow(/--layer-name: points .*, lines .*, multipolygons/);
  const { total } = await importAll('monaco', [file], { layerName: 'points' });
  expect(total).toMatchObject({ read: 2377, inserted: 2377, rejected: 0, skipped: 0 });
  expect(
    await one(sql`select count(*) filter (where highway = 'traffic_signals') as signals,
    count(*) filter (where highway = 'street_lamp') as lamps, count(*) filter (where man_made = 'surveillance') as cameras,
    count(*) filter (where other_tags like '%"amenity"=>"hospital"%') as hospitals from monaco`),
  ).toEqual({ signals: 15, lamps: 17, cameras: 10, hospitals: 2 });
  const counts: Record<string, number> = {};
  for (const layerName of ['lines', 'multilinestrings', 'multipolygons', 'other_relations']) {
    const source = await openSource(realData(file), { layerName });
    counts[layerName] = (await survey(source.rows(() => {}))).count;
    await source.close();
  }
  expect(counts).toEqual({ lines: 2623, multilinestrings: 43, multipolygons: 1459, other_relations: 95 });
});

realTest('5,365 stops and 284 shapes of a GTFS feed', ['gtfs/transjakarta_gtfs_2021.zip'], async () => {
  const file = 'gtfs/transjakarta_gtfs_2021.zip';
  const tables = ['agency (table, 4)', 'calendar (table, 7)', 'fare_attributes (table, 6)', 'routes (table, 155)'];
  const places = [
    'shapes (Point, 86792)',
    'stops (Point, 5365)',
    'stop_times (table, 12845)',
    'trips (LineString, 574)',
  ];
  await expect(importAll('bus', [file])).rejects.toThrow(
    `name one with --layer-name: ${[...tables, ...places].join(', ')}, shapes_geom (LineString, 284).`,
  );
  // Twenty of them are several routes run together in the feed, and are lines all the same: nothing here knows a timetable.
  const { total: shapes } = await importAll('bus_shape', [file], { layerName: 'shapes_geom' });
  expect(shapes).toMatchObject({ read: 284, inserted: 284, rejected: 0, skipped: 0 });
  const { total } = await importAll('bus_stop', [file], { layerName: 'stops' });
  expect(total).toMatchObject({ read: 5365, inserted: 5365, rejected: 0, skipped: 0 });
  expect(await one(sql`select count(*) as dotless from bus_stop where code = 'Pasar Kramat Jatı'`)).toEqual({
    dotless: 1,
  });
});

realTest('5,908 fixes with semicolons, X first', ['traces/movingpandas_geolife.csv'], async () => {
  const { total } = await importAll('gps_fix', ['traces/movingpandas_geolife.csv']);
  expect(total).toMatchObject({ read: 5908, inserted: 5908, rejected: 0, skipped: 0 });
  expect(
    (await sql`select trajectory_id as id, count(*) as fixes from gps_fix group by 1 order by 1`.execute(connection.db))
      .rows,
  ).toEqual([466, 897, 1810, 1864, 871].map((fixes, i) => ({ id: i + 1, fixes })));
  expect(
    await one(
      sql`select to_char(min(t) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as first, count(distinct t) as times from gps_fix`,
    ),
  ).toEqual({ first: '2008-12-11 04:42:14', times: 5908 });
});

realTest(
  '247 solutions of earthquakes, and 26 warnings without a place',
  ['bmkg/bmkg_gempa_2025.geojson', 'bmkg/bmkg_nowcast_warnings_2025-12-24.json'],
  async () => {
    const quakes = await importAll('quake_log', ['bmkg/bmkg_gempa_2025.geojson']);
    expect(quakes.total).toMatchObject({ read: 247, inserted: 247, rejected: 0 });
    expect(
      await one(
        sql`select count(distinct (datetime, geom)) as events, min(magnitude) as least, max(magnitude) as most from quake_log`,
      ),
    ).toEqual({ events: 161, least: 2.1, most: 6.6 });
    // The local time that each says beside the instant is that instant in western Indonesia.
    expect(
      await one(sql`select count(*) as same from quake_log
        where jam = to_char(datetime at time zone 'Asia/Jakarta', 'HH24:MI:SS') || ' WIB'`),
    ).toEqual({ same: 247 });
    const warnings = await importAll('nowcast', ['bmkg/bmkg_nowcast_warnings_2025-12-24.json']);
    expect(warnings.total).toMatchObject({ read: 26, inserted: 26, rejected: 0, unlocated: 26 });
    expect(
      await one(
        sql`select count(geom) as placed, count(*) filter (where nowcast::text ilike '%jember%') as here from nowcast`,
      ),
    ).toEqual({ placed: 0, here: 0 });
  },
);
