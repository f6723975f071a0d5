import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { sql } from 'kysely';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Doors, openDoors } from '../../server/ingest/doors.ts';
import { startBroker } from '../../server/ingest/mqtt_broker.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { mosquittoTest, startMosquitto } from '../support/mosquitto.ts';

const { connection } = await testDatabase();
const { db } = connection;
const { app, parts, complaints } = await testApp(connection);

const now = () => new Date().toISOString();
const toClose: (() => Promise<unknown>)[] = [];
let doors: Doors | undefined;

async function open(settings: Partial<typeof parts.config> = {}): Promise<Doors> {
  doors = await openDoors({ ...parts, config: { ...parts.config, HOST: '127.0.0.1', MQTT_PORT: 0, ...settings } });
  return doors;
}
async function device(port: number, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    protocolVersion: 4,
    reconnectPeriod: 0,
    ...options,
  });
  client.on('error', () => {}); // a device that is cut off says so
  toClose.push(() => client.endAsync(true));
  return client;
}
const say = (client: MqttClient, topic: string, message: unknown) =>
  client.publishAsync(topic, typeof message === 'string' ? message : JSON.stringify(message), { qos: 1 });
async function row(layer: string, code: string) {
  const { rows } = await sql<Record<string, unknown>>`
    select *, st_x(geom) as lon from ${sql.table(layer)} where code = ${code}`.execute(db);
  return rows[0];
}

beforeEach(async () => {
  complaints.length = 0;
  for (const table of ['river_gauge', 'unit', 'panic_button', 'camera', 'device_mapping'])
    await sql`delete from ${sql.table(table)}`.execute(db);
  await sql`insert into river_gauge (code, name) values ('PDA-1', 'Pos')`.execute(db);
  await sql`insert into panic_button (code, name, state) values ('TP-1', 'Pasar', 'idle'), ('TP-2', 'Alun-alun', 'pressed')`.execute(
    db,
  );
});
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
  await doors?.close();
  doors = undefined;
});

async function mapDevice(protocol: string, name: string, mapping: object) {
  const response = await app.request(`/api/ingest/devices/${protocol}/${name}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(mapping),
  });
  return { status: response.status, body: await response.json() };
}

test('who connects and does not say who it is is cut off', async () => {
  const config = { ...parts.config, HOST: '127.0.0.1', MQTT_PORT: 0 };
  const broker = await startBroker(config, parts.accounts.keys, async () => {}, parts.log, { connectTimeout: 200 });
  const silent = connect(broker!.port, '127.0.0.1');
  silent.on('error', () => {});
  silent.resume();
  await once(silent, 'close');
  await broker!.close();
});

describe('the built-in broker', () => {
  test('has written what it acknowledges', async () => {
    const client = await device((await open()).mqttPort!);
    await say(client, 'pendopo/river_gauge/PDA-1', { observed_at: now(), level_cm: 0 });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 0 });
    await say(client, 'pendopo/unit/AMB/01', [{ observed_at: now(), lon: 113.7, lat: -8.17, speed_km_h: 12 }]);
    expect(await row('unit', 'AMB/01')).toMatchObject({ lon: 113.7, speed_km_h: 12, link: 'online' });
  });

  test('takes a thousand at once, in the order of each device', async () => {
    const client = await device((await open()).mqttPort!);
    const start = Date.now() - 60_000;
    await Promise.all(
      Array.from({ length: 1000 }, (_, i) =>
        say(client, `pendopo/unit/U-${i % 10}`, {
          observed_at: new Date(start + i).toISOString(),
          lon: 113.7,
          lat: -8.17,
          speed_km_h: i % 100,
        }),
      ),
    );
    const { rows } = await sql<{
      n: number;
    }>`select count(*) as n from unit_series where feature in (select id from unit)`.execute(db);
    expect(rows[0]!.n).toBe(1000);
    expect(await row('unit', 'U-9')).toMatchObject({ speed_km_h: 99 });
    expect(complaints).toEqual([]);
  });

  test('tells of a device that is cut off, and of its return, without calling that an observation', async () => {
    const { mqttPort } = await open();
    const at = now();
    const will = (topic: string): IClientOptions => ({
      will: { topic, payload: Buffer.from('{"status":"offline"}'), qos: 1, retain: true },
    });
    const unit = await device(mqttPort!, { clientId: 'u', ...will('pendopo/unit/U-1') });
    const idle = await device(mqttPort!, will('pendopo/panic_button/TP-1'));
    const pressed = await device(mqttPort!, will('pendopo/panic_button/TP-2'));
    await say(unit, 'pendopo/unit/U-1', { observed_at: at, lon: 113.7, lat: -8.17 });
    for (const client of [unit, idle, pressed]) client.stream.destroy();
    await expect.poll(() => row('unit', 'U-1')).toMatchObject({ link: 'offline', observed_at: new Date(at) });
    await expect.poll(() => row('panic_button', 'TP-1')).toMatchObject({ state: 'silent', observed_at: null });
    expect(await row('panic_button', 'TP-2')).toMatchObject({ state: 'pressed' });
    const again = await device(mqttPort!, { clientId: 'u' });
    await say(again, 'pendopo/unit/U-1', { observed_at: now(), lon: 113.71, lat: -8.17 });
    expect(await row('unit', 'U-1')).toMatchObject({ link: 'online', lon: 113.71 });
  });

  test('calls nobody cut off whom it cuts off itself: when it ends, when a commit fails, when the device is back already', async () => {
    const { mqttPort } = await open();
    const will = (code: string): IClientOptions => ({
      clientId: code,
      will: {
        topic: `pendopo/panic_button/${code}`,
        payload: Buffer.from('{"status":"offline"}'),
        qos: 1,
        retain: true,
      },
    });
    await device(mqttPort!, will('TP-1'));
    // The same device over another network, before the old connection was missed.
    const returned = await device(mqttPort!, will('TP-1'));
    const writing = returned.publishAsync(
      'pendopo/river_gauge/PDA-1',
      JSON.stringify({ observed_at: now(), level_cm: 5 }),
      { qos: 1 },
    );
    await writing;
    expect(await row('panic_button', 'TP-1')).toMatchObject({ state: 'idle' });

    await sql`alter table river_gauge rename to river_gauge_away`.execute(db); // what a commit fails on
    const cut = new Promise((done) => returned.once('close', () => done(undefined)));
    returned.publish('pendopo/river_gauge/PDA-1', JSON.stringify({ observed_at: now(), level_cm: 6 }), { qos: 1 });
    await cut;
    await sql`alter table river_gauge_away rename to river_gauge`.execute(db);

    await device(mqttPort!, will('TP-1'));
    await doors!.close();
    expect(await row('panic_button', 'TP-1')).toMatchObject({ state: 'idle', version: 1 });
  });

  test('acknowledges what it refuses, so that nobody sends it for ever, and logs why', async () => {
    const client = await device((await open()).mqttPort!);
    for (const [topic, message] of [
      ['pendopo/river_gauge/PDA-1', 'NaN'],
      ['pendopo/river_gauge/PDA-1', '['.repeat(90_000)],
      ['pendopo/river_gauge/PDA-1', { level_cm: 3 }],
      ['pendopo/river_gauge/PDA-9', { observed_at: now(), level_cm: 3 }],
      ['pendopo/river_gauge/PDA-1', { code: 'PDA-2', observed_at: now(), level_cm: 3 }],
      ['pendopo/river_gauge/PDA-1', { status: 'offline' }],
      ['pendopo/nothing/PDA-1', { observed_at: now() }],
      ['pendopo/village/35.09.01.2001', { observed_at: now(), population: 3 }],
      ['v1.1/Datastreams(99)/Observations', { result: 1 }],
      ['pendopo/River_gauge/PDA-1', { observed_at: now(), level_cm: 3 }],
      ['/Pendopo/river_gauge/PDA-1', { observed_at: now(), level_cm: 3 }],
      ['pendopo/river_gauge', { observed_at: now(), level_cm: 3 }],
    ] as const)
      await say(client, topic, message);
    expect(complaints).toHaveLength(12);
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ version: 1 });
    await say(client, 'tele/whatever/LWT', 'Online');
    expect(complaints).toHaveLength(12);
    expect(client.connected).toBe(true);
  });

  test('gives nobody anything to read, and asks for the key', async () => {
    const { mqttPort } = await open({ INGEST_KEY: 'rahasia-panjang' });
    await expect(device(mqttPort!, { username: 'u', password: 'rahasia' })).rejects.toThrow(
      /not authorized|Bad username/i,
    );
    await expect(device(mqttPort!)).rejects.toThrow();
    const client = await device(mqttPort!, { username: 'u', password: 'rahasia-panjang' });
    await expect(client.subscribeAsync('pendopo/#')).rejects.toThrow();
    await say(client, 'pendopo/river_gauge/PDA-1', { observed_at: now(), level_cm: 8 });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 8 });
  });

  test('does not keep the server from starting where its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    expect((await open({ MQTT_PORT: port })).mqttPort).toBeUndefined();
    expect(complaints).toEqual([expect.stringContaining(`port ${port} cannot be used`)]);
    await new Promise((done) => other.close(done));
  });
});

describe('devices that do not know our names', () => {
  test('SensorThings 1.1: attributes that come one by one, at the same moment', async () => {
    expect(
      (
        await mapDevice('sensor_things', '7', {
          layer: 'river_gauge',
          code: 'PDA-1',
          attributes: { result: { attribute: 'level_cm', factor: 100 } },
        })
      ).status,
    ).toBe(200);
    await mapDevice('sensor_things', 'laju', {
      layer: 'river_gauge',
      code: 'PDA-1',
      attributes: { result: { attribute: 'rate_cm_h' } },
    });
    const client = await device((await open()).mqttPort!);
    const time = now();
    const level = { phenomenonTime: `2026-11-21T00:00:00Z/${time}`, resultTime: null, result: 1.1 };
    await say(client, 'v1.1/Datastreams(7)/Observations', level);
    await say(client, "v1.1/Datastreams('laju')/Observations", { phenomenonTime: time, result: 12 });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({
      level_cm: 110,
      rate_cm_h: 12,
      version: 3,
      observed_at: new Date(time),
    });
    await say(client, 'v1.1/Datastreams(7)/Observations', level);
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ version: 3 });
    expect(complaints).toEqual([]);
  });

  test('SensorThings: a distance to the water becomes a level', async () => {
    const attributes = { result: { attribute: 'level_cm', factor: -1, offset: 500 } };
    await mapDevice('sensor_things', '8', { layer: 'river_gauge', code: 'PDA-1', attributes });
    const client = await device((await open()).mqttPort!);
    await say(client, 'v1.1/Datastreams(8)/Observations', { result: 320.5 });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 179.5 });
  });

  test('ChirpStack 4 uplinks, by DevEUI', async () => {
    const attributes = {
      'object.button': { attribute: 'state', values: { true: 'pressed', false: 'idle' } },
      'object.battery': { attribute: 'battery_v', factor: 0.001 },
    };
    expect(
      (await mapDevice('chirpstack', '24E124535B316056', { layer: 'panic_button', code: 'TP-1', attributes })).status,
    ).toBe(200);
    const client = await device((await open()).mqttPort!);
    const uplink = (object: object | undefined) => ({
      deduplicationId: '57433366-50a6-4dc2-8145-2df1bbc70d9e',
      time: now(),
      deviceInfo: { tenantName: 'Jember', applicationId: '1', deviceName: 'tombol-1', devEui: '24e124535b316056' },
      fCnt: 24,
      fPort: 85,
      data: 'AXVk',
      object,
      rxInfo: [{ gatewayId: '00800000a00016b6', rssi: -48, snr: 9 }],
    });
    const topic = 'application/1/device/24e124535b316056/event/up';
    await say(client, topic, uplink({ button: true, battery: 3612 }));
    expect(await row('panic_button', 'TP-1')).toMatchObject({ state: 'pressed', battery_v: 3.612 });
    await say(client, topic, uplink(undefined));
    expect(complaints).toEqual([expect.stringContaining('codec')]);
  });

  test.each([
    ['unknown_layer', { layer: 'nothing', code: 'x', attributes: {} }],
    ['unknown_attribute', { layer: 'river_gauge', code: 'x', attributes: { result: { attribute: 'level' } } }],
    ['derived_attribute', { layer: 'river_gauge', code: 'x', attributes: { result: { attribute: 'siaga' } } }],
    ['no_code', { layer: 'river_gauge', attributes: {} }],
    ['misspelt', { layer: 'river_gauge', code: 'x', attributes: { result: { attribute: 'level_cm', faktor: 100 } } }],
  ])('a mapping with %s is refused', async (_, mapping) => {
    const { status, body } = await mapDevice('sensor_things', '1', mapping);
    expect(status).toBe(422);
    expect(body.fields).toBeDefined();
  });

  test('Traccar: knots, invalid fixes, per cent and not volts', async () => {
    const forward = async (position: object) => {
      const body = JSON.stringify({ device: { id: 4, uniqueId: '862292050001234', name: 'AMB' }, position });
      const response = await app.request('/api/ingest/traccar', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      });
      return response.json();
    };
    const at = (ago: number) => new Date(Date.now() - ago).toISOString().replace('Z', '+00:00');
    const fix = {
      fixTime: at(5000),
      deviceTime: at(5000),
      valid: true,
      outdated: false,
      latitude: -8.17,
      longitude: 113.7,
      speed: 10,
      course: 90,
      attributes: { batteryLevel: 83, battery: 4.1 },
    };
    expect(await forward(fix)).toMatchObject({ accepted: 1, rejected: [] });
    expect(await row('unit', '862292050001234')).toMatchObject({
      lon: 113.7,
      speed_km_h: 18.52,
      course_deg: 90,
      battery_percent: 83,
    });
    const lost = {
      ...fix,
      valid: false,
      deviceTime: at(1000),
      latitude: 0,
      longitude: 0,
      speed: 0,
      attributes: { batteryLevel: 82 },
    };
    expect(await forward(lost)).toMatchObject({ accepted: 1 });
    expect(await row('unit', '862292050001234')).toMatchObject({ lon: 113.7, speed_km_h: 18.52, battery_percent: 82 });
  });
});

describe('an outside broker', () => {
  mosquittoTest('Mosquitto: what was sent while nobody read it comes too', async () => {
    const broker = await startMosquitto();
    toClose.push(broker.stop);
    const url = `mqtt://127.0.0.1:${broker.port}?clientId=pendopo-test`;
    expect((await open({ MQTT_URL: url })).mqttPort).toBeUndefined();
    const client = await device(broker.port);
    const start = Date.now() - 60_000;
    const send = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, i) =>
          say(client, 'pendopo/unit/U-1', {
            observed_at: new Date(start + from + i).toISOString(),
            lon: 113.7,
            lat: -8.17,
            speed_km_h: (from + i) % 100,
          }),
        ),
      );
    const kept = async () =>
      (
        await sql<{ n: number }>`select count(*) as n from unit_series where feature in (select id from unit)`.execute(
          db,
        )
      ).rows[0]!.n;
    await expect
      .poll(
        async () => {
          await send(0, 1);
          return kept();
        },
        { timeout: 10_000 },
      )
      .toBe(1);
    await send(1, 300);
    await expect.poll(kept, { timeout: 10_000 }).toBe(300);
    await doors?.close();
    await send(300, 400);
    await open({ MQTT_URL: url });
    await expect.poll(kept, { timeout: 10_000 }).toBe(400);
    expect(await row('unit', 'U-1')).toMatchObject({ speed_km_h: 99 });
    expect(complaints).toEqual([]);
  });

  mosquittoTest('Mosquitto: a last will that it keeps cuts nobody off again when we come back', async () => {
    const broker = await startMosquitto();
    toClose.push(broker.stop);
    const url = `mqtt://127.0.0.1:${broker.port}?clientId=pendopo-wills`;
    await mapDevice('sensor_things', 'kept', {
      layer: 'river_gauge',
      code: 'PDA-1',
      attributes: { result: { attribute: 'level_cm' } },
    });
    await open({ MQTT_URL: url });
    const client = await device(broker.port);
    const keep = (topic: string, message: object) =>
      client.publishAsync(topic, JSON.stringify(message), { qos: 1, retain: true });
    await keep('pendopo/panic_button/TP-1', { status: 'offline' });
    await expect.poll(async () => (await row('panic_button', 'TP-1'))?.state, { timeout: 10_000 }).toBe('silent');
    await say(client, 'pendopo/panic_button/TP-1', { observed_at: now(), state: 'idle' });
    await keep('v1.1/Datastreams(kept)/Observations', { result: 7 }); // without a time of its own
    await expect.poll(() => row('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 7 });
    await expect.poll(() => row('panic_button', 'TP-1')).toMatchObject({ state: 'idle' });
    const before = await row('river_gauge', 'PDA-1');
    await doors?.close();

    await open({ MQTT_URL: url });
    await keep('pendopo/river_gauge/PDA-1', { observed_at: now(), level_cm: 9 }); // behind what was kept
    await expect.poll(() => row('river_gauge', 'PDA-1'), { timeout: 10_000 }).toMatchObject({ level_cm: 9 });
    expect(await row('panic_button', 'TP-1')).toMatchObject({ state: 'idle' });
    expect(await row('river_gauge', 'PDA-1')).toMatchObject({ version: Number(before?.version) + 1 });
  });
});
