import { sql } from 'kysely';
import { connectAsync } from 'mqtt';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createKey, type NewKey } from '../../server/accounts/keys_admin.ts';
import { transaction } from '../../server/database/transaction.ts';
import { openDoors } from '../../server/ingest/doors.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { client } from '../support/people.ts';
import { insertRows, type Row } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const settings = { ROLE: 'public', INGEST_KEY: 'kunci-bersama', HOST: '127.0.0.1', MQTT_PORT: 0 } as const;
const { app, parts, complaints } = await testApp(connection, settings);
const doors = await openDoors(parts);
afterAll(doors.close);
const layers = await layerFiles();
const add = (id: string, rows: readonly Row[]) => insertRows(db, layers.find((each) => each.id === id)!, rows);
const made = (key: Partial<NewKey>) =>
  transaction(db, (trx) =>
    createKey(trx, { viewer: visitor('admin') }, { name: 'alat', agency: 'DPU SDA', doors: ['http', 'mqtt'], ...key }),
  );
const own = (await made({})).key;
const others = (await made({ agency: 'Dishub' })).key;
const send = async (key: string, layer: string, body: unknown) =>
  (await client(app).ask('POST', `/api/ingest/${layer}`, body, { Authorization: `Bearer ${key}` })).json();
let minute = 0;
/** Each later than the one before, and none in the future. */
const level = (code: string, level_cm: number) => ({
  code,
  level_cm,
  observed_at: new Date(Date.now() - 3600_000 + minute++ * 1000).toISOString(),
});
const stored = async (layer: string, code: string) =>
  (await sql<Record<string, unknown>>`select * from ${sql.table(layer)} where code = ${code}`.execute(db)).rows[0];
const refusal = (code: string) => `'${code}' is of another agency than the key`;

beforeEach(async () => {
  for (const table of ['river_gauge', 'panic_button', 'device_mapping', 'unit'])
    await sql`delete from ${sql.table(table)}`.execute(db);
  const geom = 'SRID=4326;POINT(113.7 -8.17)';
  await add('river_gauge', [
    { code: 'PDA-1', name: 'Pos', geom, source: 'operator', agency: 'DPU SDA', siaga1_cm: 400 },
    { code: 'PDA-2', name: 'Pos', geom, source: 'operator', agency: null },
  ]);
  await add('panic_button', [
    { code: 'TP-1', name: 'Pasar', geom, source: 'operator', agency: 'DPU SDA', state: 'idle' },
  ]);
});

describe('a key of an agency', () => {
  test('writes that agency’s things and those of nobody, and none of another’s', async () => {
    const rows = [level('PDA-2', 20), level('PDA-1', 30), level('PDA-2', 40)];
    expect(await send(others, 'river_gauge', rows)).toEqual({
      ...{ accepted: 2, known: 0, suspect: 0 },
      rejected: [{ index: 1, code: 'PDA-1', reason: refusal('PDA-1') }],
    });
    expect(await stored('river_gauge', 'PDA-1')).toMatchObject({ level_cm: null, version: 1 });
    expect(await stored('river_gauge', 'PDA-2')).toMatchObject({ level_cm: 40, agency: null });
    const { rows: series } = await sql`select 1 from river_gauge_series s join river_gauge g on g.id = s.feature
      where g.code = 'PDA-1'`.execute(db);
    expect(series).toEqual([]);
    expect(await send(own, 'river_gauge', level('PDA-1', 50))).toMatchObject({ accepted: 1, rejected: [] });
    // The key that all share is of no agency.
    expect(await send('kunci-bersama', 'river_gauge', level('PDA-1', 60))).toMatchObject({ accepted: 1 });
  });

  test('of two agencies at once each writes its own', async () => {
    const answers = await Promise.all(
      [own, others, own, others].map((key, i) => send(key, 'river_gauge', level('PDA-1', 100 + i))),
    );
    expect(answers.map(({ accepted }) => accepted)).toEqual([1, 0, 1, 0]);
    expect(await stored('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 102 });
  });

  test('writes a thing no longer that went over to another agency, however often it did before', async () => {
    await sql`insert into river_gauge (code, name) values ('PDA-9', 'Pos')`.execute(db);
    for (const n of [1, 2, 3, 4])
      expect(await send(own, 'river_gauge', level('PDA-9', n))).toMatchObject({ accepted: 1 });
    await sql`update river_gauge set agency = 'Dishub' where code = 'PDA-9'`.execute(db);
    expect((await send(own, 'river_gauge', level('PDA-9', 5))).rejected[0].reason).toBe(refusal('PDA-9'));
    expect(await send(others, 'river_gauge', level('PDA-9', 6))).toMatchObject({ accepted: 1 });
    expect(await stored('river_gauge', 'PDA-9')).toMatchObject({ level_cm: 6 });
  });

  test('what appears by its word is its own', async () => {
    const unit = { code: 'DAMKAR-1', lon: 113.7, lat: -8.17, observed_at: new Date().toISOString() };
    expect(await send(own, 'unit', unit)).toMatchObject({ accepted: 1 });
    expect(await stored('unit', 'DAMKAR-1')).toMatchObject({ agency: 'DPU SDA' });
    expect((await send(others, 'unit', unit)).rejected[0].reason).toBe(refusal('DAMKAR-1'));
  });

  test('is held to it over MQTT too, and cuts no other agency’s device off', async () => {
    const device = async (password: string) =>
      connectAsync(`mqtt://127.0.0.1:${doors.mqttPort}`, { username: 'alat', password, reconnectPeriod: 0 });
    const [mine, theirs] = [await device(own), await device(others)];
    const say = (from: typeof mine, topic: string, body: unknown) =>
      from.publishAsync(topic, JSON.stringify(body), { qos: 1 });
    await say(theirs, 'pendopo/river_gauge/PDA-1', level('PDA-1', 10));
    await say(theirs, 'pendopo/panic_button/TP-1', { status: 'offline' });
    expect(await stored('river_gauge', 'PDA-1')).toMatchObject({ version: 1 });
    expect(await stored('panic_button', 'TP-1')).toMatchObject({ state: 'idle' });
    expect(complaints.splice(0).map((line) => line.includes('of another agency than the key'))).toEqual([true, true]);
    await say(mine, 'pendopo/river_gauge/PDA-1', level('PDA-1', 11));
    await say(mine, 'pendopo/panic_button/TP-1', { status: 'offline' });
    expect(await stored('river_gauge', 'PDA-1')).toMatchObject({ level_cm: 11 });
    expect(await stored('panic_button', 'TP-1')).toMatchObject({ state: 'silent' });
    await Promise.all([mine.endAsync(), theirs.endAsync()]);
  });
});

describe('what takes two persons', () => {
  test('no device changes, not even with the agency’s own key', async () => {
    const { rejected } = await send(own, 'river_gauge', { ...level('PDA-1', 10), siaga1_cm: 4999 });
    expect(rejected[0].reason).toBe('siaga1_cm is changed by two persons, not by a device');
    expect(await stored('river_gauge', 'PDA-1')).toMatchObject({ siaga1_cm: 400, version: 1 });
  });

  test('no device is told to be about', async () => {
    const answer = await map(own, {
      layer: 'river_gauge',
      code: 'PDA-1',
      attributes: { x: { attribute: 'siaga1_cm' } },
    });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('attributes.x');
  });
});

const map = (key: string, mapping: object) =>
  client(app).ask('PUT', '/api/ingest/devices/chirpstack/00112233AABBCCDD', mapping, {
    Authorization: `Bearer ${key}`,
  });

test('a device is taken over by no key that may not send for what it was about', async () => {
  const about = (layer: string, code: string, attribute: string) => ({ layer, code, attributes: { x: { attribute } } });
  expect((await map(own, about('river_gauge', 'PDA-1', 'level_cm'))).status).toBe(200);
  const elsewhere = (await made({ layers: ['unit'] })).key;
  for (const [key, mapping] of [
    [elsewhere, about('unit', 'U-1', 'state')], // for other layers
    [others, about('river_gauge', 'PDA-2', 'level_cm')], // of another agency
    [others, about('river_gauge', 'PDA-1', 'level_cm')],
  ] as const)
    expect((await map(key, mapping)).status).toBe(403);
  const { rows } = await sql`select layer, code from device_mapping`.execute(db);
  expect(rows).toEqual([{ layer: 'river_gauge', code: 'PDA-1' }]);
  expect((await map(own, about('river_gauge', 'PDA-2', 'level_cm'))).status).toBe(200);
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
