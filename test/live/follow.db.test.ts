import { setTimeout as wait } from 'node:timers/promises';
import { sql, type Transaction } from 'kysely';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { changeDays, changesAfter, position } from '../../server/database/change_log.ts';
import type { Connection, Database } from '../../server/database/connect.ts';
import { DatabaseError } from '../../server/database/database_error.ts';
import { keepPartitions } from '../../server/database/partitions.ts';
import { transaction } from '../../server/database/transaction.ts';
import { LiveCopy } from '../../server/live/copy.ts';
import { follow } from '../../server/live/follower.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { startChild } from '../support/child.ts';
import { testDatabase } from '../support/database.ts';
import { pictureHash } from '../support/picture.ts';
import { seededRandom } from '../support/random.ts';
import { insertLawful, randomRow } from '../support/rows.ts';
import { placesOf } from '../tiles/places.ts';

const { connection, name } = await testDatabase();
const { db } = connection;
const ids = ['streetlight', 'complaint', 'flood_zone', 'siren'];
const layers = (await layerFiles()).filter(({ id }) => ids.includes(id));
const silent = pino({ level: 'silent' });
const random = seededRandom(11);
for (const layer of layers)
  await insertLawful(
    db,
    layer,
    placesOf(layer.geometry, random, 60).map((place) => randomRow(layer, random, place)),
  );

class RolledBack extends Error {}

/** One statement over some rows of a layer; locks in id order, so that writers rarely deadlock. */
async function change(trx: Transaction<Database>, random: () => number): Promise<void> {
  const id = ids[Math.floor(random() * 3)]!; // sirens mark the end
  const table = sql.table(id);
  const layer = layers.find((each) => each.id === id)!;
  const first = Math.floor(random() * 60);
  const some = sql`id in (select id from ${table} where id between ${first} and ${first + Math.floor(random() * 6)} order by id for update)`;
  const what = random();
  if (what < 0.3) await sql`update ${table} set observed_at = now() where ${some}`.execute(trx);
  else if (what < 0.5)
    await sql`update ${table} set geom = st_translate(geom, 0, 0.0001) where ${some} and abs(st_ymin(geom)) < 80`.execute(
      trx,
    );
  else if (what < 0.6) await sql`delete from ${table} where ${some} and id % 7 = 0`.execute(trx);
  else {
    const rows = placesOf(layer.geometry, random, 1 + Math.floor(random() * 3)).map((place) =>
      randomRow(layer, random, place),
    );
    await insertLawful(trx, layer, rows.slice(0, 1));
  }
}

/** A transaction with delays, savepoints inside savepoints, some undone, and sometimes all of it. */
async function write(random: () => number): Promise<void> {
  await transaction(db, async (trx) => {
    await change(trx, random);
    await wait(random() * 6);
    await sql`savepoint outer_one`.execute(trx);
    await change(trx, random);
    await sql`savepoint inner_one`.execute(trx);
    await change(trx, random);
    if (random() < 0.4) await sql`rollback to savepoint inner_one`.execute(trx);
    await wait(random() * 4);
    if (random() < 0.3) await sql`rollback to savepoint outer_one`.execute(trx);
    if (random() < 0.2) throw new RolledBack();
  });
}

/** What a writer may meet: its own rollback, a row that breaks a rule, a deadlock. Each is a rollback like another. */
function isRollback(error: unknown): boolean {
  return error instanceof RolledBack || (error instanceof DatabaseError && /^(23514|25P02|40P01)$/.test(error.code));
}

/** Every writer of the file has random numbers of its own: codes must not come twice. */
let seeds = 100;

async function writeAll(writers: number, each: number): Promise<{ committed: number; rolledBack: number }> {
  let committed = 0;
  let rolledBack = 0;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      const random = seededRandom(seeds++);
      for (let i = 0; i < each; i++) {
        try {
          await write(random);
          committed++;
        } catch (error) {
          if (!isRollback(error)) throw error;
          rolledBack++;
        }
      }
    }),
  );
  return { committed, rolledBack };
}

/** A live copy in this process that notes what it is told. */
async function copy(of: Connection) {
  const live = new LiveCopy(of);
  await live.load(layers);
  const seen: object[] = [];
  let reloads = 0;
  live.watch({
    advanced: ({ changes }) => void seen.push(...changes.map(({ at: _, ...change }) => change)),
    reloaded: () => void reloads++,
  });
  const follower = await follow(of, live, silent);
  return { live, seen, follower, reloads: () => reloads };
}

test('sixteen writers: every copy sees each committed change once, in one order, and ends as the tables are', async () => {
  const start = await position(db);
  const copies = [await copy(connection), await copy(connection)];
  // Only a server lets other processes in.
  const url =
    connection.kind === 'server'
      ? Object.assign(new URL(process.env.DATABASE_URL!), { pathname: `/${name}` }).href
      : undefined;
  const script = new URL('../support/follow_and_tell.ts', import.meta.url);
  const children = url ? [startChild(script, [url, ids.join()]), startChild(script, [url, ids.join()])] : [];
  await Promise.all(children.map((child) => child.line(/^following/)));

  const { committed, rolledBack } = await writeAll(16, 12);
  expect(committed).toBeGreaterThan(50);
  expect(rolledBack).toBeGreaterThan(20);
  await sql`update siren set observed_at = now()`.execute(db);

  const log = (await changesAfter(db, start.seq, 100_000)).map(({ at: _, ...change }) => change);
  expect(log.length).toBeGreaterThan(150);
  const fresh = new LiveCopy(connection);
  await fresh.load(layers);
  for (const { live, seen, follower } of copies) {
    await follower.catchUp();
    await follower.stop();
    expect(seen).toStrictEqual(log);
    expect(pictureHash(live)).toBe(pictureHash(fresh));
    expect(live.position).toBe(fresh.position);
  }
  for (const child of children) {
    const { code, lines } = await child.ended;
    expect(code).toBe(0);
    const told = lines.filter((line) => line.startsWith('change ')).map((line) => JSON.parse(line.slice(7)));
    expect(told).toStrictEqual(log);
    expect(lines.at(-1)).toBe(`picture ${pictureHash(fresh)}`);
  }
});

test('between two steps the copy is the database at its position', async () => {
  const { live, follower } = await copy(connection);
  const at: { position: string; picture: string }[] = [];
  live.watch({ advanced: () => at.push({ position: live.position, picture: pictureHash(live) }), reloaded() {} });
  let writing = true;
  const writers = writeAll(4, 10).finally(() => {
    writing = false;
  });
  // Loaded from a snapshot at some position: a copy that passed the same position must have looked the same.
  const snapshots: { position: string; picture: string }[] = [];
  while (writing) {
    const fresh = new LiveCopy(connection);
    await fresh.load(layers);
    snapshots.push({ position: fresh.position, picture: pictureHash(fresh) });
  }
  await writers;
  await follower.catchUp();
  await follower.stop();
  const shared = snapshots.flatMap(({ position, picture }) => {
    const same = at.find((each) => each.position === position);
    return same ? [{ ours: same.picture, theirs: picture }] : [];
  });
  expect(shared.length).toBeGreaterThan(0);
  for (const { ours, theirs } of shared) expect(ours).toBe(theirs);
});

test('without a single notification it follows all the same', async () => {
  // The database still rings; nobody hears it.
  const deaf: Connection = { ...connection, listen: async () => async () => {} };
  const { live, follower } = await copy(deaf);
  await writeAll(4, 3);
  const { seq } = await position(db);
  const asked = vi.spyOn(live, 'advance');
  while (live.seq < seq) await wait(20);
  // What is committed is in the second poll at the latest: one may have been under way. Each poll asks until there is no more.
  const steps = await Promise.all(asked.mock.results.map(({ value }) => value));
  expect(steps.filter(({ state }) => state === 'done').length).toBeLessThanOrEqual(2);
  const fresh = new LiveCopy(connection);
  await fresh.load(layers);
  expect(pictureHash(live)).toBe(pictureHash(fresh));
  await follower.stop();
});

test('a copy that slept longer than the log is kept is loaded anew; one that did not goes on', async () => {
  const sleeper = new LiveCopy(connection);
  await sleeper.load(layers);
  await writeAll(4, 4);
  await sleeper.keep('streetlight', ['agency']);
  // As if all of that had been nine days ago; what follows is of today.
  await sql`update change set at = at - interval '9 days'`.execute(db);
  const awake = new LiveCopy(connection);
  await awake.load(layers);
  await writeAll(4, 4);
  await keepPartitions(db, changeDays(7));

  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relname like 'change_%' and relkind = 'r' order by 1`.execute(db);
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  expect(rows.map((row) => row.name)).toContain(`change_${today}`);
  expect(rows.filter(({ name }) => /^change_\d/.test(name) && name < `change_${today}`)).toEqual([]);
  const { rows: rest } = await sql<{ n: number }>`select count(*)::int as n from change_rest`.execute(db);
  expect(rest[0]!.n).toBe(0);

  const reloads = { sleeper: 0, awake: 0 };
  sleeper.watch({ advanced() {}, reloaded: () => void reloads.sleeper++ });
  awake.watch({ advanced() {}, reloaded: () => void reloads.awake++ });
  const fresh = new LiveCopy(connection);
  await fresh.load(layers);
  for (const live of [sleeper, awake]) {
    if (live === sleeper) await fresh.keep('streetlight', ['agency']);
    if (live === awake) await live.keep('streetlight', ['agency']);
    const follower = await follow(connection, live, silent);
    await follower.catchUp();
    expect(live.position).toBe(fresh.position);
    expect(pictureHash(live)).toBe(pictureHash(fresh));
    await follower.stop();
  }
  expect(reloads).toEqual({ sleeper: 1, awake: 0 });

  // And the log goes on after the cut.
  const before = await position(db);
  await sql`update siren set observed_at = now()`.execute(db);
  expect((await changesAfter(db, before.seq, 10)).map(({ layer }) => layer)).toEqual(['siren']);
});
