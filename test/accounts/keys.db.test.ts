import { sql } from 'kysely';
import { connectAsync } from 'mqtt';
import { afterAll, describe, expect, test } from 'vitest';
import { createKey, type NewKey } from '../../server/accounts/keys_admin.ts';
import { transaction } from '../../server/database/transaction.ts';
import { openDoors } from '../../server/ingest/doors.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { client, person, signedIn } from '../support/people.ts';
import { insertRows } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const served = await testApp(connection, {
  ROLE: 'public',
  INGEST_KEY: 'kunci-bersama',
  HOST: '127.0.0.1',
  MQTT_PORT: 0,
  FEEDS: ['bmkg_quake'],
});
const { app, parts, complaints } = served;
const doors = await openDoors(parts);
afterAll(doors.close);
const gauge = (await layerFiles()).find(({ id }) => id === 'river_gauge')!;
await insertRows(db, gauge, [{ code: 'PDA-1', name: 'Pos', geom: 'SRID=4326;POINT(113.7 -8.17)', source: 'operator' }]);

const base: NewKey = { name: 'telemetri', agency: 'DPU SDA', doors: ['http', 'mqtt'], layers: ['river_gauge'] };
const made = (key: Partial<NewKey> = {}) =>
  transaction(db, (trx) => createKey(trx, { viewer: visitor('admin') }, { ...base, ...key }));
const send = (layer: string, key?: string) =>
  client(app).ask(
    'POST',
    `/api/ingest/${layer}`,
    { code: 'PDA-1', observed_at: new Date().toISOString(), level_cm: 10 },
    key === undefined ? {} : { Authorization: `Bearer ${key}` },
  );
const read = (path: string, key: string) => client(app).ask('GET', path, undefined, { Authorization: `Bearer ${key}` });

describe('over HTTP', () => {
  test('a key opens its door for its layers, and says whose it is nowhere', async () => {
    const { key } = await made();
    expect((await send('river_gauge', key)).status).toBe(200);
    for (const layer of ['unit', 'no_such']) {
      const refused = await send(layer, key);
      expect(refused.status).toBe(403);
      expect((await refused.json()).detail).toContain(`not for '${layer}'`);
    }
    expect((await send('river_gauge', 'kunci-bersama')).status).toBe(200);
    expect((await send('river_gauge')).status).toBe(401);
  });

  test('forged, shortened, changed, expired and revoked keys are all the same: none', async () => {
    const { key } = await made();
    const past = await made({ expires_at: new Date(Date.now() - 1000) });
    const gone = await made();
    await sql`update service_key set revoked_at = now() where id = ${gone.id}`.execute(db);
    const changed = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    const { rows } = await sql<{
      hash: Uint8Array;
      prefix: string;
    }>`select hash, prefix from service_key limit 1`.execute(db);
    const hash = `pdp_${Buffer.from(rows[0]!.hash).toString('base64url')}`;
    const bodies = new Set<string>();
    for (const none of [
      'pdp_',
      'pdp_x',
      rows[0]!.prefix,
      hash,
      key.slice(0, -1),
      `${key}A`,
      changed,
      past.key,
      gone.key,
    ]) {
      const response = await send('river_gauge', none);
      expect(response.status, none).toBe(401);
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
      bodies.add(await response.text());
      expect((await read('/api/layers', none)).status).toBe(401);
    }
    expect(bodies.size).toBe(1);
  });

  test('one that is revoked elsewhere is refused as soon as it is heard of', async () => {
    const { key, id } = await made();
    expect((await send('river_gauge', key)).status).toBe(200);
    await sql`update service_key set revoked_at = now() where id = ${id}`.execute(db);
    await expect.poll(async () => (await send('river_gauge', key)).status, { timeout: 20_000 }).toBe(401);
  });

  test('without the door a key neither sends nor reads', async () => {
    const sends = await made({ doors: ['http'] });
    const reads = await made({ doors: ['read'], role: 'operator' });
    expect((await read('/api/layers', sends.key)).status).toBe(403);
    expect((await send('river_gauge', reads.key)).status).toBe(403);
  });

  test('a key that reads sees what its role sees of its layers, and nothing of others', async () => {
    const wide = await made({ doors: ['read'], role: 'operator', layers: undefined });
    const narrow = await made({ doors: ['read'], role: 'operator', layers: ['siren'] });
    const ids = async (key: string) =>
      (await (await read('/api/layers', key)).json()).layers.map(({ id }: { id: string }) => id);
    expect(await ids(wide.key)).toEqual(expect.arrayContaining(['siren', 'unit', 'river_gauge']));
    expect(await ids(narrow.key)).toEqual(['siren']);
    expect((await read('/ogc/collections/siren/items', narrow.key)).status).toBe(200);
    const paths = [
      '/ogc/collections/unit/items',
      '/tiles/unit/14/13372/8568',
      '/api/layers/unit/state',
      '/tiles/unit.json',
    ];
    for (const path of paths) expect((await read(path, narrow.key)).status, path).toBe(404);
    // Nor what is measured of them.
    const measured = async (key: string) => {
      const text = await (await read('/metrics', key)).text();
      return [...text.matchAll(/\{(?:layer|feed)="(\w+)"\}/g)].map(([, id]) => id);
    };
    expect(await measured(wide.key)).toEqual(expect.arrayContaining(['siren', 'unit', 'bmkg_quake']));
    expect(await measured(narrow.key)).toEqual(['siren']);
  });

  test('a key is nobody: it changes no account and sees none', async () => {
    const { key } = await made({ doors: ['read'], role: 'admin', layers: undefined });
    expect((await read('/api/admin/people', key)).status).toBe(401);
    expect((await (await read('/api/account', key)).json()).person).toBeNull();
  });

  test('a key does nothing: no act, no second person, no feature of OGC Part 4, no pull of a feed', async () => {
    const { key } = await made({ doors: ['http', 'read'], role: 'admin', layers: undefined });
    const head = await made({ doors: ['read'], role: 'agency_head', layers: undefined });
    await person(served, 'petugas@jember.test', { role: 'disaster_officer' });
    const [id = 0] = await insertRows(db, gauge, [
      { name: 'Ambang', geom: 'SRID=4326;POINT(113.7 -8.17)', agency: 'DPU SDA', siaga1_cm: 400, siaga2_cm: 300 },
    ]);
    const officer = await signedIn(app, 'petugas@jember.test');
    const seen = { 'If-Match': '"1"' };
    const feature = `/api/layers/river_gauge/features/${id}`;
    const wish = { input: { siaga1_cm: 450 }, reason: 'Palung berubah' };
    const asked = await officer.ask('POST', `${feature}/set_thresholds`, wish, seen);
    expect(asked.status, await asked.clone().text()).toBe(202);
    const pending = (await asked.json()).pending.id;

    const items = '/ogc/collections/river_gauge/items';
    const place = { type: 'Point', coordinates: [113.7, -8.17] };
    const whole = { type: 'Feature', geometry: place, properties: { name: 'Kunci' } };
    const edit = { input: { name: 'Kunci' }, reason: 'x' };
    const asks: readonly (readonly [method: string, path: string, body?: object])[] = [
      ['POST', '/api/layers/river_gauge/features', { input: { name: 'Kunci', geometry: place } }],
      ['POST', `${feature}/edit`, edit],
      ['POST', `${feature}/delete`, edit],
      ['POST', '/api/layers/river_gauge/actions/edit', { ...edit, features: [{ id, version: 1 }] }],
      ['POST', `/api/pending/${pending}/confirm`, { reason: 'Sudah diperiksa' }],
      ['POST', `/api/pending/${pending}/reject`, { reason: 'Sudah diperiksa' }],
      ['POST', '/api/audit/1/undo', {}],
      ['POST', items, whole],
      ['PUT', `${items}/${id}`, whole],
      ['PATCH', `${items}/${id}`, whole],
      ['DELETE', `${items}/${id}`],
      ['POST', '/api/feeds/bmkg_quake/pull', {}],
      ['PATCH', '/api/feeds/bmkg_quake', { paused: true }],
    ];
    const state = async () =>
      (
        await sql`select (select json_agg(river_gauge order by id) from river_gauge) as features,
          (select json_agg(pending_action) from pending_action) as pending,
          (select json_agg(feed order by id) from feed) as feeds,
          (select count(*) from audit where action <> 'denied') as acts`.execute(db)
      ).rows;
    const before = await state();
    for (const one of [key, head.key])
      for (const [method, path, body] of asks) {
        const refused = await client(app).ask(method, path, body, { ...seen, Authorization: `Bearer ${one}` });
        expect(refused.status, `${method} ${path}`).toBe(403);
        expect((await refused.json()).detail).toContain('who acts is a person');
      }
    expect(await state()).toEqual(before);
    // That it was tried is told.
    const { rows } = await sql`select from audit where action = 'denied'`.execute(db);
    expect(rows.length).toBeGreaterThan(0);
  });

  test('of layers that a key is not for, neither a feed nor what waits tells anything', async () => {
    const wide = await made({ doors: ['read'], role: 'agency_head', layers: undefined });
    const narrow = await made({ doors: ['read'], role: 'agency_head', layers: ['siren'] });
    const count = async (path: string, list: string, key: string) =>
      (await (await read(path, key)).json())[list].length;
    for (const [path, list] of [
      ['/api/pending', 'pending'],
      ['/api/feeds', 'feeds'],
    ] as const) {
      expect(await count(path, list, wide.key), path).toBeGreaterThan(0);
      expect(await count(path, list, narrow.key), path).toBe(0);
    }
  });

  test('the trail is for persons: a key that an admin makes for an auditor’s role reads none of it', async () => {
    const { key } = await made({ doors: ['read'], role: 'auditor', layers: undefined });
    for (const path of ['/api/audit', '/api/audit/export', '/api/audit/verify'])
      expect((await read(path, key)).status, path).toBe(404);
  });

  test('when it was last used is written now and then, and at the end', async () => {
    const { key, id } = await made();
    await send('river_gauge', key);
    const used = () =>
      db.selectFrom('service_key').select('last_used_at').where('id', '=', id).executeTakeFirstOrThrow();
    expect((await used()).last_used_at).toBeNull();
    await parts.accounts.keys.close();
    expect((await used()).last_used_at).toBeInstanceOf(Date);
  });

  test('what is kept of a key is its digest', async () => {
    const { key } = await made();
    const { rows } = await sql<{ text: string }>`select service_key::text as text from service_key
      union all select audit::text from audit`.execute(db);
    for (const { text } of rows) expect(text).not.toContain(key.slice(12));
  });
});

describe('over MQTT', () => {
  const connect = (password: string) =>
    connectAsync(`mqtt://127.0.0.1:${doors.mqttPort}`, { username: 'alat', password, reconnectPeriod: 0 });
  const level = async () =>
    (await sql<{ level_cm: number }>`select level_cm from river_gauge where code = 'PDA-1'`.execute(db)).rows[0]!
      .level_cm;
  const said = (level_cm: number) => JSON.stringify({ observed_at: new Date().toISOString(), level_cm });

  test('a key is the password; only its layers are heard', async () => {
    const { key } = await made();
    const device = await connect(key);
    await device.publishAsync('pendopo/river_gauge/PDA-1', said(77), { qos: 1 });
    expect(await level()).toBe(77);
    await device.publishAsync('pendopo/unit/U-1', said(1), { qos: 1 });
    expect((await sql`select 1 from unit`.execute(db)).rows).toEqual([]);
    await device.endAsync();
    expect(complaints.splice(0).every((line) => line.includes('MQTT message refused'))).toBe(true);
  });

  test('a key without the door, a forged one and none are not admitted', async () => {
    const { key } = await made({ doors: ['http'] });
    for (const password of [key, 'pdp_forged', 'salah', ''])
      await expect(connect(password), password).rejects.toThrow(/bad username or password/i);
  });

  test('a connection does not outlive its key', async () => {
    const { key, id } = await made();
    const device = await connect(key);
    device.on('error', () => {});
    await sql`update service_key set revoked_at = now() where id = ${id}`.execute(db);
    parts.accounts.keys.forget();
    const closed = new Promise<void>((resolve) => device.once('close', () => resolve()));
    device.publish('pendopo/river_gauge/PDA-1', said(88), { qos: 1 });
    await closed;
    expect(await level()).not.toBe(88);
    complaints.length = 0; // that it was cut off
  });
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
