import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { changesAfter, position } from '../../server/database/change_log.ts';
import { connect } from '../../server/database/connect.ts';
import { testApp } from '../support/app.ts';
import { testLocation } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { rateFromSeries } from '../support/rate_from_series.ts';

/** What is worked out of the series when readings come: the rate and the trend of river gauges. */
const location = await testLocation();
const connection = await connect(location);
afterAll(() => connection.close());
const { db } = connection;
const { app } = await testApp(connection);
// Another process; each remembers what it saw itself. The embedded database has one.
const second = connection.kind === 'server' ? await connect(location) : connection;
afterAll(() => (second === connection ? undefined : second.close()));
const other = await testApp(second);

const minuteMs = 60_000;
const stepMs = 10 * minuteMs;
/** The beginning of a step, an hour ago, so that each test says itself in which step a reading lies. */
const hour = Math.floor(Date.now() / stepMs) * stepMs - 6 * stepMs;
const at = (minutes: number) => new Date(hour + minutes * minuteMs).toISOString();

interface Said {
  readonly code?: string;
  readonly observed_at: string;
  readonly [attribute: string]: unknown;
}

async function post(said: readonly Said[], door = app): Promise<void> {
  const response = await door.request('/api/ingest/river_gauge', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(said.map((one) => ({ code: 'PDA-1', ...one }))),
  });
  expect(await response.json()).toMatchObject({ rejected: [] });
}

const level = (minutes: number, level_cm: number, others: object = {}): Said => ({
  observed_at: at(minutes),
  level_cm,
  ...others,
});

async function gauge(code = 'PDA-1') {
  const { rows } = await sql<{
    id: number;
    rate_cm_h: number | null;
    trend: string | null;
    version: number;
    observed_at: Date;
  }>`select id, rate_cm_h, trend, version, observed_at from river_gauge where code = ${code}`.execute(db);
  return rows[0]!;
}

beforeEach(async () => {
  await sql`delete from river_gauge`.execute(db);
  for (const code of ['PDA-1', 'PDA-2', 'PDA-3'])
    await sql`insert into river_gauge (code, name) values (${code}, 'Pos')`.execute(db);
});

describe('the rate of rise', () => {
  test.each([
    ['rising', 12, 'rising'],
    ['falling', -30, 'falling'],
    ['zero_rate', 0, 'steady'],
    ['within_one_centimetre', 2, 'steady'],
    ['just_beyond', 2.1, 'rising'],
  ])('%s', async (_, rate, trend) => {
    for (let minutes = 0; minutes <= 60; minutes += 10) await post([level(minutes, (rate * (minutes - 30)) / 60)]);
    expect(await gauge()).toMatchObject({ rate_cm_h: rate, trend });
  });

  test('zero_level is a reading', async () => {
    await post([0, 15, 30, 45].map((minutes) => level(minutes, 0)));
    expect(await gauge()).toMatchObject({ rate_cm_h: 0, trend: 'steady' });
    await post([level(60, 30)]);
    expect((await gauge()).trend).toBe('steady');
    expect((await gauge()).rate_cm_h).not.toBeNull();
  });

  test('one_spike does not carry it away, and what is suspect does not count', async () => {
    await post([0, 10, 20, 30, 40, 50, 60].map((minutes) => level(minutes, minutes === 30 ? 900 : minutes / 5)));
    expect(await gauge()).toMatchObject({ rate_cm_h: 12 });
    await post([level(6, 0, { quality: 'bad' }), level(15, 99_999), level(25, 0, { quality: 'suspect' })]);
    expect(await gauge()).toMatchObject({ rate_cm_h: 12 });
  });

  test('too_few, too_short and too_old: there is none', async () => {
    await post([0, 20, 40].map((minutes) => level(minutes, minutes)));
    expect(await gauge()).toMatchObject({ rate_cm_h: null, trend: null });
    await post([20, 25, 30, 35, 40, 45, 46, 48].map((minutes) => level(minutes, minutes, { code: 'PDA-2' })));
    expect(await gauge('PDA-2')).toMatchObject({ rate_cm_h: null, trend: null });
    await post([level(50, 50, { code: 'PDA-2' })]);
    expect(await gauge('PDA-2')).toMatchObject({ rate_cm_h: 60, trend: 'rising' });
    // Of what was an hour before nothing counts.
    await post([-300, -280, -260, -240].map((minutes) => level(minutes, minutes, { code: 'PDA-3' })));
    expect(await gauge('PDA-3')).toMatchObject({ rate_cm_h: 60 });
    await post([level(-100, 0, { code: 'PDA-3' })]);
    expect(await gauge('PDA-3')).toMatchObject({ rate_cm_h: null, trend: null });
  });

  test('beyond what the attribute may be it is not told, and the reading is kept', async () => {
    await post([0, 15, 30, 45, 60].map((minutes) => level(minutes, minutes === 60 ? 5000 : -900 + minutes * 90)));
    expect(await gauge()).toMatchObject({ rate_cm_h: null, trend: 'rising' });
    expect((await gauge()).observed_at).toEqual(new Date(at(60)));
  });
});

describe('a late reading', () => {
  test('changes it, and nothing else of the row', async () => {
    await post([0, 40, 60].map((minutes) => level(minutes, minutes)));
    const before = await gauge();
    const { seq } = await position(db);
    await post([level(20, 20)]);
    expect(await gauge()).toEqual({ ...before, rate_cm_h: 60, trend: 'rising', version: before.version + 1 });
    expect(await changesAfter(db, seq, 10)).toMatchObject([{ layer: 'river_gauge', op: 'update', ids: [before.id] }]);
  });

  test('that makes no difference changes nothing', async () => {
    await post([0, 10, 20, 40, 50, 60].map((minutes) => level(minutes, minutes)));
    const before = await gauge();
    const { seq } = await position(db);
    await post([level(30, 30)]);
    await post([level(12, 800), level(-30, 0)]);
    expect(await gauge()).toEqual(before);
    expect(await changesAfter(db, seq, 10)).toEqual([]);
  });

  test('through another process counts with the next one here, also where it made no difference by itself', async () => {
    await post([level(0, 0)]);
    await post([level(20, 20)]);
    const before = await gauge();
    await post([level(10, 10)], other.app);
    expect(await gauge()).toEqual(before);
    await post([level(40, 40)]);
    expect(await gauge()).toMatchObject({ rate_cm_h: 60, trend: 'rising' });
  });

  test('that is the first of its ten minutes replaces the one that was', async () => {
    await post([0, 20, 40].map((minutes) => level(minutes, 0)));
    await post([level(63, 600)]);
    expect((await gauge()).rate_cm_h).toBeGreaterThan(0);
    await post([level(61, 0)]);
    expect(await gauge()).toMatchObject({ rate_cm_h: 0, trend: 'steady' });
  });
});

test('what the device says counts where the server cannot tell', async () => {
  await post([level(0, 10, { rate_cm_h: 7, trend: 'falling' })]);
  expect(await gauge()).toMatchObject({ rate_cm_h: 7, trend: 'falling' });
  await post([level(20, 10)]);
  expect(await gauge()).toMatchObject({ rate_cm_h: null, trend: null });
  await post([40, 60].map((minutes) => level(minutes, 10, { rate_cm_h: 7, trend: 'falling' })));
  expect(await gauge()).toMatchObject({ rate_cm_h: 0, trend: 'steady' });
  await post([{ observed_at: at(62), trend: 'rising' }]);
  expect(await gauge()).toMatchObject({ rate_cm_h: 0, trend: 'steady' });
  await post([{ observed_at: at(63), method: 'manual' }]);
  expect(await gauge()).toMatchObject({ rate_cm_h: 0, trend: 'steady', observed_at: new Date(at(63)) });
});

test('a reading of a message that failed is not taken for one that is there', async () => {
  await post([0, 20, 40].map((minutes) => level(minutes, 0)));
  // The series takes it, and then the row does not.
  await sql`alter table river_gauge add constraint fails check (observed_at <> ${sql.lit(at(61))}::timestamptz)`.execute(
    db,
  );
  const refused = await app.request('/api/ingest/river_gauge', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([{ code: 'PDA-1', ...level(61, 0) }]),
  });
  expect(await refused.json()).toMatchObject({ accepted: 0, rejected: [{ code: 'PDA-1' }] });
  await sql`alter table river_gauge drop constraint fails`.execute(db);
  await post([level(62, 0)]);
  expect(await gauge()).toMatchObject({ rate_cm_h: 0, trend: 'steady' });
});

test('in whatever order readings come, and through whichever process, it follows from the series', async () => {
  const random = seededRandom(20);
  const doors = [app, other.app];
  const codes = ['PDA-1', 'PDA-2', 'PDA-3'];
  for (let round = 0; round < 90; round++) {
    const said = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
      code: codes[Math.floor(random() * codes.length)],
      // Mostly the present, so that what is remembered is used; some of it late, some of it twice.
      ...level(Math.floor(round - (random() < 0.1 ? random() * 80 : random() * 3)) - 30, Math.round(random() * 400)),
      ...(random() < 0.2 && { quality: random() < 0.5 ? 'bad' : 'suspect' }),
    }));
    const response = await doors[Math.floor(random() * 2)]!.request('/api/ingest/river_gauge', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(said),
    });
    expect(await response.json()).toMatchObject({ rejected: [] });
    for (const code of codes)
      expect((await gauge(code)).rate_cm_h, `${code} after round ${round}`).toBe(await rateFromSeries(db, code));
  }
});
