import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { importNewLayer } from '../../server/ingest/import/import_new.ts';
import { openSource } from '../../server/ingest/import/open.ts';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { importInto, importOptions } from '../support/import.ts';
import { realData, realTest } from '../support/real_data.ts';

const { connection } = await testDatabase();
const folder = temporaryFolder();

realTest(
  '515 hostile strings are names, stored and read back as they are',
  ['conformance/strings/blns.json'],
  async () => {
    const strings: string[] = JSON.parse(readFileSync(realData('conformance/strings/blns.json'), 'utf8'));
    expect(strings).toHaveLength(515);
    const path = join(folder, 'hostile_name.json');
    const rows = strings.map((nama, i) => ({
      kode: `S-${String(i).padStart(3, '0')}`,
      nama: nama.slice(0, 300),
      lon: 113.6,
      lat: -8.2,
    }));
    writeFileSync(path, JSON.stringify(rows));
    const { report } = await importNewLayer(
      connection,
      { id: 'hostile', title: "'; drop table hostile; --" },
      path,
      importOptions({ keepEmpty: true }),
    );
    expect(report).toMatchObject({ read: 515, inserted: 515, rejected: 0 });
    // As JSON, because the embedded database's driver drops a byte-order mark at the beginning of a text.
    const stored = await sql<{ nama: string }>`select to_jsonb(nama) as nama from hostile order by code`.execute(
      connection.db,
    );
    expect(stored.rows.map(({ nama }) => nama)).toEqual(strings);
  },
);

const lint = 'conformance/geojson_lint/test/data';

/** What reading a file says: an error, rejected rows, remarks on what is only style, or nothing. */
async function judge(path: string): Promise<string[]> {
  const remarks: string[] = [];
  try {
    const source = await openSource(path, {});
    for await (const { fault } of source.rows((note) => remarks.push(note)))
      if (fault !== undefined) remarks.push(`rejected: ${fault}`);
  } catch (error) {
    remarks.push(`error: ${error instanceof Error ? error.message : error}`);
  }
  return remarks;
}

realTest('18 good GeoJSON files are accepted', [lint], async () => {
  const files = readdirSync(realData(`${lint}/good`)).filter((name) => name.endsWith('.geojson'));
  expect(files).toHaveLength(18);
  for (const name of files) {
    const remarks = await judge(realData(`${lint}/good/${name}`));
    expect({ name, refused: remarks.filter((remark) => /^(rejected|error)/.test(remark)) }).toEqual({
      name,
      refused: [],
    });
  }
});

realTest('44 bad GeoJSON files are refused, or it is said what was let pass', [lint], async () => {
  const files = readdirSync(realData(`${lint}/bad`)).filter((name) => name.endsWith('.geojson'));
  expect(files).toHaveLength(44);
  const accepted: Record<string, string[]> = {};
  for (const name of files) {
    const remarks = await judge(realData(`${lint}/bad/${name}`));
    if (!remarks.some((remark) => /^(rejected|error)/.test(remark))) accepted[name] = [...new Set(remarks)];
  }
  const winding = ['rings that run the other way than RFC 7946 §3.1.6 wants, accepted'];
  const box = ['a "bbox" member that is none, ignored'];
  expect(accepted).toEqual({
    'bad-polygon-interiorring-rhr.geojson': winding,
    'bbox-4or6elements.geojson': box,
    'bbox-contains-string.geojson': box,
    'bbox-string.geojson': box,
    'different-first-last.geojson': ['rings that did not end where they began, closed'],
    'different-first-size.geojson': winding, // the ends differ in height only, which is not kept
    'excessive_precision_truncated.geojson': [], // its own list of findings is empty as well
    'feature_changed_semantics.geojson': [
      'a Feature with a member "coordinates", ignored',
      'a Feature with a member "features", ignored',
    ],
    'featurecollection_changed_semantics.geojson': [
      'a FeatureCollection with a member "coordinates", ignored',
      'a FeatureCollection with a member "properties", ignored',
    ],
    'geometrycollection_nested.geojson': ['a geometry collection inside another'],
    'geometrycollection_single.geojson': ['a geometry collection of one geometry'],
    'point-toomany.geojson': ['positions of more than three numbers, the rest ignored'],
    'polygon_winding_order.geojson': winding,
  });
});

const crossing = 'conformance/antimeridian/tests/data/input';

realTest('shapes over longitude 180 are read, cut there and never go round the earth', [crossing], async () => {
  const files = readdirSync(realData(crossing)).filter((name) => name.endsWith('.json'));
  expect(files).toHaveLength(33);
  const kinds = new Map<string, string[]>();
  for (const name of files) {
    const geometry = JSON.parse(readFileSync(realData(`${crossing}/${name}`), 'utf8'));
    kinds.set(geometry.type, [...(kinds.get(geometry.type) ?? []), name]);
  }
  expect(Object.fromEntries([...kinds].map(([kind, names]) => [kind, names.length]))).toEqual({
    Polygon: 29,
    MultiPolygon: 2,
    LineString: 1,
    MultiLineString: 1,
  });
  for (const name of [...(kinds.get('Polygon') ?? []), ...(kinds.get('MultiPolygon') ?? [])]) {
    const path = join(folder, basename(name, '.json').concat('.geojson'));
    const geometry = JSON.parse(readFileSync(realData(`${crossing}/${name}`), 'utf8'));
    writeFileSync(path, JSON.stringify({ type: 'Feature', properties: { nama: name }, geometry }));
    const report = await importInto(connection, 'flood_zone', path);
    expect({ name, report }).toMatchObject({ name, report: { inserted: 1, rejected: 0 } });
  }
  // The same area about the same centre as the suite says, except where a ring goes round a pole in a way of its own.
  const output = realData('conformance/antimeridian/tests/data/output/flat');
  const different: string[] = [];
  for (const name of readdirSync(output)) {
    const shape = readFileSync(join(output, name), 'utf8');
    const { rows } = await sql<{ area: number; moved: number }>`
      with said as (select st_makevalid(st_geomfromgeojson(${shape}), 'method=structure') as geom)
      select st_area(flood_zone.geom) - st_area(said.geom) as area,
        st_distance(st_centroid(flood_zone.geom), st_centroid(said.geom)) as moved
      from flood_zone, said where name = ${name}`.execute(connection.db);
    if (rows[0] && (Math.abs(rows[0].area) > 0.001 || rows[0].moved > 0.001)) different.push(name);
  }
  expect(different).toEqual([
    'both-poles.json',
    'extra-crossing.json',
    'force-north-pole.json',
    'issues-171.json',
    'overlap.json',
  ]);
});
