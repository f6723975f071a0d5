import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FeatureCollection } from 'geojson';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { gdalWrite } from '../support/gdal_write.ts';
import { importInto, type TestImport } from '../support/import.ts';
import { zip } from '../support/zip.ts';

const { connection } = await testDatabase();
const folder = temporaryFolder();
beforeEach(() => sql`truncate shelter, flood_zone`.execute(connection.db));

/** Two shelters: one of nobody (zero is a value) with nothing said of its needs, one with letters beyond Latin-1. */
const shelters = [
  { kode: 'P-1', nama: 'Posko Rambipuji', kapasitas: 0, kebutuhan: '', lon: 113.61, lat: -8.2 },
  { kode: 'P-2', nama: 'Balai Désa “Ajung” 🌊', kapasitas: 120, kebutuhan: 'air, selimut', lon: 113.66, lat: -8.22 },
];
const collection: FeatureCollection = {
  type: 'FeatureCollection',
  features: shelters.map(({ lon, lat, ...properties }) => ({
    type: 'Feature',
    properties,
    geometry: { type: 'Point', coordinates: [lon, lat] },
  })),
};
const expected = [
  { code: 'P-1', name: 'Posko Rambipuji', capacity: 0, needs: null, lon: 113.61, lat: -8.2 },
  { code: 'P-2', name: 'Balai Désa “Ajung” 🌊', capacity: 120, needs: 'air, selimut', lon: 113.66, lat: -8.22 },
];

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function stored() {
  const { rows } = await sql`select code, name, capacity, needs, round(st_x(geom)::numeric, 7)::float8 as lon,
    round(st_y(geom)::numeric, 7)::float8 as lat from shelter order by code`.execute(connection.db);
  return rows;
}

const json = (name: string, value: unknown) => file(name, JSON.stringify(value));
const lines = collection.features.map((feature) => JSON.stringify(feature));
const table = (separator: string, header: string[], values: (row: (typeof shelters)[number]) => unknown[]) =>
  [header, ...shelters.map(values)].map((row) => row.map((value) => `"${value}"`).join(separator)).join('\r\n');
/** Easting and northing of the shelters in UTM zone 49 south, by `gdaltransform -t_srs EPSG:32749`. */
const metres = (code: string) =>
  code === 'P-1' ? [787574.03185744, 9092657.03445076] : [793072.21745945, 9090407.49055639];
const shapefile = () => gdalWrite(folder, collection, 'ESRI Shapefile', 'shp', ['-lco', 'ENCODING=UTF-8']);
const beside = (path: string, extension: string) => readFileSync(path.replace(/shp$/, extension));

type Made = [path: string, options?: TestImport];
const formats: Record<string, () => Made | Promise<Made>> = {
  GeoJSON: () => [json('a.geojson', collection)],
  'GeoJSON with a byte-order mark': () => [file('bom.geojson', `\ufeff${JSON.stringify(collection, null, 2)}`)],
  'GeoJSON lines': () => [file('lines.geojsonl', lines.join('\n'))],
  'a GeoJSON sequence (RFC 8142)': () => [file('seq.geojsons', lines.map((line) => `\u001e${line}\n`).join(''))],
  'a list of features': () => [json('list.json', collection.features)],
  'a JSON table': () => [json('table.json', shelters)],
  'CSV with lon and lat': () => [
    file(
      'comma.csv',
      table(',', ['kode', 'nama', 'kapasitas', 'kebutuhan', 'lon', 'lat'], (row) => Object.values(row)),
    ),
  ],
  'CSV as Indonesian spreadsheets write it': () => [
    file(
      'indonesia.csv',
      table(';', ['Kode', 'Nama', 'Daya Tampung', 'Kebutuhan', 'Bujur', 'Lintang'], (row) =>
        Object.values(row).map((value) => (typeof value === 'number' ? String(value).replace('.', ',') : value)),
      ),
    ),
  ],
  'CSV with WKT and tabs': () => [
    file(
      'wkt.tsv',
      table('\t', ['code', 'name', 'capacity', 'needs', 'wkt'], ({ lon, lat, ...row }) => [
        ...Object.values(row),
        `POINT (${lon} ${lat})`,
      ]),
    ),
  ],
  XLSX: async () => {
    const rows = {
      ...collection,
      features: shelters.map((row) => ({ type: 'Feature' as const, properties: row, geometry: null })),
    };
    return [await gdalWrite(folder, rows as unknown as FeatureCollection, 'XLSX', 'xlsx')];
  },
  GeoPackage: async () => [await gdalWrite(folder, collection, 'GPKG', 'gpkg')],
  'GeoPackage in UTM zone 49 south': async () => [
    await gdalWrite(folder, collection, 'GPKG', 'gpkg', ['-t_srs', 'EPSG:32749']),
  ],
  FlatGeobuf: async () => [await gdalWrite(folder, collection, 'FlatGeobuf', 'fgb')],
  Shapefile: async () => [await shapefile()],
  'zipped Shapefile': async () => {
    const path = await shapefile();
    const parts = ['shp', 'shx', 'dbf', 'prj', 'cpg'].map((extension) => [
      `posko.${extension}`,
      beside(path, extension),
    ]);
    return [file('posko.zip', zip(Object.fromEntries(parts)))];
  },
  'Shapefile without .shx': async () => {
    const path = await shapefile();
    for (const extension of ['shp', 'dbf', 'prj', 'cpg']) file(`no_index.${extension}`, beside(path, extension));
    return [join(folder, 'no_index.shp')];
  },
  'Shapefile in metres without .prj': async () => {
    const path = await gdalWrite(folder, collection, 'ESRI Shapefile', 'shp', [
      '-t_srs',
      'EPSG:32749',
      '-lco',
      'ENCODING=UTF-8',
    ]);
    for (const extension of ['shp', 'shx', 'dbf', 'cpg']) file(`no_crs.${extension}`, beside(path, extension));
    return [join(folder, 'no_crs.shp'), { srs: 'EPSG:32749' }];
  },
  TopoJSON: () => [
    json('a.topojson', {
      type: 'Topology',
      arcs: [],
      objects: {
        posko: {
          type: 'GeometryCollection',
          geometries: collection.features.map(({ properties, geometry }) => ({ ...geometry, properties })),
        },
      },
    }),
  ],
  'CSV in metres, as Indonesian spreadsheets write it': () => [
    file(
      'metres.csv',
      table(';', ['Kode', 'Nama', 'Daya Tampung', 'Kebutuhan', 'X', 'Y'], ({ kode, nama, kapasitas, kebutuhan }) => [
        ...[kode, nama, kapasitas, kebutuhan],
        ...metres(kode).map((value) => String(value).replace('.', ',')),
      ]),
    ),
    { srs: 'EPSG:32749' },
  ],
  'XLSX in metres': async () => {
    const features = shelters.map(({ lon, lat, ...row }) => {
      const [easting, northing] = metres(row.kode);
      return { type: 'Feature' as const, properties: { ...row, easting, northing }, geometry: null };
    });
    const rows = { ...collection, features } as unknown as FeatureCollection; // features of a table have no geometry
    return [await gdalWrite(folder, rows, 'XLSX', 'xlsx'), { srs: 'EPSG:32749' }];
  },
  GML: async () => [await gdalWrite(folder, collection, 'GML', 'gml')],
};

describe('the same two shelters from every format', () => {
  for (const [name, make] of Object.entries(formats)) {
    test(name, async () => {
      const [path, options] = await make();
      const report = await importInto(connection, 'shelter', path, options);
      expect(report).toMatchObject({ read: 2, inserted: 2, rejected: 0, skipped: 0 });
      expect(await stored()).toEqual(expected);
      expect(await importInto(connection, 'shelter', path, options)).toMatchObject({
        read: 2,
        unchanged: 2,
        updated: 0,
      });
    });
  }
});

test('a TopoJSON whose arcs are shared, reversed and written as whole numbers gives areas that touch', async () => {
  // Two squares with one side in common, and one with a hole; each arc from its first point in steps.
  const arcs = [
    [
      [100, 0],
      [0, 200],
    ],
    [
      [100, 200],
      [-100, 0],
      [0, -200],
      [100, 0],
    ],
    [
      [100, 0],
      [100, 0],
      [0, 200],
      [-100, 0],
    ],
    [
      [300, 0],
      [100, 0],
      [0, 100],
      [-100, 0],
      [0, -100],
    ],
    [
      [320, 20],
      [0, 60],
      [60, 0],
      [0, -60],
      [-60, 0],
    ],
  ];
  const zone = (code: string, geometry: object) => ({ ...geometry, properties: { kode: code, nama: code } });
  const path = json('zona.topojson', {
    type: 'Topology',
    transform: { scale: [0.001, 0.002], translate: [113.4, -8.5] },
    arcs,
    objects: {
      zona: {
        type: 'GeometryCollection',
        geometries: [
          zone('west', { type: 'Polygon', arcs: [[0, 1]] }),
          zone('east', { type: 'Polygon', arcs: [[2, ~0]] }),
          zone('ring', { type: 'MultiPolygon', arcs: [[[3], [4]]] }),
        ],
      },
    },
  });
  const report = await importInto(connection, 'flood_zone', path);
  expect(report).toMatchObject({ read: 3, inserted: 3, rejected: 0, repaired: [] });
  const { rows } = await sql`
    select code, round(st_area(geom)::numeric, 9)::float8 as area, st_numinteriorrings(st_geometryn(geom, 1)) as holes,
      array[st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom)]::numeric(9, 6)[]::float8[] as box
    from flood_zone order by code`.execute(connection.db);
  expect(rows).toEqual([
    { code: 'east', area: 0.04, holes: 0, box: [113.5, -8.5, 113.6, -8.1] },
    { code: 'ring', area: 0.0128, holes: 1, box: [113.7, -8.5, 113.8, -8.3] },
    { code: 'west', area: 0.04, holes: 0, box: [113.4, -8.5, 113.5, -8.1] },
  ]);
  const { rows: sides } = await sql`
    select st_touches(a.geom, b.geom) as touch, round(st_length(st_intersection(a.geom, b.geom))::numeric, 9)::float8 as side
    from flood_zone a, flood_zone b where a.code = 'west' and b.code = 'east'`.execute(connection.db);
  expect(sides).toEqual([{ touch: true, side: 0.4 }]);
});

test('WKT in metres: what has no place stays without, what has an impossible one is named', async () => {
  const places = ['POINT (800000 9096000)', '', 'POINT (1e30 9096000)', 'POINT (800100 9096000)'];
  const rows = ['kode,nama,geom', ...places.map((place, i) => `${i},Posko,${place}`)];
  const report = await importInto(connection, 'shelter', file('utm.csv', rows.join('\n')), { srs: 'EPSG:32749' });
  expect(report).toMatchObject({ read: 4, inserted: 3, unlocated: 1, rejected: 1 });
  expect(report.faults).toEqual([{ row: 3, reason: 'a place that is not in EPSG:32749' }]);
  expect(await stored()).toMatchObject([
    { code: '0', lon: 113.7224866, lat: -8.1690499 },
    { code: '1', lon: null },
    { code: '3', lon: 113.7233934, lat: -8.1690438 },
  ]);
});

test('a table in a coordinate system that does not exist is refused', async () => {
  const path = file('nowhere.csv', 'nama,x,y\nAda,800000,9096000');
  await expect(importInto(connection, 'shelter', path, { srs: 'EPSG:999999' })).rejects.toThrow(
    /^There is no coordinate system EPSG:999999: degrees are EPSG:4326/,
  );
});

test('where nearly all lies outside the region, the coordinate system that was named is doubted, not the region', async () => {
  const region = [113.2, -8.65, 114.1, -7.9] as const;
  const degrees = (srs: string) =>
    importInto(connection, 'shelter', json('degrees.geojson', collection), { srs, region });
  await expect(degrees('EPSG:3857')).rejects.toThrow(
    /2 of them as row 1: outside the region \(0.001, .*\); is --srs EPSG:3857 right\?$/,
  );
  expect(await degrees('EPSG:4326')).toMatchObject({ inserted: 2 });
  // One stray place says nothing of the others.
  const stray = 'kode,nama,x,y\nA,Dekat,800000,9096000\nB,Jauh,400000,9096000';
  const report = await importInto(connection, 'shelter', file('stray.csv', stray), { srs: 'EPSG:32749', region });
  expect(report.faults).toEqual([{ row: 2, reason: expect.stringMatching(/^outside the region .*; use --anywhere$/) }]);
});

const kml = `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>posko</name>
  <Placemark><name>Posko Rambipuji</name><Point><coordinates>113.61,-8.2,0</coordinates></Point></Placemark>
  <Placemark><name>Balai &lt;b&gt;Ajung</name><Point><coordinates>113.66,-8.22,120</coordinates></Point></Placemark>
  </Folder></Document></kml>`;
const gpx = `<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
  <wpt lat="-8.2" lon="113.61"><name>Posko Rambipuji</name></wpt>
  <wpt lat="-8.22" lon="113.66"><name>Balai &lt;b&gt;Ajung</name></wpt></gpx>`;
const osm = `<osm version="0.6"><node id="1" version="1" lat="-8.2" lon="113.61"><tag k="name" v="Posko Rambipuji"/></node>
  <node id="2" version="1" lat="-8.22" lon="113.66"><tag k="name" v="Balai &lt;b&gt;Ajung"/></node></osm>`;
const gtfs = {
  'agency.txt': 'agency_id,agency_name,agency_url,agency_timezone\n1,Dishub,http://localhost,Asia/Jakarta\n',
  'routes.txt': 'route_id,agency_id,route_short_name,route_long_name,route_type\nA,1,A,Lin A,3\n',
  'trips.txt': 'route_id,service_id,trip_id\nA,1,T\n',
  'stop_times.txt': 'trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT,,,1,1\n',
  'calendar.txt':
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n1,1,1,1,1,1,1,1,20260101,20261231\n',
  'stops.txt': 'stop_id,stop_name,stop_lat,stop_lon\n1,Posko Rambipuji,-8.2,113.61\n2,Balai <b>Ajung,-8.22,113.66\n',
};

const shapes = 'shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nS,-8.2,113.61,1\nS,-8.22,113.66,2\n';

describe('formats that carry a name and no more', () => {
  const formats: Record<string, [name: string, content: string | Uint8Array, options?: TestImport]> = {
    KML: ['a.kml', kml],
    KMZ: ['a.kmz', zip({ 'doc.kml': kml })],
    GPX: ['a.gpx', gpx],
    'OSM XML': ['a.osm', osm],
    GTFS: ['feed.zip', zip(gtfs), { layerName: 'stops' }],
  };
  for (const [name, [path, content, options]] of Object.entries(formats)) {
    test(name, async () => {
      const report = await importInto(connection, 'shelter', file(path, content), options);
      expect(report).toMatchObject({ read: 2, inserted: 2, rejected: 0 });
      const { rows } =
        await sql`select name, st_x(geom) as lon, st_y(geom) as lat from shelter order by name desc`.execute(
          connection.db,
        );
      expect(rows).toEqual([
        { name: 'Posko Rambipuji', lon: 113.61, lat: -8.2 },
        { name: 'Balai <b>Ajung', lon: 113.66, lat: -8.22 },
      ]);
    });
  }

  test('KML with extended data in each of its spellings, one placemark of them broken', async () => {
    const place = '<Point><coordinates>\n113.61, -8.2, 0\n</coordinates></Point>';
    const ring = (from: number, to: number) =>
      `<LinearRing><coordinates>113.${from},-8.2 113.${to},-8.2 113.${to},-8.1 113.${from},-8.2</coordinates></LinearRing>`;
    const placemarks = [
      `<Folder><name>Posko</name>
       <Placemark><name>Satu</name><ExtendedData><Data name="kode"><displayName>Kode</displayName><value>007</value></Data>
         <Data name="kapasitas"><value>120</value></Data></ExtendedData>${place}</Placemark>
       <Placemark><name>Dua</name><description><![CDATA[<b>dekat </Placemark> sungai</b>]]></description><ExtendedData>
         <SchemaData schemaUrl="#s"><SimpleData name="kode">A&amp;1</SimpleData><SimpleData name="kapasitas">0</SimpleData></SchemaData>
         </ExtendedData><MultiGeometry>${place}</MultiGeometry></Placemark>`,
      `<Placemark><name>Patah</nama>${place}</Placemark></Folder>
       <Folder><name>Zona</name><Placemark><name>Zona</name><MultiGeometry>
         <Polygon><outerBoundaryIs>${ring(60, 65)}</outerBoundaryIs></Polygon>
         <Polygon><outerBoundaryIs>${ring(70, 75)}</outerBoundaryIs></Polygon></MultiGeometry></Placemark></Folder>`,
    ];
    const path = file('extended.kml', kml.replace(/<Folder>[\s\S]*<\/Folder>/, placemarks.join('')));
    const report = await importInto(connection, 'shelter', path);
    expect(report).toMatchObject({ read: 4, inserted: 2, rejected: 2 });
    expect(report.faults).toEqual([
      { row: 3, reason: expect.stringContaining('not XML') },
      { row: 4, reason: 'a MultiPolygon where the layer has Point' },
    ]);
    const { rows } = await sql`select code, name, capacity from shelter order by name`.execute(connection.db);
    expect(rows).toEqual([
      { code: 'A&1', name: 'Dua', capacity: 0 },
      { code: '007', name: 'Satu', capacity: 120 },
    ]);
    expect(await importInto(connection, 'flood_zone', path, { layerName: 'Zona' })).toMatchObject({ inserted: 1 });
    await expect(importInto(connection, 'shelter', path, { layerName: 'Sungai' })).rejects.toThrow(
      /no folder "Sungai".*Posko, Zona/,
    );
  });

  test('a Shapefile without .dbf has no attributes, and says which is missing', async () => {
    const path = await shapefile();
    for (const extension of ['shp', 'shx', 'prj']) file(`no_table.${extension}`, beside(path, extension));
    await expect(importInto(connection, 'shelter', join(folder, 'no_table.shp'))).rejects.toThrow(/"name" is required/);
  });
});

test('of several layers the one that fits is read, or the one named', async () => {
  const path = await gdalWrite(folder, collection, 'GPKG', 'gpkg', ['-nln', 'posko']);
  expect(basename(dirname(path))).toBe('out');
  await expect(importInto(connection, 'shelter', path, { layerName: 'sungai' })).rejects.toThrow(
    /no layer "sungai".*posko/,
  );
  await expect(
    importInto(connection, 'shelter', file('b.zip', zip({ ...gtfs, 'shapes.txt': shapes }))),
  ).rejects.toThrow(/name one with --layer-name: .*stops/);
  expect(await importInto(connection, 'shelter', path, { layerName: 'posko' })).toMatchObject({ inserted: 2 });
});

test('what is done before anything can be counted is told: the conversion, the first reading', async () => {
  const steps: [string, number][] = [];
  await importInto(connection, 'shelter', await shapefile(), {}, { preparing: (...step) => steps.push(step) });
  const [first, last] = [steps[0], steps.at(-1)];
  expect(first?.[0]).toBe('converting');
  expect(steps.findLast(([step]) => step === 'converting')?.[1]).toBeGreaterThan(100);
  expect(last).toEqual(['reading', 2]);
});

test('the other spellings of a coordinate system in old GeoJSON', async () => {
  const crs = (name: string) => ({ ...collection, crs: { type: 'name', properties: { name } } });
  expect(
    await importInto(connection, 'shelter', json('crs84.geojson', crs('urn:ogc:def:crs:OGC:1.3:CRS84'))),
  ).toMatchObject({ inserted: 2 });
  const mercator = {
    ...crs('EPSG:3857'),
    features: [{ ...collection.features[0], geometry: { type: 'Point', coordinates: [12647007.366, -915887.13] } }],
  };
  expect(await importInto(connection, 'shelter', json('mercator.geojson', mercator))).toMatchObject({
    updated: 1,
    rejected: 0,
  });
  const { rows } =
    await sql`select round(st_x(geom)::numeric, 4)::float8 as lon from shelter where code = 'P-1'`.execute(
      connection.db,
    );
  expect(rows).toEqual([{ lon: 113.61 }]);
});
