import { type Kysely, sql } from 'kysely';
import { beforeAll, expect, test, vi } from 'vitest';
import { region } from '../../seeds/jember/region.ts';
import { seed } from '../../seeds/seed.ts';
import { city } from '../../seeds/simulator/city.ts';
import { door, type Receipt, readFleet } from '../../seeds/simulator/door.ts';
import { handsOff } from '../../seeds/simulator/hands_off.ts';
import { mqttDoor } from '../../seeds/simulator/mqtt_door.ts';
import { placeOf } from '../../seeds/simulator/place.ts';
import { run } from '../../seeds/simulator/run.ts';
import { behaviours, simulation } from '../../seeds/simulator/simulation.ts';
import type { Database } from '../../server/database/connect.ts';
import { openDoors } from '../../server/ingest/doors.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const key = 'a key of devices';
await seed(connection, { scale: 0.005 });
const { app, parts, complaints } = await testApp(connection, { INGEST_KEY: key });
const request = async (path: string, init?: RequestInit) => app.request(path, init);
const devices = door(request, key);

async function rowsOf(db: Kysely<Database>, columns: string, layer: string) {
  const { rows } = await sql<Record<string, unknown> & { code: string; observed_at: Date | null }>`
    select code, observed_at, source, ${sql.raw(columns)} from ${sql.table(layer)} order by code`.execute(db);
  return new Map(rows.map((row) => [row.code, row]));
}

beforeAll(async () => {
  // Beside the demo's, one that somebody entered.
  await sql`insert into river_gauge (code, name, geom, level_cm, source, siaga1_cm, siaga3_cm)
    values ('REAL-1', 'Pos', st_setsrid(st_point(113.7, -8.17), 4326), 77, 'operator', 300, 200)`.execute(
    connection.db,
  );
});

test('through the door: nothing is rejected, gauges are fresh and have moved, what is no demo is left alone', async () => {
  const before = await rowsOf(connection.db, 'level_cm', 'river_gauge');
  const lights = await rowsOf(connection.db, 'cycle_counter_s', 'traffic_light');
  const fleet = await readFleet(devices, behaviours.keys());
  for (const [layer, things] of fleet) expect(things.length, layer).toBeGreaterThan(5);

  const place = placeOf(region());
  const minutes = 20;
  const now = Date.now();
  // The last 20 minutes, later than everything the seed says was seen.
  for (const layer of behaviours.keys())
    await sql`update ${sql.table(layer)} set observed_at = least(observed_at, now() - interval '30 minutes') where source = 'demo'`.execute(
      connection.db,
    );
  const step = simulation(fleet, city(place, { seed: 'jember', speed: 1 }), now - minutes * 60_000);
  const receipts: [layer: string, Receipt | undefined][] = [];
  for (let wall = now - minutes * 60_000; wall <= now; wall += 20_000)
    for (const [layer, batch] of step(wall)) receipts.push([layer, await devices.post(layer, batch)]);

  for (const [layer, receipt] of receipts) expect(receipt, layer).toMatchObject({ rejected: [], suspect: 0, known: 0 });
  // In 20 minutes there need not be a complaint.
  const heard = new Set(receipts.map(([layer]) => layer).filter((layer) => layer !== 'complaint'));
  expect(heard).toEqual(new Set([...behaviours.keys()].filter((layer) => layer !== 'complaint')));

  const after = await rowsOf(connection.db, 'level_cm, method', 'river_gauge');
  const telemetry = [...after.values()].filter(({ method }) => method === 'telemetry');
  const fresh = telemetry.filter(({ observed_at: at }) => at !== null && now - at.getTime() < 15 * 60_000);
  expect(fresh.length).toBeGreaterThan(telemetry.length * 0.8);
  expect(fresh.some(({ code, level_cm: level }) => level !== before.get(code)!.level_cm)).toBe(true);
  expect(after.get('REAL-1')).toMatchObject({ level_cm: 77, observed_at: null });

  const moved = [...(await rowsOf(connection.db, 'cycle_counter_s', 'traffic_light')).values()].filter(
    ({ code, cycle_counter_s: counter }) => counter !== lights.get(code)!.cycle_counter_s,
  );
  expect(moved.length).toBeGreaterThan(lights.size * 0.8);
  expect(complaints).toEqual([]);
});

test('a wrong key, and a server that is gone, are waited for and told once; then it goes on', async () => {
  const ending = new AbortController();
  let isGone = true;
  let tries = 0;
  const onTrouble = vi.fn();
  const flaky = async (path: string, init?: RequestInit) => {
    if (isGone && ++tries === 2) isGone = false;
    else if (isGone) throw new TypeError('fetch failed');
    return request(path, init);
  };
  await expect(door(request, 'another key').post('siren', [])).rejects.toThrow('401');
  const sent = await new Promise<string[]>((resolve) => {
    void run(door(flaky, key), {
      seed: 'jember',
      speed: 1,
      signal: ending.signal,
      onTrouble,
      onStep: (batches) => resolve([...batches.keys()]),
    });
  });
  ending.abort();
  expect(sent).toContain('traffic_light');
  expect(onTrouble).toHaveBeenCalledTimes(1);
  expect(onTrouble).toHaveBeenCalledWith('fetch failed');
});

test('where the role does not see a layer, and there is no key, its things are left out', async () => {
  const { app: open } = await testApp(connection, { ROLE: 'public' });
  const shown = door(async (path, init) => open.request(path, init));
  expect(await shown.things('siren')).toEqual([]);
  expect((await shown.things('river_gauge')).length).toBeGreaterThan(5);
});

test('complaints come in by the door: each is a row with its place, marked as simulated, and is worked off later', async () => {
  const count = async () =>
    (await sql<{ n: number }>`select count(*)::int as n from complaint`.execute(connection.db)).rows[0]!.n;
  const before = await count();
  // Later than everything that was said of one before.
  await sql`update complaint set observed_at = least(observed_at, now() - interval '1 hour')`.execute(connection.db);
  const fleet = new Map([['complaint', await devices.things('complaint')]]);
  const now = Date.now();
  const day = city(placeOf(region()), { seed: 'jember', speed: 60 });
  const step = simulation(fleet, day, now - 48 * 60_000);
  const arrived: string[] = [];
  // Two days of the city in the last 48 minutes.
  for (let wall = now - 48 * 60_000; wall <= now; wall += 10_000)
    for (const [layer, batch] of step(wall)) {
      const receipt = await devices.post(layer, batch);
      expect(receipt).toMatchObject({ accepted: batch.length, rejected: [] });
      arrived.push(...batch.filter(({ subject }) => subject !== undefined).map(({ code }) => code));
    }
  expect(arrived.length).toBeGreaterThanOrEqual(18);
  expect(await count()).toBe(before + arrived.length);
  const rows = await rowsOf(
    connection.db,
    'subject, state, geom is not null as placed, received_at, channel',
    'complaint',
  );
  for (const code of arrived)
    expect(rows.get(code)).toMatchObject({
      source: 'demo',
      placed: true,
      subject: expect.stringMatching(/ di /),
      received_at: expect.any(Date),
      channel: expect.any(String),
    });
  const states = new Set(arrived.map((code) => rows.get(code)!.state));
  expect(states.size).toBeGreaterThan(1);
  expect(complaints).toEqual([]);
});

test("a complaint without a subject is not made, one of a channel that says no source is a device's", async () => {
  const said = { observed_at: new Date().toISOString(), received_at: new Date().toISOString() };
  expect(
    await devices.post('complaint', [
      { code: 'WA-1', ...said, state: 'received' },
      { code: 'WA-2', ...said, subject: 'Pohon tumbang', lon: 113.7, lat: -8.17 },
      { code: 'WA-3', ...said, subject: 'Pohon tumbang', source: 'x'.repeat(101) },
    ]),
  ).toEqual({
    accepted: 1,
    known: 0,
    suspect: 0,
    rejected: [
      expect.objectContaining({ code: 'WA-1', reason: "there is no complaint with the code 'WA-1'" }),
      expect.objectContaining({ code: 'WA-3', reason: expect.stringContaining('source') }),
    ],
  });
  const row = (await rowsOf(connection.db, 'subject, secret', 'complaint')).get('WA-2');
  expect(row).toMatchObject({ subject: 'Pohon tumbang', source: 'device', secret: null });
});

test('what somebody took in hand is theirs until the button is pressed again', async () => {
  const fleet = new Map([['panic_button', await devices.things('panic_button')]]);
  const allowed = handsOff(devices, fleet);
  const { code } = fleet.get('panic_button')!.find(({ values }) => values.state === 'idle')!;
  let second = 0;
  const at = () => new Date(Date.now() - 60_000 + ++second * 1000).toISOString();
  const say = async (state: string) => {
    const batch = await allowed('panic_button', [{ code, observed_at: at(), state }]);
    if (batch.length > 0) await devices.post('panic_button', batch);
    return batch.length > 0;
  };
  expect(await say('pressed')).toBe(true);
  // The room is sooner.
  await devices.post('panic_button', [{ code, observed_at: at(), state: 'false_alarm', ack_by: 'Bu Rina' }]);
  for (const state of ['acknowledged', 'dispatched', 'closed', 'idle']) expect(await say(state), state).toBe(false);
  expect((await rowsOf(connection.db, 'state, ack_by', 'panic_button')).get(code)).toMatchObject({
    state: 'false_alarm',
    ack_by: 'Bu Rina',
  });
  expect(await allowed('panic_button', [{ code, observed_at: at(), battery_percent: 70 }])).toHaveLength(1);
  expect(await say('pressed')).toBe(true);
  expect(await say('acknowledged')).toBe(true);
});

test('gauges speak MQTT: a batch is told when it is durable, a broker that is gone is trouble', async () => {
  const doors = await openDoors({ ...parts, config: { ...parts.config, HOST: '127.0.0.1', MQTT_PORT: 0 } });
  const spoken = mqttDoor(devices, `mqtt://127.0.0.1:${doors.mqttPort}`, key, 5_000);
  try {
    const things = await spoken.things('river_gauge');
    const observed_at = new Date().toISOString();
    const batch = things.map(({ code }) => ({ code, observed_at, level_cm: 123 }));
    expect(await spoken.post('river_gauge', batch)).toBeUndefined();
    const rows = await rowsOf(connection.db, 'level_cm', 'river_gauge');
    for (const { code } of things) expect(rows.get(code)).toMatchObject({ level_cm: 123 });
    expect(things.length).toBeGreaterThan(5);
    await doors.close();
    await expect(spoken.post('river_gauge', batch)).rejects.toThrow(/MQTT broker/);
  } finally {
    await spoken.close();
    await doors.close();
  }
});
