import { readdir } from 'node:fs/promises';
import { type Kysely, sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { changeDays, changesAfter, position } from '../../server/database/change_log.ts';
import { connect, type Database } from '../../server/database/connect.ts';
import { keepPartitions } from '../../server/database/partitions.ts';
import { transaction } from '../../server/database/transaction.ts';
import { testLocation } from '../support/database.ts';

const location = await testLocation({ migrated: false });
const connection = await connect(location);
const { db } = connection;
afterAll(() => connection.close());

/** Runs the migrations whose names lie between two, as `migrate` does. */
async function migrateBetween(from: string, to: string): Promise<void> {
  const folder = new URL('../../migrations/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => file >= from && file < to).toSorted();
  await transaction(db, async (trx) => {
    for (const file of files) {
      const step: { up(db: Kysely<Database>): Promise<void> } = await import(new URL(file, folder).href);
      await step.up(trx);
    }
  });
}

test('a log from before the partitions goes on with every change, number and position it had', async () => {
  await migrateBetween('0001', '0030');
  for (let n = 0; n < 5; n++) await sql`insert into streetlight (pole) values (${`p${n}`}), (${`q${n}`})`.execute(db);
  await sql`update change set at = at - n * interval '1 day'`.execute(db);
  const before = { position: await position(db), changes: await changesAfter(db, 0, 100) };
  expect(before.changes.length).toBe(5);

  await migrateBetween('0030', '0031');
  expect(await position(db)).toEqual(before.position);
  expect(await changesAfter(db, 0, 100)).toEqual(before.changes);
  await keepPartitions(db, changeDays(7));
  expect(await position(db)).toEqual(before.position);
  expect(await changesAfter(db, 0, 100)).toEqual(before.changes);

  await sql`update streetlight set status = 'ok'`.execute(db);
  const [next] = await changesAfter(db, before.position.seq, 100);
  expect(next).toMatchObject({ op: 'update', layer: 'streetlight', seq: before.position.seq + 1 });

  // Kept for two days: the three oldest leave, and what is left says so.
  await keepPartitions(db, changeDays(2));
  const left = await changesAfter(db, 0, 100);
  expect(left.map(({ seq }) => seq)).toEqual([...before.changes.slice(0, 2).map(({ seq }) => seq), next!.seq]);
  const { rows } = await sql<{ pruned: number }>`select pruned_seq as pruned from change_log`.execute(db);
  expect(rows[0]!.pruned).toBe(before.changes.at(-1)!.seq);
});

test('a long transaction makes the tidying wait for another time', async () => {
  const other = await connect(location);
  const old = async () => {
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from change where at < now() - interval '9 days'`.execute(other.db);
    return rows[0]!.n;
  };
  await sql`update change set at = at - interval '30 days'`.execute(db);
  expect(await old()).toBe(3);
  await transaction(db, async (trx) => {
    await sql`update streetlight set status = 'unknown'`.execute(trx);
    await keepPartitions(other.db, changeDays(2));
    expect(await old()).toBe(3);
  });
  await keepPartitions(other.db, changeDays(2));
  expect(await old()).toBe(0);
  expect((await changesAfter(other.db, 0, 100)).length).toBe(1);
  await other.close();
});
