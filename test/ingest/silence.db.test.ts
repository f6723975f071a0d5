import { VectorTile } from '@mapbox/vector-tile';
import { sql } from 'kysely';
import { PbfReader } from 'pbf';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pullFeeds, wakeFeeds } from '../../server/ingest/pull/pull_feeds.ts';
import type { Catalogue } from '../../server/registry/catalogue.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

/** A device that is heard of no more, by whatever door it came, as the server tells it. */
const { connection } = await testDatabase();
const { db } = connection;
const { app, parts, follower } = await testApp(connection, { ROLE: 'operator', FEEDS: [] });
const minute = 60_000;
let watch: ReturnType<typeof pullFeeds> | undefined;

const report = async (code: string, values: object = { battery_percent: 70 }, minutesAgo = 0) => {
  const observed_at = new Date(Date.now() - minutesAgo * minute).toISOString();
  const response = await app.request('/api/ingest/panic_button', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code, observed_at, ...values }),
  });
  expect(await response.json()).toMatchObject({ accepted: 1, rejected: [] });
};
const states = async () => {
  const { rows } = await sql<{
    code: string;
    state: string;
  }>`select code, state from panic_button order by code`.execute(db);
  return Object.fromEntries(rows.map(({ code, state }) => [code, state]));
};
/** What the catalogue counts, and the cluster that holds them all. */
async function picture() {
  await follower.catchUp();
  const catalogue: Catalogue = await (await app.request('/api/layers')).json();
  const tile = new VectorTile(
    new PbfReader(new Uint8Array(await (await app.request('/tiles/panic_button/6/52/33')).arrayBuffer())),
  );
  const drawn = tile.layers.panic_button;
  const clusters = Array.from({ length: drawn?.length ?? 0 }, (_, i) => drawn!.feature(i).properties);
  return {
    states: catalogue.layers.find(({ id }) => id === 'panic_button')?.states,
    features: clusters.reduce((sum, { count }) => sum + Number(count), 0),
    worst: clusters.map(({ worst }) => worst),
  };
}
/** Lets so many minutes pass on the server's clock, half of one after the other, each with a look. */
async function listenFor(minutes: number): Promise<void> {
  const begun = Date.now();
  for (let past = 0.5; past <= minutes; past += 0.5) {
    vi.setSystemTime(begun + past * minute);
    await look();
  }
}
/** A look has been taken when a row leaves that is over. */
async function look(): Promise<void> {
  await sql`insert into quake (name, magnitude, observed_at) values ('Lama', 5, now() - interval '31 days')`.execute(
    db,
  );
  wakeFeeds(connection);
  const left = async () => (await sql`select 1 from quake`.execute(db)).rows.length;
  await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 20_000, interval: 20 });
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  await sql`delete from panic_button`.execute(db);
  const geom = 'SRID=4326;POINT(113.7 -8.17)';
  await sql`insert into panic_button (code, name, state, geom) select code, code, 'idle', st_geomfromewkt(${geom})
    from unnest(array['TP-1', 'TP-2', 'TP-3', 'TP-4']) as code`.execute(db);
});
afterEach(async () => {
  await watch?.close();
  vi.useRealTimers();
});

test('a heartbeat that is overdue is an alarm, in counts and clusters too, until it beats again', async () => {
  await report('TP-1', undefined, 11);
  await report('TP-2', { state: 'pressed' }, 11);
  await report('TP-3', undefined, 9);
  await report('TP-4', { kind: 'app' }, 60);
  // The database's clock is the real one; the server's runs on.
  watch = pullFeeds(parts, []);
  await look();
  await listenFor(9);
  expect(await states()).toEqual({ 'TP-1': 'idle', 'TP-2': 'pressed', 'TP-3': 'idle', 'TP-4': 'idle' });
  await listenFor(1.5);
  await vi.waitFor(async () => expect((await states())['TP-1']).toBe('silent'), { timeout: 20_000 });
  // A press that nobody answered stays one, and an app need not say anything.
  expect(await states()).toMatchObject({ 'TP-2': 'pressed', 'TP-4': 'idle' });
  expect(await picture()).toEqual({ states: { critical: 1, warning: 1, normal: 2 }, features: 4, worst: ['critical'] });
  await sql`delete from panic_button where code = 'TP-2'`.execute(db);
  expect(await picture()).toEqual({ states: { warning: 1, normal: 2 }, features: 3, worst: ['warning'] });

  await report('TP-1', { battery_percent: 50 });
  await report('TP-3', { battery_percent: 50 });
  expect(await states()).toMatchObject({ 'TP-1': 'idle', 'TP-3': 'idle' });
  expect(await picture()).toMatchObject({ states: { normal: 3 }, worst: ['normal'] });
});

test('a heartbeat is no answer to a press', async () => {
  await report('TP-2', { state: 'pressed' }, 2);
  await report('TP-2', { battery_percent: 50 }, 1);
  await sql`update panic_button set state = 'false_alarm' where code = 'TP-3'`.execute(db);
  await report('TP-3', { battery_percent: 50 }, 1);
  expect(await states()).toMatchObject({ 'TP-2': 'pressed', 'TP-3': 'false_alarm' });
});

/** Of one that never said anything nothing is overdue. */
const idle = { 'TP-1': 'idle', 'TP-2': 'idle', 'TP-3': 'idle', 'TP-4': 'idle' };

test('whom a server that was away could not hear is not silent', async () => {
  await report('TP-1', undefined, 30);
  watch = pullFeeds(parts, []);
  await look();
  await listenFor(8);
  // Asleep, or without its database.
  vi.setSystemTime(Date.now() + 60 * minute);
  await look();
  await listenFor(9);
  expect(await states()).toEqual(idle);
  await listenFor(1.5);
  await vi.waitFor(async () => expect(await states()).toEqual({ ...idle, 'TP-1': 'silent' }), { timeout: 20_000 });
});
