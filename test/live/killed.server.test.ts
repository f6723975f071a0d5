import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { testLocation } from '../support/database.ts';
import { type Heard, listen, Picture } from '../support/events.ts';
import { seededRandom } from '../support/random.ts';
import { expectWhole, loggedOf, returningPage } from '../support/returning_page.ts';
import { serverProcess } from '../support/server_process.ts';

const location = await testLocation();
const connection = await connect(location);
const { db } = connection;
afterAll(() => connection.close());
await sql`
  insert into streetlight (pole, status, geom)
  select 'p' || n, 'ok', st_setsrid(st_makepoint(113.6 + n * 0.0001, -8.15), 4326) from generate_series(1, 300) as n`.execute(
  db,
);

const server = await serverProcess(location.databaseUrl!);
const stream = `${server.url}/events?layers=streetlight`;
const state = `${server.url}/api/layers/streetlight/state`;
/** Asked anew where the connection that was kept had been closed while the test was comparing. */
const positionNow = async (): Promise<string> => (await (await fetch(state).catch(() => fetch(state))).json()).position;
beforeAll(server.start);
afterAll(() => server.kill('SIGTERM'));

/** Writes until told to stop: single rows, some rows, new ones, gone ones. */
function writing(seed: number) {
  let isOver = false;
  const random = seededRandom(seed);
  const done = (async () => {
    for (let n = 0; !isOver; n++) {
      const some = sql`id % 50 = ${Math.floor(random() * 50)}`;
      const what = random();
      if (what < 0.8)
        await sql`update streetlight set observed_at = now(), pole = ${`w${seed}-${n}`} where ${some}`.execute(db);
      else if (what < 0.95)
        await sql`insert into streetlight (pole, geom) values (${`n${seed}-${n}`}, st_setsrid(st_makepoint(113.7, -8.2), 4326))`.execute(
          db,
        );
      else await sql`delete from streetlight where ${some} and id % 7 = 0`.execute(db);
      await wait(random() * 10);
    }
  })();
  return async () => {
    isOver = true;
    await done;
  };
}

test('killed at random moments under load, nobody loses or hears twice', { timeout: 300_000 }, async () => {
  const random = seededRandom(4);
  const first = await new Picture().load(state);
  const position = await positionNow();
  const pages = Array.from({ length: 12 }, () => returningPage(stream, position));
  const stops = [1, 2, 3].map(writing);
  for (let round = 0; round < 3; round++) {
    // All are there again, however slow the machine is; then at any moment.
    while ((await server.metric('pendopo_event_clients')) < pages.length) await wait(20);
    await wait(random() * 900);
    await server.kill('SIGKILL');
    await wait(random() * 500);
    await server.start();
  }
  // And the database cuts every connection of the server, its ear included.
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'`.execute(
    db,
  );
  await wait(300);
  await Promise.all(stops.map((stop) => stop()));
  const { rows } = await sql<{ id: number }>`insert into streetlight (pole) values ('the last') returning id`.execute(
    db,
  );
  const isLast = ({ event, data }: Heard) =>
    event === 'change' && data.features.some(({ id }: { id: number }) => id === rows[0]!.id);
  await Promise.all(pages.map((each) => each.end(isLast)));
  const last = await new Picture().load(state);
  const logged = await loggedOf(connection, 'streetlight');
  for (const each of pages) {
    expect(each.cuts()).toBeGreaterThan(3);
    expectWhole(each.heard, { logged, first, last });
  }
});

/** The engine keeps about one megabyte of its own; fifteen hundred clients that are not forgotten would be nine. */
const keptBytes = 4_000_000;

test('five hundred that come back at once are all brought up to date, and leave nothing behind', {
  timeout: 120_000,
}, async () => {
  const comeBack = async (position: string) => {
    const asked = Array.from({ length: 500 }, () => listen(stream, { 'Last-Event-ID': position }));
    const listeners = await Promise.all(asked);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from streetlight where id % 3 = 0`.execute(db);
    for (const listener of listeners) {
      const { data } = await listener.until(({ event }) => event === 'change');
      expect(data.features.length).toBe(rows[0]!.n);
    }
    expect(await server.metric('pendopo_event_clients')).toBe(500);
    for (const listener of listeners) listener.close();
    while ((await server.metric('pendopo_event_clients')) > 0) await wait(20);
  };
  const change = () => sql`update streetlight set observed_at = now() where id % 3 = 0`.execute(db);

  const position = await positionNow();
  await server.kill('SIGKILL');
  await change();
  await server.start();
  await comeBack(position); // the first ones also make the engine take what it keeps for any work
  const before = await server.memory();
  for (let round = 0; round < 3; round++) await comeBack(position);
  // Who was away for longer than the log is kept, or comes from before a restored backup, starts over: each is told so.
  const forgotten = '00000000-0000-4000-8000-000000000000:1';
  const asked = Array.from({ length: 500 }, () => listen(stream, { 'Last-Event-ID': forgotten }));
  const now = await positionNow();
  for (const listener of await Promise.all(asked)) {
    expect(await listener.until(({ event }) => event === 'resync')).toMatchObject({ id: now, data: { position: now } });
    listener.close();
  }
  while ((await server.metric('pendopo_event_clients')) > 0) await wait(20);
  expect((await server.memory()) - before).toBeLessThan(keptBytes);
});
