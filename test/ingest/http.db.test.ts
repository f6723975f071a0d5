import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { changesAfter, position } from '../../server/database/change_log.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;
const { app, complaints } = await testApp(connection);

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

async function post(layer: string, body: unknown, type = 'application/json', headers: Record<string, string> = {}) {
  const response = await app.request(`/api/ingest/${layer}`, {
    method: 'POST',
    headers: { 'Content-Type': type, ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

async function row(layer: string, code: string) {
  const { rows } = await sql<Record<string, unknown>>`
    select *, st_x(geom) as lon, st_y(geom) as lat from ${sql.table(layer)} where code = ${code}`.execute(db);
  return rows[0];
}

async function series(layer: string, code: string) {
  const { rows } = await sql<Record<string, unknown>>`
    select there.* from ${sql.table(`${layer}_series`)} as there join ${sql.table(layer)} as of on of.id = there.feature
    where of.code = ${code} order by there.observed_at`.execute(db);
  return rows;
}

const gauges = ['PDA-1', 'PDA-2', 'PDA-3'];
beforeEach(async () => {
  for (const table of ['river_gauge', 'unit', 'streetlight', 'panic_button'])
    await sql`delete from ${sql.table(table)}`.execute(db);
  for (const code of gauges)
    await sql`insert into river_gauge (code, name, geom, siaga1_cm, siaga2_cm, siaga3_cm)
      values (${code}, 'Pos', st_setsrid(st_point(113.7, -8.17), 4326), 400, 300, 200)`.execute(db);
  await sql`insert into streetlight (code, pole) values ('PJU-1', 'PJU-1')`.execute(db);
  await sql`insert into panic_button (code, name, state) values ('TP-1', 'Pasar', 'idle')`.execute(db);
});

describe('an observation', () => {
  test('is on the row, in the series and in the change log, and what was not said stays', async () => {
    const before = await position(db);
    const at = minutesAgo(1);
    const { status, body } = await post('river_gauge', {
      code: 'PDA-1',
      observed_at: at,
      level_cm: 0,
      quality: 'good',
    });
    expect({ status, body }).toEqual({ status: 200, body: { accepted: 1, known: 0, suspect: 0, rejected: [] } });
    const there = await row('river_gauge', 'PDA-1');
    expect(there).toMatchObject({ level_cm: 0, siaga: '4', quality: 'good', siaga1_cm: 400, name: 'Pos', version: 2 });
    expect(there!.observed_at).toEqual(new Date(at));
    expect(await series('river_gauge', 'PDA-1')).toMatchObject([{ level_cm: 0, quality: 'good' }]);
    expect(await changesAfter(db, before.seq, 10)).toMatchObject([
      { layer: 'river_gauge', op: 'update', ids: [there!.id] },
    ]);
  });

  test('of the same code and time is known, whatever it says, and changes nothing', async () => {
    const one = { code: 'PDA-1', observed_at: minutesAgo(1), level_cm: 120 };
    await post('river_gauge', one);
    const before = await position(db);
    expect((await post('river_gauge', { ...one, level_cm: 121 })).body).toMatchObject({ accepted: 0, known: 1 });
    expect((await post('river_gauge', [one, one])).body).toMatchObject({ accepted: 0, known: 2 });
    expect(await changesAfter(db, before.seq, 10)).toEqual([]);
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 120, version: 2 });
    expect(await series('river_gauge', 'PDA-1')).toHaveLength(1);
  });

  test('that is late goes into the series and not over the newer one', async () => {
    await post('river_gauge', { code: 'PDA-1', observed_at: minutesAgo(1), level_cm: 200 });
    const late = { code: 'PDA-1', observed_at: minutesAgo(30), level_cm: 100 };
    expect((await post('river_gauge', late)).body).toMatchObject({ accepted: 1, known: 0, rejected: [] });
    expect((await post('river_gauge', late)).body).toMatchObject({ accepted: 0, known: 1 });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 200, version: 2 });
    expect(await series('river_gauge', 'PDA-1')).toMatchObject([{ level_cm: 100 }, { level_cm: 200 }]);
  });

  test('that is late, where no series is kept, is rejected with both times', async () => {
    await post('streetlight', { code: 'PJU-1', observed_at: '2026-11-01T20:00:00+07:00', power_state: 'on' });
    const { body } = await post('streetlight', {
      code: 'PJU-1',
      observed_at: '2026-11-01T19:00:00+07:00',
      power_state: 'off',
    });
    expect(body).toEqual({
      accepted: 0,
      known: 0,
      suspect: 0,
      rejected: [{ index: 0, code: 'PJU-1', reason: expect.stringContaining('2026-11-01T13:00:00.000Z') }],
    });
    expect(await row('streetlight', 'PJU-1')).toMatchObject({ power_state: 'on' });
  });

  test('several of one thing in one message, in any order: the row has the newest of each attribute', async () => {
    const { body } = await post('river_gauge', [
      { code: 'PDA-1', observed_at: minutesAgo(1), trend: 'rising' },
      { code: 'PDA-1', observed_at: minutesAgo(3), level_cm: 150, trend: 'falling' },
      { code: 'PDA-1', observed_at: minutesAgo(2), level_cm: 160 },
      { code: 'PDA-2', observed_at: minutesAgo(2), level_cm: -40 },
    ]);
    expect(body).toMatchObject({ accepted: 4, rejected: [] });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 160, trend: 'rising', version: 2 });
    expect(await row('river_gauge', 'PDA-2')).toMatchObject({ level_cm: -40 });
    expect(await series('river_gauge', 'PDA-1')).toMatchObject([{ level_cm: 150 }, { level_cm: 160 }]);
  });

  test('outside physical limits is kept as suspect and not shown as truth', async () => {
    await post('river_gauge', { code: 'PDA-1', observed_at: minutesAgo(5), level_cm: 180, quality: 'good' });
    const wild = { code: 'PDA-1', observed_at: minutesAgo(1), level_cm: 99_999, quality: 'good' };
    expect((await post('river_gauge', wild)).body).toEqual({ accepted: 0, known: 0, suspect: 1, rejected: [] });
    expect((await post('river_gauge', wild)).body).toMatchObject({ suspect: 0, known: 1 });
    expect(
      (await post('river_gauge', { ...wild, observed_at: minutesAgo(0.5), level_cm: 20, quality: 'bad' })).body,
    ).toMatchObject({ suspect: 1 });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 180, quality: 'good', version: 2 });
    expect(await series('river_gauge', 'PDA-1')).toMatchObject([
      { level_cm: 180, quality: 'good' },
      { level_cm: 99_999, quality: 'suspect' },
      { level_cm: 20, quality: 'bad' },
    ]);
  });

  test('outside physical limits moves nothing, also where devices say nothing of quality; one in a message harms no other', async () => {
    const at = { code: 'U-1', lon: 113.7, lat: -8.1 };
    await post('unit', { ...at, observed_at: minutesAgo(9), speed_km_h: 40 });
    const before = await row('unit', 'U-1');
    const wild = { ...at, observed_at: minutesAgo(6), lon: 113.9, speed_km_h: 5000 };
    expect((await post('unit', wild)).body).toEqual({ accepted: 0, known: 0, suspect: 1, rejected: [] });
    expect((await post('unit', wild)).body).toMatchObject({ suspect: 0, known: 1 });
    expect(await row('unit', 'U-1')).toEqual(before);
    // Of the battery no series is kept, of the rest it is; it is no less to be doubted.
    const { body } = await post('unit', [
      { ...at, observed_at: minutesAgo(4), battery_percent: 900 },
      { ...at, observed_at: minutesAgo(3), lon: 113.71, speed_km_h: 50 },
      { code: 'U-1', observed_at: minutesAgo(2), battery_percent: -1 },
    ]);
    expect(body).toMatchObject({ accepted: 1, suspect: 1, rejected: [{ reason: expect.stringMatching('0 to 100') }] });
    expect(await row('unit', 'U-1')).toMatchObject({ lon: 113.71, speed_km_h: 50, battery_percent: null });
    expect(await series('unit', 'U-1')).toMatchObject([
      { lon: 113.7, speed_km_h: 40, quality: null },
      { lon: 113.9, speed_km_h: 5000, quality: 'suspect' },
      { lon: 113.7, speed_km_h: null, quality: 'suspect' },
      { lon: 113.71, speed_km_h: 50, quality: null },
    ]);
    const answer = async (path: string) => (await app.request(`/api/layers/unit${path}`)).json();
    const way = await answer(`/${before!.id}/series?from=${minutesAgo(10)}&resolution=1s`);
    expect(way).toMatchObject({ suspect: [0, 1, 1, 0], lon: [113.7, null, null, 113.71] });
    expect(way.attributes.speed_km_h.max).toEqual([40, null, null, 50]);
    const replayed = await answer(`/series?from=${minutesAgo(10)}&resolution=1s`);
    expect(replayed.observations.lon).toEqual([113.7, 113.71]);
    // Where it was not, nobody finds it.
    expect((await answer(`/series?from=${minutesAgo(10)}&bbox=113.85,-8.2,113.95,-8`)).id).toEqual([]);
  });

  test('outside physical limits makes no row, and is rejected where no series is kept', async () => {
    const observed_at = minutesAgo(1);
    const unseen = { code: 'U-9', observed_at, speed_km_h: 5000, lon: 113.7, lat: -8.1 };
    expect((await post('unit', unseen)).body).toMatchObject({ suspect: 0, rejected: [{ code: 'U-9' }] });
    expect(await row('unit', 'U-9')).toBeUndefined();
    const dimmed = { code: 'PJU-1', observed_at, dimming_percent: 900 };
    expect((await post('streetlight', dimmed)).body).toMatchObject({ suspect: 0, rejected: [{ code: 'PJU-1' }] });
  });

  test('of beds is kept as the row then is, with the sum that the database makes of it', async () => {
    await sql`delete from hospital`.execute(db);
    await sql`insert into hospital (code, name, facility_status) values ('RS-1', 'RSUD', 'normal')`.execute(db);
    await post('hospital', { code: 'RS-1', observed_at: minutesAgo(9), class1_free: 5, icu_free: 2, queue: 1 });
    await post('hospital', { code: 'RS-1', observed_at: minutesAgo(6), icu_free: 0 });
    const wild = { code: 'RS-1', observed_at: minutesAgo(5), icu_free: 99_999 };
    expect((await post('hospital', wild)).body).toMatchObject({ suspect: 1 });
    const late = { code: 'RS-1', observed_at: minutesAgo(8), class1_free: 4 };
    expect((await post('hospital', late)).body).toMatchObject({ accepted: 1 });
    await post('hospital', { code: 'RS-1', observed_at: minutesAgo(3), queue: 7 });
    expect(await row('hospital', 'RS-1')).toMatchObject({ beds_free: 5, class1_free: 5, icu_free: 0, queue: 7 });
    const kept = await series('hospital', 'RS-1');
    expect(kept.map(({ beds_free }) => beds_free)).toEqual([7, null, 5, null, 5]);
    expect(kept.map(({ icu_free }) => icu_free)).toEqual([2, null, 0, 99_999, 0]);
    expect(kept.map(({ quality }) => quality)).toEqual([null, null, null, 'suspect', null]);
    expect(kept[4]).toMatchObject({ queue: 7, class1_free: 5, facility_status: 'normal' });
  });
});

describe('a unit', () => {
  test('appears by itself, moves, and leaves its way in the series', async () => {
    const before = await position(db);
    const first = { code: 'AMB-1', observed_at: minutesAgo(3), lon: 113.7, lat: -8.17, speed_km_h: 30 };
    expect((await post('unit', first)).body).toMatchObject({ accepted: 1, rejected: [] });
    const there = await row('unit', 'AMB-1');
    expect(there).toMatchObject({
      name: 'AMB-1',
      lon: 113.7,
      lat: -8.17,
      link: 'online',
      source: 'device',
      area_code: null,
    });
    await post('unit', { code: 'AMB-1', observed_at: minutesAgo(1), lon: 113.71, lat: -8.16, state: 'On scene' });
    await post('unit', { code: 'AMB-1', observed_at: minutesAgo(2), lon: 113.705, lat: -8.165 });
    expect(await row('unit', 'AMB-1')).toMatchObject({
      lon: 113.71,
      lat: -8.16,
      speed_km_h: 30,
      state: 'on_scene',
      id: there!.id,
    });
    expect(await series('unit', 'AMB-1')).toMatchObject([
      { lon: 113.7, speed_km_h: 30 },
      { lon: 113.705 },
      { lon: 113.71, state: 'on_scene' },
    ]);
    expect((await changesAfter(db, before.seq, 10))[0]).toMatchObject({ layer: 'unit', op: 'insert' });
  });

  test('never appears twice, whoever reports it first', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        post('unit', { code: 'NEW', observed_at: minutesAgo(1 + i), lon: 113.7, lat: -8.17 }),
      ),
    );
    expect(answers.every(({ body }) => body.accepted === 1)).toBe(true);
    const { rows } = await sql`select 1 from unit where code = 'NEW'`.execute(db);
    expect(rows).toHaveLength(1);
    expect(await series('unit', 'NEW')).toHaveLength(20);
  });

  test.each([
    ['in_the_sea', { lon: 0, lat: 0 }, /outside the region/],
    ['latitude_first', { lon: -8.17, lat: 113.7 }, /swapped/],
    ['half_a_place', { lon: 113.7 }, /not two numbers/],
    ['text_place', { lon: '113.7', lat: '-8.17' }, /not two numbers/],
  ])('%s is rejected', async (_, place, reason) => {
    const { body } = await post('unit', { code: 'U-1', observed_at: minutesAgo(1), ...place });
    expect(body.rejected).toEqual([{ index: 0, code: 'U-1', reason: expect.stringMatching(reason) }]);
  });

  test('of a fixed thing a device cannot move it', async () => {
    await post('river_gauge', { code: 'PDA-1', observed_at: minutesAgo(1), level_cm: 3, lon: 113.8, lat: -8.2 });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ lon: 113.7, lat: -8.17, level_cm: 3 });
  });
});

describe('the area of a thing that nobody placed', () => {
  const box = (west: number, south: number, east: number, north: number) =>
    sql`st_multi(st_makeenvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326))`;
  const told = { subject: 'Pohon tumbang', received_at: minutesAgo(2), observed_at: minutesAgo(1) };
  beforeEach(async () => {
    for (const table of ['complaint', 'village', 'district']) await sql`delete from ${sql.table(table)}`.execute(db);
    await sql`insert into village (code, name, geom)
      values ('35.09.19.1006', 'Kepatihan', ${box(113.68, -8.19, 113.72, -8.15)})`.execute(db);
    await sql`insert into district (code, name, geom)
      values ('35.09.19', 'Kaliwates', ${box(113.65, -8.22, 113.75, -8.12)})`.execute(db);
  });

  test.each([
    ['in_a_village', { lon: 113.7, lat: -8.17 }, '35.09.19.1006'],
    ['in_a_district_without_villages', { lon: 113.74, lat: -8.13 }, '35.09.19'],
    ['in_none', { lon: 113.9, lat: -8.3 }, null],
    ['nowhere', {}, null],
  ])('%s', async (code, place, area_code) => {
    expect((await post('complaint', { code, ...told, ...place })).body).toMatchObject({ accepted: 1, rejected: [] });
    expect(await row('complaint', code)).toMatchObject({ source: 'device', area_code });
  });

  test('that somebody said stays', async () => {
    await sql`update streetlight set area_code = '35.09.01.2001' where code = 'PJU-1'`.execute(db);
    await post('streetlight', { code: 'PJU-1', observed_at: minutesAgo(1), lon: 113.7, lat: -8.17 });
    expect(await row('streetlight', 'PJU-1')).toMatchObject({ lon: 113.7, area_code: '35.09.01.2001' });
  });
});

describe('rejected with its reason', () => {
  test.each([
    ['no_code', { code: undefined }, 'code is missing'],
    ['number_code', { code: 1 }, 'code is not a text'],
    ['unknown_code', { code: 'PDA-9' }, "there is no river_gauge with the code 'PDA-9'"],
    ['no_time', { observed_at: undefined }, 'observed_at is missing'],
    ['time_without_zone', { observed_at: '2026-11-21T12:00:00' }, /date and zone/],
    ['seconds_since_1970', { observed_at: 1_790_000_000 }, /date and zone/],
    ['31_february', { observed_at: '2026-02-31T12:00:00Z' }, /calendar/],
    ['clock_never_set', { observed_at: '1970-01-01T00:00:07Z' }, /never set/],
    ['before_the_series', { observed_at: '2016-01-01T00:00:07Z' }, /older than/],
    ['clock_ahead', { observed_at: minutesAgo(-6) }, /6 minutes ahead/],
    ['unknown_attribute', { level: 3 }, "there is no attribute 'level' in river_gauge"],
    ['derived_attribute', { siaga: '1' }, 'siaga is worked out by the server'],
    ['wrong_unit', { level_cm: '3.5 m' }, /is not a number/],
    ['ambiguous_number', { level_cm: '1,234' }, /two ways/],
    ['a_list', { level_cm: [3] }, 'level_cm is not a number'],
    ['an_object', { trend: { value: 'rising' } }, 'trend is not a plain value'],
    ['unknown_choice', { trend: 'sideways' }, /none of rising, steady, falling/],
    ['prototype', { trend: 'constructor' }, /none of/],
    ['nul_character', { river: 'a\0b' }, 'river holds the character NUL'],
    ['half_a_character', { river: '\ud800' }, /surrogate/],
    ['too_long', { river: 'x'.repeat(201) }, /longer than 200/],
    ['required_is_null', { name: null }, 'name is missing'],
    ['outside_limits_and_kept_nowhere', { level_cm: undefined, rate_cm_h: 1e9 }, /rate_cm_h 1000000000 is outside/],
    ['by_two_persons', { siaga1_cm: 900 }, 'siaga1_cm is changed by two persons, not by a device'],
  ])('%s', async (_, fault, reason) => {
    const good = { code: 'PDA-1', observed_at: minutesAgo(1), level_cm: 10 };
    const other = { ...good, code: 'PDA-2', level_cm: 20 };
    const { status, body } = await post('river_gauge', [other, { ...good, ...fault }]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 1, known: 0, suspect: 0 });
    expect(body.rejected).toMatchObject([
      { index: 1, reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
    ]);
    expect(await row('river_gauge', 'PDA-2')).toMatchObject({ level_cm: 20 });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: null, version: 1 });
    expect(await series('river_gauge', 'PDA-1')).toEqual([]);
  });

  test('a clock 4 minutes ahead is let through', async () => {
    expect((await post('river_gauge', { code: 'PDA-1', observed_at: minutesAgo(-4), level_cm: 1 })).body.accepted).toBe(
      1,
    );
  });
});

describe('bodies', () => {
  const at = minutesAgo(1);
  test('NDJSON: a broken line is rejected by itself', async () => {
    const lines = [
      `{"code":"PDA-1","observed_at":"${at}","level_cm":1}`,
      '{"code":"PDA-2", broken',
      '',
      '[1, 2',
      `\u001e{"code":"PDA-3","observed_at":"${at}","level_cm":1e400}`,
      `{"code":"PDA-3","observed_at":"${at}","level_cm":NaN}`,
      '7',
      `{"code":"PDA-3","observed_at":"${at}","level_cm":3}`,
    ].join('\r\n');
    const { body } = await post('river_gauge', lines, 'application/x-ndjson; charset=utf-8');
    expect(body).toMatchObject({ accepted: 2, known: 0, suspect: 0 });
    expect(body.rejected.map(({ index }: { index: number }) => index)).toEqual([1, 2, 3, 4, 5]);
    expect(body.rejected[2]).toMatchObject({ code: 'PDA-3', reason: expect.stringContaining('not a number') });
  });

  test('GeoJSON: features by code or id', async () => {
    const feature = (properties: object, id?: string) => ({
      type: 'Feature',
      id,
      geometry: { type: 'Point', coordinates: [113.7, -8.17] },
      properties: { observed_at: at, ...properties },
    });
    const collection = { type: 'FeatureCollection', features: [feature({ code: 'A-1' }), feature({}, 'A-2'), 3] };
    expect((await post('unit', collection, 'application/geo+json')).body).toMatchObject({
      accepted: 2,
      rejected: [{ index: 2 }],
    });
    expect((await post('unit', feature({ code: 'A-3' }))).body).toMatchObject({ accepted: 1 });
    expect(await row('unit', 'A-2')).toMatchObject({ lon: 113.7 });
    const line = { ...feature({ code: 'A-4' }), geometry: { type: 'LineString', coordinates: [] } };
    expect((await post('unit', line)).body.rejected[0].reason).toContain('Point');
  });

  test('an empty list is nothing, told as such', async () => {
    expect((await post('unit', [])).body).toEqual({ accepted: 0, known: 0, suspect: 0, rejected: [] });
    expect((await post('unit', '', 'application/x-ndjson')).status).toBe(200);
  });

  test.each([
    ['no_json', '{"code":', 'application/json', 400],
    ['empty', '', 'application/json', 400],
    ['nan', '[{"level_cm": NaN}]', 'application/json', 400],
    ['not_utf8', Uint8Array.of(0x22, 0xff, 0x22), 'application/json', 400],
    ['deep_list', '['.repeat(100_000) + ']'.repeat(100_000), 'application/json', 400],
    ['deep_object', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 'application/json', 400],
    ['form', 'code=PDA-1', 'application/x-www-form-urlencoded', 415],
    ['no_type', '{}', '', 415],
    ['prototype_type', '{}', 'constructor', 415],
    ['too_large', `[${' '.repeat(10_000_001)}]`, 'application/json', 413],
  ])('%s is a clear refusal', async (_, body, type, status) => {
    const answer = await post('river_gauge', body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(answer.body.detail.length).toBeGreaterThan(10);
  });

  test('brackets inside texts are no depth', async () => {
    const river = `${'[{'.repeat(40)}\\"`;
    expect((await post('river_gauge', `{"code":"PDA-1","observed_at":"${at}","river":"${river}"}`)).body.accepted).toBe(
      1,
    );
  });

  test('compressed is refused, not misread', async () => {
    expect((await post('river_gauge', '{}', 'application/json', { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });

  test('100,000 rows with one bad: the others are there', { timeout: 120_000 }, async () => {
    const start = Date.now() - 3 * 3600_000;
    const rows = Array.from({ length: 100_000 }, (_, i) => ({
      code: gauges[i % 3],
      observed_at: new Date(start + i * 100).toISOString(),
      level_cm: i % 300,
    }));
    rows[77_777] = { ...rows[77_777]!, observed_at: 'kemarin' };
    const { status, body } = await post('river_gauge', rows);
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 99_999, known: 0, suspect: 0, rejected: [{ index: 77_777 }] });
    const { rows: counted } = await sql<{
      n: number;
    }>`select count(*) as n from river_gauge_series where observed_at >= ${new Date(start)}`.execute(db);
    expect(counted[0]!.n).toBeGreaterThanOrEqual(99_999);
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 99_999 % 300 });
  });
});

describe('naughty texts come back as they are, or are refused', () => {
  const naughty = [
    "'; drop table unit; --",
    '<script>alert(1)</script>',
    '{{7*7}}',
    '%00',
    '\\',
    '"',
    '‮rtl',
    '🚑',
    'ꦗꦼꦩ꧀ꦧꦺꦂ',
    'null',
    'NaN',
    '__proto__',
    '\u0007',
    'a\nb',
  ];
  test.each(naughty)('%j', async (text) => {
    const { status, body } = await post('unit', {
      code: text,
      observed_at: minutesAgo(1),
      name: text,
      task: text,
      lon: 113.7,
      lat: -8.17,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 1, rejected: [] });
    expect(await row('unit', text.trim())).toMatchObject({ name: text, task: text });
  });
  test('a member called __proto__ is an attribute that does not exist', async () => {
    const { body } = await post('unit', `{"code":"U","observed_at":"${minutesAgo(1)}","__proto__":{"link":"online"}}`);
    expect(body.rejected[0].reason).toContain("'__proto__'");
  });
});

describe('who may', () => {
  test('with a key set, only who knows it; then hidden layers too', async () => {
    const guarded = await testApp(connection, { INGEST_KEY: 'rahasia-panjang', ROLE: 'public' });
    const send = (layer: string, headers: Record<string, string>) =>
      guarded.app.request(`/api/ingest/${layer}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: '[]',
      });
    for (const authorization of ['', 'Bearer rahasia', 'Bearer rahasia-panjang2', 'Basic rahasia-panjang']) {
      const response = await send('unit', { Authorization: authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
    }
    expect((await send('unit', { Authorization: 'Bearer rahasia-panjang' })).status).toBe(200);
  });

  test('without a key a hidden layer does not exist, nor one that nothing is observed of', async () => {
    const open = await testApp(connection, { ROLE: 'public' });
    for (const layer of ['unit', 'no_such', 'village']) {
      const response = await open.app.request(`/api/ingest/${layer}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '[]',
      });
      expect(response.status, layer).toBe(404);
    }
  });
});

test('nothing of all this was a fault of the server', () => {
  expect(complaints).toEqual([]);
});
