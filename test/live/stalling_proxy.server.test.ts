import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { testLocation } from '../support/database.ts';
import { type Heard, type Listener, listen, Picture } from '../support/events.ts';
import { expectWhole, loggedOf } from '../support/returning_page.ts';
import { serverProcess } from '../support/server_process.ts';
import { stallingProxy } from '../support/stalling_proxy.ts';

/** A change of all of them is 3 MB as events; of one part, 1. */
const rows = 9_000;
const parts = 3;
const location = await testLocation();
const connection = await connect(location);
const { db } = connection;
afterAll(() => connection.close());
await sql`
  insert into streetlight (pole, geom)
  select repeat('é', 90) || n, st_setsrid(st_makepoint(113.6 + n * 0.00001, -8.15), 4326) from generate_series(1, ${rows}::int) as n`.execute(
  db,
);
/** Two of the three parts fit into what is kept for a slow client, all three do not. */
const server = await serverProcess(location.databaseUrl!, { EVENTS_QUEUE_KIB: '2500' });
const path = '/events?layers=streetlight';
const state = `${server.url}/api/layers/streetlight/state`;
beforeAll(server.start);
afterAll(() => server.kill('SIGTERM'));
const clients = () => server.metric('pendopo_event_clients');
const sockets = () => server.metric('nodejs_active_resources{type="TCPSocketWrap"}');

let round = 0;
/** Changes one part of the rows after the other, and goes on when a client that listens well has heard of it. */
async function flood(rounds: number, changed: number, other: Listener): Promise<void> {
  for (const end = round + rounds; round < end; ) {
    round++;
    await sql`
      update streetlight set observed_at = to_timestamp(${round}::int)
      where id % ${parts}::int = ${round % changed}::int`.execute(db);
    await hears(other, round);
  }
}
const tells = (round: number) => (event: Heard) =>
  event.event === 'change' && event.data.features.at(-1)?.properties?.observed_at === round;
const hears = (listener: Listener, round: number) => listener.until(tells(round));

/** Half of what is held for one slow client (8 MB with its objects), more than the engine's own ups and downs (2 MB). */
const heldBytes = 4_000_000;

test('a client behind a proxy that stalls for a while holds up nobody, and misses nothing when it goes on', {
  timeout: 300_000,
}, async () => {
  const proxy = await stallingProxy(server.port);
  const other = await listen(server.url + path);
  await flood(10, 2, other); // until the engine has what it keeps for any work
  const memory = await server.memory();
  const stalled = await listen(proxy.url + path);
  await stalled.until(({ event }) => event === 'ready');
  const first = await new Picture().load(state);

  proxy.stall();
  const before = stalled.heard.length;
  // More than all buffers between the server and the client can hold.
  const rounds = 24;
  await flood(rounds, 2, other);
  expect(await clients()).toBe(2);
  expect(stalled.heard.length).toBe(before);
  expect((await server.memory()) - memory).toBeGreaterThan(heldBytes);

  proxy.goOn();
  const last = await new Picture().load(state);
  await stalled.until(({ id }) => id !== undefined && Number(id.split(':')[1]) >= last.seq);
  expectWhole(stalled.heard, { logged: await loggedOf(connection, 'streetlight'), first, last });
  const told = stalled.heard.slice(before).flatMap(({ event, data }) => (event === 'change' ? data.features : []));
  expect(told.length).toBeLessThan((rounds * rows) / parts);

  stalled.close();
  while ((await clients()) > 1) await wait(20);
  expect((await server.memory()) - memory).toBeLessThan(heldBytes);
  other.close();
  proxy.close();
});

test('clients behind a proxy that never goes on are let go with all they took, and come back another way', {
  timeout: 300_000,
}, async () => {
  const proxy = await stallingProxy(server.port);
  const other = await listen(server.url + path);
  await flood(2, parts, other);
  const memory = await server.memory();
  const open = await sockets();
  const stalled = await Promise.all(Array.from({ length: 4 }, () => listen(proxy.url + path)));
  for (const listener of stalled) await listener.until(({ event }) => event === 'ready');
  const first = await new Picture().load(state);
  proxy.stall();
  while ((await clients()) > 1) await flood(1, parts, other);
  // Their connections, too: a socket that nobody reads would be there for ever. (Those of this test's questions vary.)
  while ((await sockets()) > open + 2) await wait(100);
  await flood(2, parts, other);
  expect((await server.memory()) - memory).toBeLessThan(heldBytes);

  const position = stalled[0]!.lastId();
  for (const listener of stalled) listener.close();
  const again = await listen(server.url + path, { 'Last-Event-ID': position });
  await again.until(({ event }) => event === 'ready');
  await flood(1, parts, other);
  await hears(again, round);
  // All of what it missed, or the word to start over; here it is more than is told at once.
  expect(again.heard.slice(0, 2).map(({ event }) => event)).toEqual(['ready', 'resync']);
  expect(Number(again.heard[1]!.id!.split(':')[1])).toBeGreaterThan(first.seq);
  const mine = await new Picture().load(state);
  mine.apply('streetlight', again.heard);
  expect(mine.sorted()).toEqual((await new Picture().load(state)).sorted());
  for (const listener of [again, other]) listener.close();
  proxy.close();
});
