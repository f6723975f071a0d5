import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { transaction } from '../../server/database/transaction.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { db } = connection;

beforeAll(async () => {
  await sql`create table note (id int primary key, body text)`.execute(db);
});
const count = async () => (await sql<{ n: number }>`select count(*) as n from note`.execute(db)).rows[0]!.n;
const add = (id: number) => sql`insert into note values (${id}, 'x')`;

test('commits what resolves, rolls back what throws', async () => {
  const before = await count();
  await transaction(db, (trx) => add(1).execute(trx));
  await expect(
    transaction(db, async (trx) => {
      await add(2).execute(trx);
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  expect(await count()).toBe(before + 1);
});

test('the outer handle is out of bounds inside', async () => {
  await expect(transaction(db, () => add(3).execute(db))).rejects.toThrow('outer database handle');
  expect((await sql`select 1 from note where id = 3`.execute(db)).rows).toStrictEqual([]);
});

test('a swallowed error does not look like a commit', async () => {
  const swallowed = transaction(db, async (trx) => {
    await add(4).execute(trx);
    await sql`select 1 / 0`.execute(trx).catch(() => {});
  });
  await expect(swallowed).rejects.toMatchObject({ code: '25P02' });
  expect((await sql`select 1 from note where id = 4`.execute(db)).rows).toStrictEqual([]);
});

test('a deferred failure at commit is reported and leaves a usable database', async () => {
  await sql`create table pair (id int primary key, other int references pair deferrable initially deferred)`.execute(
    db,
  );
  await expect(transaction(db, (trx) => sql`insert into pair values (1, 2)`.execute(trx))).rejects.toMatchObject({
    code: '23503',
    table: 'pair',
  });
  expect((await sql`select * from pair`.execute(db)).rows).toStrictEqual([]);
});

test('isolation is what was asked for', async () => {
  const isolation = (asked: 'read committed' | 'repeatable read') =>
    transaction(
      db,
      async (trx) =>
        (await sql<{ is: string }>`select current_setting('transaction_isolation') as is`.execute(trx)).rows[0]!.is,
      { isolation: asked },
    );
  expect(await isolation('repeatable read')).toBe('repeatable read');
  expect(await isolation('read committed')).toBe('read committed');
});

test('many at once all come through', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => transaction(db, (trx) => add(1000 + i).execute(trx))));
  expect((await sql`select 1 from note where id >= 1000`.execute(db)).rows).toHaveLength(40);
});

test('a statement over its limit ends, alone, and the session after it works', async () => {
  const endless = transaction(db, (trx) => sql`select count(*) from generate_series(1, 1e12)`.execute(trx), {
    statementTimeoutMs: 300,
  });
  const queued = Array.from({ length: 12 }, (_, i) => sql`select ${i}::int as i`.execute(db));
  await expect(endless).rejects.toMatchObject({ code: '57014' });
  expect((await Promise.all(queued)).flatMap((result) => result.rows)).toStrictEqual(
    Array.from({ length: 12 }, (_, i) => ({ i })),
  );
});

test('after a lost statement the rest of its transaction is refused, not run alone', async () => {
  const results: unknown[] = [];
  const broken = transaction(
    db,
    async (trx) => {
      await add(50).execute(trx);
      await sql`select count(*) from generate_series(1, 1e12)`.execute(trx).catch((error) => results.push(error.code));
      await add(51).execute(trx);
    },
    { statementTimeoutMs: 300 },
  );
  await expect(broken).rejects.toMatchObject({ name: 'DatabaseError' });
  expect(results).toStrictEqual(['57014']);
  expect((await sql`select id from note where id in (50, 51)`.execute(db)).rows).toStrictEqual([]);
});

test('streams in portions, alone and inside a transaction', async () => {
  await sql`insert into note select i, 'y' from generate_series(2001, 4500) as i`.execute(db);
  const typed = db.withTables<{ note: { id: number; body: string } }>();
  const read = async (from: typeof typed) => {
    let rows = 0;
    for await (const row of from.selectFrom('note').select('id').where('body', '=', 'y').stream(1000))
      rows += row.id > 2000 ? 1 : 0;
    return rows;
  };
  expect(await read(typed)).toBe(2500);
  expect(await transaction(typed, (trx) => read(trx))).toBe(2500);
  for await (const _ of typed.selectFrom('note').select('id').stream(10)) break;
  expect(await count()).toBeGreaterThan(2500);
});
