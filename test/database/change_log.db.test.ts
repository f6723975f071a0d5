import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { type Change, changesAfter, position } from '../../server/database/change_log.ts';
import { createLayerTable } from '../../server/database/layer_table.ts';
import { transaction } from '../../server/database/transaction.ts';
import { testDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';

const { connection } = await testDatabase();
const { db } = connection;
const rowCount = 40;

beforeAll(async () => {
  await transaction(db, (trx) => createLayerTable(trx, { id: 'hot_row', geometry: 'Point', columns: ['speed int'] }));
  await sql`insert into hot_row (speed) select 0 from generate_series(1, ${rowCount}::int)`.execute(db);
});

/** What a committed transaction did, in its order: the versions each statement made. */
interface Committed {
  xid: string;
  statements: { op: 'update' | 'insert'; versions: Map<number, number> }[];
}

class RolledBack extends Error {}

/** One transaction over hot rows: several statements, a savepoint that may be undone, a delay, perhaps a rollback. */
async function writeOnce(random: () => number): Promise<Committed> {
  return transaction(db, async (trx) => {
    const statements: Committed['statements'] = [];
    const touch = async (target: typeof trx, keep: boolean) => {
      const first = 1 + Math.floor(random() * rowCount);
      const many = random() < 0.2 ? 5 : 1;
      // Locks in id order, so that the writers cannot deadlock over rows; what is tested is the log.
      const { rows } = await sql<{ id: number; version: number }>`
        with chosen as materialized (select id from hot_row where id between ${first} and ${first + many - 1} order by id for update)
        update hot_row set speed = speed + 1 from chosen where hot_row.id = chosen.id returning hot_row.id, version`.execute(
        target,
      );
      if (keep && rows.length > 0)
        statements.push({ op: 'update', versions: new Map(rows.map((row) => [row.id, row.version])) });
    };
    await touch(trx, true);
    await wait(random() * 8);
    if (random() < 0.3) {
      await sql`savepoint half`.execute(trx);
      const { rows } = await sql<{
        id: number;
        version: number;
      }>`insert into hot_row (speed) values (1), (2) returning id, version`.execute(trx);
      if (random() < 0.5) await sql`rollback to savepoint half`.execute(trx);
      else statements.push({ op: 'insert', versions: new Map(rows.map((row) => [row.id, row.version])) });
    }
    if (random() < 0.2) throw new RolledBack();
    const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(trx);
    return { xid: rows[0]!.xid, statements };
  });
}

/** Reads the log as it grows, by doorbell and poll, until told that nothing more will come. */
function follow(from: number) {
  const seen: Change[] = [];
  let last = from;
  let rings = 0;
  let stopped = false;
  const read = async (): Promise<boolean> => {
    const changes = await changesAfter(db, last, 7);
    seen.push(...changes);
    last = changes.at(-1)?.seq ?? last;
    return changes.length > 0;
  };
  const done = (async () => {
    const unlisten = await connection.listen('change', () => rings++);
    while ((await read()) || !stopped) await wait(3);
    await unlisten();
    return { seen, rings };
  })();
  return { done, stop: () => (stopped = true) };
}

test('concurrent writers, rollbacks and savepoints: every commit once, in one order, versions in sequence', async () => {
  const start = await position(db);
  const followers = [follow(start.seq), follow(start.seq)];
  const committed = new Map<string, Committed>();
  let rolledBack = 0;
  const writers = Array.from({ length: 8 }, async (_, seed) => {
    const random = seededRandom(seed + 1);
    for (let i = 0; i < 25; i++) {
      try {
        const result = await writeOnce(random);
        committed.set(result.xid, result);
      } catch (error) {
        // The short locks of several rows can still meet; a deadlock is a rollback like another.
        if (!(error instanceof RolledBack) && !(error instanceof Error && 'code' in error && error.code === '40P01'))
          throw error;
        rolledBack++;
      }
    }
  });
  await Promise.all(writers);
  for (const follower of followers) follower.stop();
  const [first, second] = await Promise.all(followers.map((follower) => follower.done));
  expect(rolledBack).toBeGreaterThan(5);
  expect(first!.rings).toBeGreaterThan(0);
  expect(second!.seen).toStrictEqual(first!.seen);

  // The log is exactly what was committed: per transaction the same statements in the same order, and no other transaction.
  const log = first!.seen;
  const byTransaction = Map.groupBy(log, (change) => change.xid);
  expect(new Set(byTransaction.keys())).toStrictEqual(
    new Set([...committed.values()].filter((c) => c.statements.length > 0).map((c) => c.xid)),
  );
  const versions = new Map<number, number>();
  for (let i = 0; i < log.length; ) {
    const { xid } = log[i]!;
    for (const { op, versions: made } of committed.get(xid)!.statements) {
      const change = log[i++]!;
      // A transaction's changes are not torn apart by another's.
      expect(change).toMatchObject({ xid, layer: 'hot_row', op, ids: [...made.keys()].sort((a, b) => a - b) });
      for (const [id, version] of made) {
        expect(version).toBe((versions.get(id) ?? (op === 'insert' ? 0 : 1)) + 1);
        versions.set(id, version);
      }
    }
  }
  const { rows } = await sql<{
    id: number;
    version: number;
  }>`select id, version from hot_row where id in (select unnest(ids) from change where seq > ${start.seq})`.execute(db);
  expect(versions).toStrictEqual(new Map(rows.map((row) => [row.id, row.version])));
  expect(await changesAfter(db, start.seq, 100_000)).toStrictEqual(log);
  expect(await position(db)).toStrictEqual({ epoch: start.epoch, seq: log.at(-1)!.seq });
});

test('in one snapshot the position and the rows agree', async () => {
  const random = seededRandom(99);
  let writing = true;
  const writer = (async () => {
    while (writing)
      await writeOnce(random).catch((error) => {
        if (!(error instanceof RolledBack)) throw error;
      });
  })();
  const snapshots = [];
  for (let i = 0; i < 20; i++) {
    await wait(2);
    snapshots.push(
      await transaction(
        db,
        async (trx) => {
          const at = await position(trx);
          await wait(5);
          const { rows } = await sql<{
            id: number;
            version: number;
          }>`select id, version from hot_row order by id`.execute(trx);
          return { at, rows, again: await position(trx) };
        },
        { isolation: 'repeatable read' },
      ),
    );
  }
  writing = false;
  await writer;
  // Replayed from one snapshot's position to the next, the log gives exactly the next snapshot's versions.
  for (const [i, { at, rows, again }] of snapshots.entries()) {
    expect(again).toStrictEqual(at);
    const next = snapshots[i + 1];
    if (!next) break;
    const versions = new Map(rows.map((row) => [row.id, row.version]));
    for (const change of (await changesAfter(db, at.seq, 100_000)).filter(({ seq }) => seq <= next.at.seq)) {
      for (const id of change.ids) versions.set(id, (versions.get(id) ?? 0) + 1);
    }
    expect(versions).toStrictEqual(new Map(next.rows.map((row) => [row.id, row.version])));
  }
  expect(snapshots.at(-1)!.at.seq).toBeGreaterThan(snapshots[0]!.at.seq);
});

test('nothing is in the log before its commit', async () => {
  const before = await position(db);
  await transaction(db, async (trx) => {
    await sql`update hot_row set speed = 7 where id = 1`.execute(trx);
    expect(await position(trx)).toStrictEqual(before);
    expect(await changesAfter(trx, before.seq, 10)).toStrictEqual([]);
  });
  expect(await changesAfter(db, before.seq, 10)).toMatchObject([{ op: 'update', ids: [1] }]);
});
