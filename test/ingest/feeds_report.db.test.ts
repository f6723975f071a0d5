import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { petabencana_report } from '../../server/ingest/feeds/petabencana_report.ts';
import { withoutPersons } from '../../server/ingest/feeds/without_persons.ts';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { pullNow } from '../support/pull.ts';
import { realData, realTest } from '../support/real_data.ts';
import { webServer } from '../support/web_server.ts';

/** Reports of floods, from a web server, without those who reported them. */
const { connection } = await testDatabase();
const { db } = connection;
const web = await webServer();
const world: Bbox = [-180, -90, 180, 90];
const jember: Bbox = [113.2, -8.65, 114.1, -7.9];
const feed = { ...petabencana_report, urls: [`${web.url}/reports`] };

const report = (pkey: unknown, properties: object = {}, coordinates: unknown = [113.7, -8.17]) => ({
  type: 'Feature',
  properties: {
    ...{ pkey, created_at: '2026-11-21T10:00:00.000Z', source: 'twitter', status: 'confirmed', disaster_type: 'flood' },
    ...{ url: '0d4b7a3c', title: null, text: 'Banjir di depan pasar', image_url: 'https://foto.invalid/1.jpg' },
    ...{ report_data: { report_type: 'flood', flood_depth: 80 }, tags: { district_id: null } },
    ...properties,
  },
  geometry: { type: 'Point', coordinates },
});
const serve = (...features: unknown[]) =>
  web.serve('/reports', JSON.stringify({ statusCode: 200, result: { type: 'FeatureCollection', features } }));
const stored = async () => {
  const { rows } = await sql<Record<string, unknown>>`select * from flood_report order by code`.execute(db);
  return rows;
};

afterEach(async () => {
  for (const table of ['flood_report', 'feed', 'raw_payload', 'feed_fault', 'feed_ended'])
    await sql`delete from ${sql.table(table)}`.execute(db);
});

const folder = 'petabencana/2017/reports';
realTest('PetaBencana reports: a replay of three days', [folder], async () => {
  const files = readdirSync(realData(folder)).filter((name) => name.endsWith('.geojson'));
  expect(files).toHaveLength(3);
  const counts = [];
  const seen = new Map<string, Record<string, unknown>>();
  for (const file of files.toSorted()) {
    web.serve('/reports', readFileSync(realData(`${folder}/${file}`)));
    counts.push(await pullNow(connection, feed, world));
    for (const row of await stored()) seen.set(String(row.code), row);
  }
  expect(counts).toMatchObject([
    { records: 69, added: 69, ended: 0, faults: 0 },
    { records: 1057, added: 1057, ended: 69, faults: 0 },
    { records: 78, added: 78, ended: 1057, faults: 0 },
  ]);
  const rows = [...seen.values()];
  expect(rows).toHaveLength(1204);
  const ofChannel = (name: string) => rows.filter(({ channel }) => channel === name).length;
  expect(['qlue', 'grasp', 'detik'].map(ofChannel)).toEqual([926, 230, 48]);
  const depths = rows.flatMap(({ depth_cm }) => (depth_cm === null ? [] : [Number(depth_cm)]));
  expect([depths.length, Math.min(...depths), Math.max(...depths)]).toEqual([230, 5, 195]);
  expect(rows.filter(({ photo }) => photo !== null)).toHaveLength(1150);
  const times = rows.map(({ observed_at }) => (observed_at as Date).toISOString()).toSorted();
  expect([times[0], times.at(-1)]).toEqual([
    expect.stringMatching(/^2017-02-19T19:36:00/),
    expect.stringMatching(/^2017-02-22T15:48:00/),
  ]);
  for (const { name, report: text } of rows) {
    expect(String(name).trim()).not.toBe('');
    expect(`${name} ${text}`).not.toMatch(/@\w/);
  }
});

test('nothing that leads to whoever reported is stored: not on the row, not in what is kept', async () => {
  const text = 'RT @budi_jbr: tolong! hubungi 0812-3456-7890 atau budi@contoh.id, lihat https://t.co/abc123';
  serve(
    report(1, { text, title: 'Dari @budi_jbr', user: { name: 'Budi' }, username: 'budi_jbr' }),
    report(2, { text, created_at: 'kemarin' }),
  );
  expect(await pullNow(connection, feed, jember)).toMatchObject({ added: 1, faults: 1 });
  const [row] = await stored();
  expect(row).toMatchObject({
    ...{ code: 'petabencana:1', name: 'Dari [pengguna]', depth_cm: 80, depth: '70_to_150_cm', channel: 'twitter' },
    report: 'RT [pengguna]: tolong! hubungi [telepon] atau [surel], lihat [tautan]',
    photo: 'https://foto.invalid/1.jpg',
  });
  const { rows: payloads } = await sql<{ body: Uint8Array }>`select body from raw_payload`.execute(db);
  const { rows: faults } = await sql<{ record: string }>`select record from feed_fault`.execute(db);
  expect([payloads.length, faults.length]).toEqual([1, 1]);
  const kept = `${new TextDecoder().decode(payloads[0]?.body)}${faults[0]?.record}`;
  expect(kept).toContain('[telepon]');
  expect(kept).not.toMatch(/budi|0812|t\.co|0d4b7a3c/i);
  // What cannot be read may say anything.
  web.serve('/reports', '{"result": "@budi_jbr"}');
  await expect(pullNow(connection, feed, jember)).rejects.toThrow('is not a GeoJSON FeatureCollection');
  const { rows } = await sql`select body, size, reason from raw_payload where outcome = 'rejected'`.execute(db);
  expect(rows).toEqual([{ body: new Uint8Array(), size: 0, reason: 'is not a GeoJSON FeatureCollection' }]);
});

test('heights, dates, doses and house numbers are no telephone numbers', () => {
  for (const text of [
    'air 150 cm sejak 21.00',
    'RT 03/RW 012 no. 45',
    '2017-02-21 19:36',
    'bantuan 10.000.000',
    'KM 0628',
  ])
    expect(withoutPersons(text)).toBe(text);
  for (const text of ['0331 487 123', '+62 812 3456 789', '081234567890', '(0331) 487123'])
    expect(withoutPersons(`telp ${text} ya`), text).not.toMatch(/\d{3}/);
});

test('a bad report is kept with its reason, the others are there; what is listed no more has ended', async () => {
  serve(
    report(1),
    report(2, { report_data: { flood_depth: 'setinggi lutut' } }),
    report(3, {}, [113.7]),
    report(4, { report_data: null, image_url: 'javascript:alert(1)', text: ' ', title: '' }),
    report(5, { disaster_type: 'fire' }),
    report(6, { report_data: { flood_depth: -5 } }),
    report(7, {}, [106.8, -6.2]),
    7,
  );
  expect(await pullNow(connection, feed, jember)).toMatchObject({ added: 2, faults: 4, elsewhere: 1, ended: 0 });
  expect(await stored()).toMatchObject([
    { code: 'petabencana:1', name: 'Banjir di depan pasar', depth: '70_to_150_cm' },
    { code: 'petabencana:4', name: 'Laporan banjir', depth: 'unknown', depth_cm: null, photo: null, report: null },
  ]);
  // One of them had no name, and may have been any.
  serve(report(4));
  expect(await pullNow(connection, feed, jember)).toMatchObject({ ended: 1, changed: 1 });
  serve(report(4, { report_data: { flood_depth: 0 } }));
  await pullNow(connection, feed, jember);
  expect(await stored()).toMatchObject([{ depth_cm: 0, depth: 'under_70_cm' }]);
  serve();
  expect(await pullNow(connection, feed, jember)).toMatchObject({ ended: 1 });
});
