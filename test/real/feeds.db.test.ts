import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, expect, vi } from 'vitest';
import { parseCap } from '../../server/ingest/cap.ts';
import { bmkg_nowcast } from '../../server/ingest/feeds/bmkg_nowcast.ts';
import { bmkg_quake } from '../../server/ingest/feeds/bmkg_quake.ts';
import { petabencana_flood } from '../../server/ingest/feeds/petabencana_flood.ts';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { pullNow } from '../support/pull.ts';
import { realData, realTest } from '../support/real_data.ts';
import { webServer } from '../support/web_server.ts';

/** What the agencies really sent, through a web server into the layers. */
const { connection } = await testDatabase();
const { db } = connection;
const web = await webServer();
const world: Bbox = [-180, -90, 180, 90];
const read = (file: string) => readFileSync(realData(file));
const payload = (file: string) => ({ url: `https://source.example/${file}`, bytes: read(file) });

afterEach(() => {
  vi.useRealTimers();
});

const quakeFiles = ['autogempa.json', 'gempaterkini_2of15.json', 'gempadirasakan_2of15.json'].map((n) => `bmkg/${n}`);

realTest('BMKG earthquakes: three files, five events', quakeFiles, async () => {
  const [newest] = bmkg_quake.parse(payload('bmkg/autogempa.json')).records;
  expect(newest).toMatchObject({
    observedAt: '2026-09-23T12:16:56.000Z',
    place: { lon: 123.27, lat: -8.51 },
    values: { magnitude: 1.8, depth_km: 12, tsunami: null, felt: 'II-III Kab. Lembata', felt_mmi: 3 },
  });
  expect(newest?.values.shakemap).toBe('https://source.example/bmkg/20260923191656.mmi.jpg');
  const others = quakeFiles.slice(1).flatMap((file) => bmkg_quake.parse(payload(file)).records);
  expect(new Set(others.map(({ key }) => key)).size).toBe(4);

  // In the days they tell of: a month later they have left.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-09-25T00:00:00Z') });
  for (const file of quakeFiles) web.serve(`/${file}`, read(file));
  const feed = { ...bmkg_quake, urls: quakeFiles.map((file) => `${web.url}/${file}`) };
  // Far from the region, and kept: what is felt or makes waves comes from far.
  expect(await pullNow(connection, feed, [113.2, -8.65, 114.1, -7.9])).toMatchObject({
    added: 5,
    faults: 0,
    elsewhere: 0,
  });
  const { rows } = await sql`
    select magnitude, depth_km, tsunami, strength, st_x(geom) as lon, st_y(geom) as lat from quake order by observed_at`.execute(
    db,
  );
  expect(rows).toEqual([
    { magnitude: 5.3, depth_km: 10, tsunami: 'no', strength: 'moderate', lon: 122.45, lat: -0.7 },
    { magnitude: 5.2, depth_km: 10, tsunami: 'no', strength: 'moderate', lon: 125.3, lat: 4.74 },
    { magnitude: 4.6, depth_km: 20, tsunami: null, strength: 'light', lon: 105.57, lat: -7 },
    { magnitude: 4.7, depth_km: 9, tsunami: null, strength: 'light', lon: 120.61, lat: -8.21 },
    { magnitude: 1.8, depth_km: 12, tsunami: null, strength: 'light', lon: 123.27, lat: -8.51 },
  ]);
  expect(await pullNow(connection, feed, world)).toMatchObject({ records: 5, added: 0, changed: 0 });
  vi.useRealTimers();
  expect(await pullNow(connection, feed, world)).toMatchObject({ records: 5, over: 5 });
});

realTest('BMKG earthquakes of 2025: 247 reports of 161 events', ['bmkg/bmkg_gempa_2025.geojson'], () => {
  const { features } = JSON.parse(read('bmkg/bmkg_gempa_2025.geojson').toString());
  const member = { datetime: 'DateTime', coordinates: 'Coordinates', magnitude: 'Magnitude', kedalaman: 'Kedalaman' };
  const names: Readonly<Record<string, string>> = {
    ...member,
    wilayah: 'Wilayah',
    potensi: 'Potensi',
    dirasakan: 'Dirasakan',
  };
  const gempa = features.map(({ properties }: { properties: Record<string, unknown> }) =>
    Object.fromEntries(Object.entries(properties).map(([key, value]) => [names[key] ?? key, value])),
  );
  const bytes = new TextEncoder().encode(JSON.stringify({ Infogempa: { gempa } }));
  const { records, faults } = bmkg_quake.parse({ url: 'https://source.example/', bytes });
  expect(faults).toEqual([]);
  expect(records).toHaveLength(247);
  expect(new Set(records.map(({ key }) => key)).size).toBe(161);
  expect(new Set(records.map(({ observedAt }) => observedAt)).size).toBe(160);
  const magnitudes = records.map(({ values }) => Number(values.magnitude));
  expect([Math.min(...magnitudes), Math.max(...magnitudes)]).toEqual([2.1, 6.6]);
});

const rss = 'bmkg/nowcast-rss-id_2of11items.xml';
const cap = 'bmkg/cap-id-CGT20260924002_alert.xml';

realTest('BMKG nowcast: the list names two files', [rss], () => {
  const { urls, faults } = bmkg_nowcast.list!({ url: bmkg_nowcast.urls[0]!, bytes: read(rss) });
  expect(faults).toEqual([]);
  expect(urls.map((url) => url.split('/').at(-1))).toEqual(['CGT20260924002_alert.xml', 'CAH20260924001_alert.xml']);
});

realTest('BMKG nowcast: four rings become one shape of three parts, over when it says so', [cap], async () => {
  const { records, faults } = bmkg_nowcast.parse(payload(cap));
  expect(faults).toEqual([]);
  expect(records).toMatchObject([
    {
      key: 'cuaca.ekstrem@bmkg.go.id,2.49.0.1.360.0.2026.09.24.07.75.002',
      observedAt: '2026-09-24T07:07:00.000Z',
      values: {
        name: 'Hujan Lebat disertai Petir di Gorontalo',
        severity: 'moderate',
        effective: '2026-09-24T07:27:00.000Z',
        expires: '2026-09-24T09:27:00.000Z',
        expiry_assumed: false,
        area_desc: 'Gorontalo',
      },
    },
  ]);
  const list = (name: string) => `<rss><channel><item><link>${web.url}/${name}</link></item></channel></rss>`;
  const feed = { ...bmkg_nowcast, urls: [`${web.url}/rss`] };
  web.serve('/rss', list('as_sent.xml'));
  web.serve('/as_sent.xml', read(cap));
  expect(await pullNow(connection, feed, world)).toMatchObject({ records: 1, added: 0, over: 1 });

  const inForce = read(cap).toString().replaceAll('2026-09-24T', '2096-09-24T').replace('2.49.0.1', '2.49.0.2');
  web.serve('/rss', list('in_force.xml'));
  web.serve('/in_force.xml', inForce);
  expect(await pullNow(connection, feed, world)).toMatchObject({ added: 1, faults: 0 });
  const { rows } = await sql<{ parts: number; km2: number; valid: boolean; west: number; south: number }>`
    select st_numgeometries(geom) as parts, st_area(geom::geography) / 1e6 as km2, st_isvalid(geom) as valid,
      st_xmin(geom) as west, st_ymin(geom) as south from weather_warning`.execute(db);
  expect(rows).toEqual([{ parts: 3, km2: expect.closeTo(674.11, 1), valid: true, west: 122.021, south: 0.405 }]);
  // The other side of the country is not this regency's weather.
  await sql`delete from weather_warning`.execute(db);
  web.serve('/rss', list('in_force_2.xml'));
  web.serve('/in_force_2.xml', inForce);
  expect(await pullNow(connection, feed, [113.2, -8.65, 114.1, -7.9])).toMatchObject({ added: 0, elsewhere: 1 });
});

/** Version, polygons, circles (those of the two earthquakes have no radius: they notify no area); or why it is refused. */
const conformance = {
  'australia.cap': ['1.2', 0, 2],
  'canada.cap': ['1.2', 4, 0],
  'canada_errors.cap': ['1.2', 1, 0],
  'canada_signed.cap': ['1.2', 4, 0],
  'earthquake-iso8859-1.cap': ['1.2', 0, 0],
  'thunderstorm.cap': ['1.2', 1, 0],
  'wcatwc-warning.cap': ['1.2', 0, 0],
  'earthquake.cap': ['1.1', 0, 0],
  'no_optional_fields.cap': ['1.1', 0, 0],
  'weather.cap': ['1.1', 0, 0],
  'invalid.cap': /<scope> is missing/,
  'xee.cap': /DOCTYPE/,
  'earthquake_signed.cap': /<Signature>, which CAP 1.1 does not know/,
  'noaa_errors.cap': /<urgency> is missing or empty/,
} as const;

for (const [file, expected] of Object.entries(conformance))
  realTest(`CAP ${file}`, [`conformance/cap/${file}`], () => {
    const bytes = read(`conformance/cap/${file}`);
    if (expected instanceof RegExp) return expect(() => parseCap(bytes)).toThrow(expected);
    const { version, infos, notes } = parseCap(bytes);
    // Those of one language are those of the other.
    const polygons = infos.reduce((sum, info) => sum + info.polygons.length, 0);
    const circles = infos.reduce((sum, info) => sum + info.circles.length, 0);
    expect([version, polygons, circles, notes]).toEqual([...expected, []]);
  });

const floods = 'petabencana/2017/floods';

realTest('PetaBencana floods: a replay of 73 pictures', [floods], async () => {
  const files = readdirSync(realData(floods))
    .filter((name) => name.endsWith('.geojson'))
    .toSorted();
  expect(files).toHaveLength(73);
  const feed = { ...petabencana_flood, urls: [`${web.url}/floods`] };
  const depths = async () => {
    const { rows } = await sql<{ code: string; depth: string }>`select code, depth from flood_area`.execute(db);
    return new Map(rows.map(({ code, depth }) => [code, depth]));
  };
  const total = { records: 0, faults: 0, begin: 0, end: 0, change: 0, busySteps: 0, first: 0, fullest: 0, last: 0 };
  const byDepth: Record<string, number> = {};
  let fullestFile = '';
  let before = await depths();
  for (const [step, file] of files.entries()) {
    const { records } = petabencana_flood.parse(payload(`${floods}/${file}`));
    for (const { values } of records) byDepth[String(values.depth)] = (byDepth[String(values.depth)] ?? 0) + 1;
    web.serve('/floods', read(`${floods}/${file}`));
    const counts = await pullNow(connection, feed, world);
    const after = await depths();
    total.records += counts?.records ?? 0;
    total.faults += counts?.faults ?? 0;
    const began = [...after.keys()].filter((code) => !before.has(code)).length;
    const ended = [...before.keys()].filter((code) => !after.has(code)).length;
    const changed = [...after].filter(([code, depth]) => before.has(code) && before.get(code) !== depth).length;
    if (step === 0) total.first = began;
    else {
      total.begin += began;
      total.end += ended;
      total.change += changed;
      if (began + ended + changed > 0) total.busySteps++;
    }
    if (after.size > total.fullest) [total.fullest, fullestFile] = [after.size, file];
    total.last = after.size;
    before = after;
  }
  const counts = { begin: 340, end: 335, change: 5, busySteps: 20, first: 7, fullest: 168, last: 12 };
  expect(total).toEqual({ records: 3546, faults: 0, ...counts });
  expect(byDepth).toEqual({ unknown: 30, '10_to_70_cm': 2969, '71_to_150_cm': 457, over_150_cm: 90 });
  expect(fullestFile).toContain('2017-02-21T13');
});
