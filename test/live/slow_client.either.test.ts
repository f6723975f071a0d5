import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { type Heard, type Listener, listen, Picture, serveApp } from '../support/events.ts';

const { connection } = await testDatabase();
const { db } = connection;
const rows = 4_000;
await sql`
  insert into streetlight (pole, geom)
  select repeat('x', 90) || n, st_setsrid(st_makepoint(113.6 + n * 0.00001, -8.15), 4326) from generate_series(1, ${rows}::int) as n`.execute(
  db,
);
await sql`insert into panic_button (name, state, geom) values ('alun-alun', 'idle', st_setsrid(st_makepoint(113.7, -8.17), 4326))`.execute(
  db,
);
const layers = (await layerFiles()).filter(({ id }) => id === 'streetlight' || id === 'panic_button');
expect(layers.length).toBe(2);

/** Changes every streetlight, so often that no buffer between server and client can hold it all. */
async function flood(rounds: number, first: number, follow: () => Promise<void>): Promise<void> {
  for (let round = first; round < first + rounds; round++) {
    await sql`update streetlight set observed_at = to_timestamp(${round}::int)`.execute(db);
    await follow();
    await wait(30);
  }
}

const featuresOf = (events: readonly Heard[]) =>
  events.flatMap(({ event, data }) => (event === 'change' ? data.features : []));
/** Waits until a listener has heard of a round. */
async function hears(listener: Listener, round: number): Promise<void> {
  await listener.until(
    ({ event, data }) => event === 'change' && data.features.at(-1).properties.observed_at === round,
  );
}

test('a paused client holds up nobody, and hears the newest of each feature when it goes on, alarms first', async () => {
  const { app, parts, follower } = await testApp(connection, { EVENTS_QUEUE_KIB: 4096 });
  const { url } = await serveApp(app);
  const address = `${url}/events?layers=streetlight,panic_button`;
  const paused = await listen(address);
  const other = await listen(address);
  const picture = await new Picture().load(`${url}/api/layers/streetlight/state`);
  paused.pause();
  const rounds = 24;
  await flood(rounds, 0, follower.catchUp);
  await hears(other, rounds - 1);
  await sql`update panic_button set state = 'pressed'`.execute(db);
  await flood(1, rounds, follower.catchUp);
  await hears(other, rounds);
  expect(parts.hub.size).toBe(2);

  paused.resume();
  // The last it hears carries a position; nothing is held back after it.
  await paused.until(({ id }) => id === parts.live.position);
  const heard = featuresOf(paused.heard);
  expect(heard.length).toBeGreaterThan(rows);
  expect(heard.length).toBeLessThan(rows * (rounds - 3));
  const alarm = heard.findIndex(({ layer }) => layer === 'panic_button');
  expect(heard[alarm].properties.state).toBe('pressed');
  // Held since long before the alarm, and told after it.
  expect(heard.length - alarm).toBeGreaterThan(rows / 2);
  picture.apply('streetlight', paused.heard);
  expect(picture.sorted()).toEqual((await new Picture().load(`${url}/api/layers/streetlight/state`)).sorted());
  paused.close();
  other.close();
});

test('a client that cannot keep up is told to start over and let go, and comes back by its position', async () => {
  const { app, parts, follower } = await testApp(connection, { EVENTS_QUEUE_KIB: 512 });
  const { url } = await serveApp(app);
  const paused = await listen(`${url}/events?layers=streetlight`);
  const other = await listen(`${url}/events?layers=streetlight`);
  paused.pause();
  for (let round = 1_000; parts.hub.size === 2; round++) {
    await sql`update streetlight set observed_at = to_timestamp(${round}::int) where id % 2 = ${round % 2}`.execute(db);
    await follower.catchUp();
    await hears(other, round); // else two rounds might be put together, and be too much at once
  }
  paused.resume();
  await paused.ended;
  const last = paused.heard.at(-1)!;
  expect(last).toMatchObject({ event: 'resync', data: { reason: 'too_slow' } });
  const again = await listen(`${url}/events?layers=streetlight`, { 'Last-Event-ID': last.id! });
  await again.until(({ event, data }) => event === 'ready' && data.resumed);
  again.close();
  other.close();
});

test('a change too large to be told makes everybody start over', async () => {
  const { app, parts, follower } = await testApp(connection, { EVENTS_QUEUE_KIB: 64 });
  const { url } = await serveApp(app);
  const listener = await listen(`${url}/events?layers=streetlight`);
  await sql`update streetlight set observed_at = now()`.execute(db);
  await follower.catchUp();
  await listener.ended;
  expect(listener.heard.map(({ event }) => event)).toEqual(['ready', 'resync']);
  expect(listener.lastId()).toBe(parts.live.position);
});
