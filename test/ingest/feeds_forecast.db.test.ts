import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import { transaction } from '../../server/database/transaction.ts';
import { bmkg_forecast } from '../../server/ingest/feeds/bmkg_forecast.ts';
import { forecastAt, type Step } from '../../server/ingest/feeds/forecast_steps.ts';
import type { Bbox } from '../../server/registry/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { pullNow } from '../support/pull.ts';
import { realData, realTest } from '../support/real_data.ts';
import { webServer } from '../support/web_server.ts';

/** Forecasts of villages, one address each, from a web server that knows some of them. */
const { connection } = await testDatabase();
const { db } = connection;
const web = await webServer();
const jember: Bbox = [113.2, -8.65, 114.1, -7.9];
const feed = { ...bmkg_forecast, urls: [`${web.url}/prakiraan`] };
const hourMs = 3_600_000;

const stepAt = (at: number, members: object = {}) => ({
  datetime: new Date(at).toISOString().replace('.000Z', 'Z'),
  ...{
    t: 27,
    tcc: 60,
    tp: 2,
    weather_desc: 'Hujan Ringan',
    weather_desc_en: 'Light Rain',
    wd_deg: 90,
    ws: 7.2,
    hu: 80,
  },
  analysis_date: '2026-11-21T00:00:00',
  ...members,
});
/** A forecast whose present step began an hour ago, `count` steps long. */
const answerOf = (code: string, count = 10, change: (index: number) => object = () => ({})) => {
  const first = Math.floor(Date.now() / hourMs) * hourMs - hourMs;
  const steps = Array.from({ length: count }, (_, i) => stepAt(first + i * 3 * hourMs, change(i)));
  const lokasi = { adm4: code, desa: `Desa ${code}`, kecamatan: 'Patrang', lon: 113.7, lat: -8.15 };
  return { lokasi, data: [{ lokasi, cuaca: [steps.slice(0, 4), steps.slice(4)] }] };
};
const path = (code: string) => `/prakiraan?adm4=${code}`;
const serve = (code: string, answer: unknown = answerOf(code)) => web.serve(path(code), JSON.stringify(answer));
const codes = (count: number) => Array.from({ length: count }, (_, i) => `35.09.01.${2001 + i}`);
const stored = async () => {
  const { rows } = await sql<Record<string, unknown>>`select * from forecast order by code`.execute(db);
  return rows;
};
/** As if the last answers were hours old. */
const later = (hours: number) =>
  sql`update feed set validators = (select jsonb_object_agg(key, value ||
    jsonb_build_object('heard', to_jsonb((value->>'heard')::timestamptz - make_interval(hours => ${hours}::int)))) from jsonb_each(validators))
    where validators <> '{}'`.execute(db);

afterEach(async () => {
  web.answers.clear();
  web.asked.length = 0;
  for (const table of ['forecast', 'village', 'district', 'feed', 'raw_payload', 'feed_fault'])
    await sql`delete from ${sql.table(table)}`.execute(db);
});

const file = 'bmkg/prakiraan-32.04.05.2001_3of20steps.json';
realTest('what BMKG really sent becomes one row with its steps', [file], async () => {
  const code = '32.04.05.2001';
  web.serve(path(code), readFileSync(realData(file)));
  expect(await pullNow(connection, feed, jember, { FORECAST_AREAS: [code] })).toMatchObject({ added: 1, faults: 0 });
  const [row] = await stored();
  expect(row).toMatchObject({
    ...{ code, name: 'Cileunyi Kulon', district_name: 'Cileunyi', source: 'feed:bmkg_forecast' },
    observed_at: new Date('2026-09-24T00:00:00Z'),
    until: new Date('2026-09-26T10:00:00Z'),
    // It is over: nothing of it is told of now.
    ...{ weather: null, temperature_c: null, rain_24h_mm: null, outlook: null, next_at: null },
  });
  expect(JSON.parse(String(row?.steps))).toMatchObject([
    { at: '2026-09-24T07:00:00.000Z', weather: 'clear', temperature: 29, humidity: 42, rain: 0, wind: 10.5 },
    { at: '2026-09-24T10:00:00.000Z', weather: 'partly_cloudy', temperature: 25, humidity: 53 },
    { at: '2026-09-26T07:00:00.000Z', weather: 'light_rain', temperature: 27, rain: 1.3, from: 23 },
  ]);
  const { rows } = await sql`select st_x(geom) as lon, st_y(geom) as lat from forecast`.execute(db);
  expect(rows).toEqual([{ lon: 107.7399605312, lat: -6.944224959 }]);
});

test('what holds at a moment, what comes next, and the rain of a day only where the steps tell all of it', () => {
  const start = Date.parse('2026-11-21T00:00:00Z');
  const steps: Step[] = Array.from({ length: 9 }, (_, i) => ({
    at: new Date(start + i * 3 * hourMs).toISOString(),
    weather: i === 0 ? 'rain' : 'clear',
    ...{ rain: i === 0 ? 30 : 1, temperature: 20 + i, humidity: 80, wind: 5, from: 10, cloud: 50, text: 'Hujan' },
  }));
  const at = (hours: number) => forecastAt(steps, start + hours * hourMs);
  expect(at(0)).toMatchObject({ weather: 'rain', weather_next: 'clear', rain_3h_mm: 30, rain_24h_mm: 37 });
  // Two thirds of the first step are over, a third of the ninth comes in.
  expect(at(2)).toMatchObject({ temperature_c: 20, rain_24h_mm: 17.7 });
  expect(at(3)).toMatchObject({ temperature_c: 21, rain_24h_mm: 8, next_at: '2026-11-21T06:00:00.000Z' });
  expect(at(4)).toMatchObject({ rain_24h_mm: null });
  expect(at(26)).toMatchObject({ weather: 'clear', weather_next: null, next_at: null });
  expect(at(27)).toMatchObject({ weather: null, rain_3h_mm: null, rain_24h_mm: null });
  // It begins hours after its analysis: until then the first step is the best that is known.
  expect(at(-2)).toMatchObject({ weather: 'rain', weather_next: 'clear' });
  expect(at(-4)).toMatchObject({ weather: null, weather_next: 'rain' });
  expect(forecastAt([], start)).toMatchObject({ weather: null, until: null });
  const gap = steps.filter((_, i) => i !== 4);
  expect(forecastAt(gap, start)).toMatchObject({ weather: 'rain', rain_24h_mm: null });
  const unsaid = steps.map((step, i) => (i === 4 ? { ...step, rain: null } : step));
  expect(forecastAt(unsaid, start)).toMatchObject({ rain_24h_mm: null });
});

test('the class of rain follows from the rain of the day', async () => {
  const [code] = codes(1) as [string];
  for (const [tp, outlook] of [
    [0, 'dry'],
    [0.1, 'light'],
    [2.5, 'moderate'],
    [6.25, 'heavy'],
    [12.5, 'very_heavy'],
    [18.75, 'extreme'],
  ] as const) {
    serve(
      code,
      answerOf(code, 10, () => ({ tp })),
    );
    await later(4);
    await pullNow(connection, feed, jember, { FORECAST_AREAS: [code] });
    expect((await stored())[0], `${tp} mm a step`).toMatchObject({ outlook, rain_24h_mm: Math.round(tp * 80) / 10 });
  }
});

test('one village a district: the one of its name, else a kelurahan, else the first', async () => {
  const square = 'SRID=4326;MULTIPOLYGON(((113.7 -8.2,113.8 -8.2,113.8 -8.1,113.7 -8.2)))';
  for (const [code, name] of [
    ['35.09.01', 'Jombang'],
    ['35.09.02', 'Kencong'],
    ['35.09.03', 'Sumberbaru'],
  ])
    await sql`insert into district (code, name, geom) values (${code}, ${name}, ${square})`.execute(db);
  for (const [code, name] of [
    ['35.09.01.2001', 'Keting'],
    ['35.09.01.2002', 'Jombang'],
    ['35.09.02.2001', 'Wonorejo'],
    ['35.09.02.1003', 'Kepatihan'],
    ['35.09.03.2004', 'Rowo Tengah'],
    ['35.09.03.2002', 'Jambesari'],
  ])
    await sql`insert into village (code, name, geom) values (${code}, ${name}, ${square})`.execute(db);
  const chosen = ['35.09.01.2002', '35.09.02.1003', '35.09.03.2002'];
  for (const code of chosen) serve(code);
  expect(await pullNow(connection, feed, jember)).toMatchObject({ added: 3, faults: 0 });
  expect(web.asked).toEqual(chosen.map(path));
  // Of all villages only those that were not heard yet.
  web.asked.length = 0;
  const others = ['35.09.01.2001', '35.09.02.2001', '35.09.03.2004'];
  for (const code of others) serve(code);
  expect(await pullNow(connection, feed, jember, { FORECAST_AREAS: 'village' })).toMatchObject({ added: 3 });
  expect(web.asked).toEqual(others.map(path));
});

test('without a village there is nothing to ask for, and that is said', async () => {
  await expect(pullNow(connection, feed, jember)).rejects.toThrow('there is no village to ask for');
  const { rows } = await sql`select failure, failures, last_success from feed`.execute(db);
  expect(rows).toEqual([{ failure: 'not_ready', failures: 1, last_success: null }]);
});

test('ten at a time, each again after three hours, the one not heard for longest first', async () => {
  const areas = codes(12);
  for (const code of areas) serve(code);
  const pull = async () => {
    web.asked.length = 0;
    await pullNow(connection, feed, jember, { FORECAST_AREAS: areas });
    return web.asked.length;
  };
  expect([await pull(), await pull(), await pull()]).toEqual([10, 2, 0]);
  expect(await stored()).toHaveLength(12);
  await later(2);
  expect(await pull()).toBe(0);
  await later(1);
  expect(await pull()).toBe(10);
  expect(web.asked).toEqual(areas.slice(0, 10).map(path));
});

test('a broken village and a broken step cost only themselves, a refusal that asks for rest ends the pull', async () => {
  const [good, brokenStep, notJson, missing, other] = codes(5) as [string, string, string, string, string];
  serve(good);
  serve(
    brokenStep,
    answerOf(brokenStep, 10, (i) => (i === 9 ? { hu: 'lembap' } : {})),
  );
  web.serve(path(notJson), '<html>');
  serve(other);
  const areas = [good, brokenStep, notJson, missing, other];
  expect(await pullNow(connection, feed, jember, { FORECAST_AREAS: areas })).toMatchObject({ added: 3, faults: 3 });
  const { rows } = await sql<{ reason: string }>`select reason from feed_fault order by reason`.execute(db);
  expect(rows.map(({ reason }) => reason)).toEqual([
    'answered 404',
    'hu is not a number within its limits',
    expect.stringContaining('not JSON'),
  ]);
  const { rows: kept } = await sql`select address, body from raw_payload where outcome = 'rejected'`.execute(db);
  expect(kept).toEqual([{ address: `${web.url}${path(notJson)}`, body: new Uint8Array(Buffer.from('<html>')) }]);

  await later(4);
  web.asked.length = 0;
  web.answers.set(path(good), (_, response) => response.writeHead(429, { 'Retry-After': '900' }).end());
  await expect(pullNow(connection, feed, jember, { FORECAST_AREAS: [good, other] })).rejects.toThrow('answered 429');
  expect(web.asked).toEqual([path(good)]);
  const { rows: next } = await sql`
    select round(extract(epoch from next_run - last_run) / 60)::int as minutes, failure from feed`.execute(db);
  expect(next).toEqual([{ minutes: 15, failure: 'refused' }]);
});

test('without a network three are asked, not all; what is there stays, and it comes back by itself', async () => {
  const areas = codes(8);
  for (const code of areas) serve(code);
  await pullNow(connection, feed, jember, { FORECAST_AREAS: areas });
  await later(4);
  web.asked.length = 0;
  for (const code of areas) web.answers.set(path(code), (request) => request.socket.destroy());
  await expect(pullNow(connection, feed, jember, { FORECAST_AREAS: areas })).rejects.toThrow('cannot be reached');
  expect(new Set(web.asked).size).toBe(3);
  expect(await stored()).toHaveLength(8);
  const { rows } = await sql`select failure from feed`.execute(db);
  expect(rows).toEqual([{ failure: 'unreachable' }]);
  for (const code of areas)
    serve(
      code,
      answerOf(code, 10, () => ({ t: 31 })),
    );
  expect(await pullNow(connection, feed, jember, { FORECAST_AREAS: areas })).toMatchObject({ changed: 8 });
  expect((await stored())[0]).toMatchObject({ temperature_c: 31 });
});

test('the hour that comes is told without asking anybody, and nothing is told when it is over', async () => {
  const [code] = codes(1) as [string];
  serve(
    code,
    answerOf(code, 2, (i) => (i === 1 ? { weather_desc: 'Cerah', t: 33 } : {})),
  );
  await pullNow(connection, feed, jember, { FORECAST_AREAS: [code] });
  expect((await stored())[0]).toMatchObject({ weather: 'light_rain', weather_next: 'clear', temperature_c: 27 });
  const advanceTo = async (hours: number) => {
    vi.useFakeTimers({ now: Date.now() + hours * hourMs, toFake: ['Date'] });
    try {
      // The database's clock stands still: what it compares with goes the other way.
      await sql`update forecast set next_at = next_at - make_interval(hours => ${hours}::int),
        until = until - make_interval(hours => ${hours}::int)`.execute(db);
      await transaction(db, async (trx) => feed.advance?.(trx));
    } finally {
      vi.useRealTimers();
    }
  };
  await advanceTo(3);
  expect((await stored())[0]).toMatchObject({ weather: 'clear', weather_next: null, temperature_c: 33 });
  await advanceTo(6);
  expect((await stored())[0]).toMatchObject({ weather: null, temperature_c: null });
});
