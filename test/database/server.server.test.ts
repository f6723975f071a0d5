import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';
import { transaction } from '../../server/database/transaction.ts';
import { startChild } from '../support/child.ts';
import { testDatabase, testLocation } from '../support/database.ts';

const openAndWrite = new URL('../support/open_and_write.ts', import.meta.url);
const empty = await testLocation({ migrated: false });
const { connection, name } = await testDatabase();
const { db } = connection;
const other = await connect(empty);
afterAll(() => other.close());

const killOthers = sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;

test('two processes migrating one database at once both succeed, each step ran once', async () => {
  const children = [1, 2, 3].map(() => startChild(openAndWrite, [empty.databaseUrl!, '0']));
  for (const { code, errors } of await Promise.all(children.map((child) => child.ended)))
    expect({ code, errors }).toStrictEqual({ code: 0, errors: '' });
  const steps: string[] = [];
  await migrate(other, (step) => steps.push(step));
  expect(steps).toStrictEqual([]);
});

test('a transaction whose connection is cut fails whole; what follows works', async () => {
  await sql`create table account (n int)`.execute(db);
  const cut = transaction(db, async (trx) => {
    await sql`insert into account values (1)`.execute(trx);
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
    await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(other.db);
    await sql`select pg_sleep(0.2)`.execute(trx).catch(() => {});
    await sql`insert into account values (2)`.execute(trx);
  });
  await expect(cut).rejects.toMatchObject({ name: 'DatabaseError', code: '08006' });
  expect((await sql`select n from account`.execute(db)).rows).toStrictEqual([]);
});

test('idle connections that were cut are replaced', async () => {
  await Promise.all(Array.from({ length: 10 }, () => sql`select pg_sleep(0.05)`.execute(db)));
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`.execute(other.db);
  // The first to notice may fail, as the cut can be found out only by using the connection; none of them hangs.
  await Promise.allSettled(Array.from({ length: 10 }, () => sql`select 1`.execute(db)));
  expect(
    (await Promise.all(Array.from({ length: 10 }, (_, i) => sql`select ${i}::int as i`.execute(db)))).map(
      (r) => r.rows,
    ),
  ).toHaveLength(10);
});

test('who listens hears again after the connection was cut', async () => {
  let rung = Promise.withResolvers<void>();
  const stop = await connection.listen('bell', () => rung.resolve());
  await sql`notify bell`.execute(db);
  await rung.promise;
  rung = Promise.withResolvers();
  await killOthers.execute(db);
  await rung.promise;
  rung = Promise.withResolvers();
  await sql`notify bell`.execute(db);
  await rung.promise;
  await stop();
});

test('more different statements than a session remembers', async () => {
  for (let i = 0; i < 600; i++) await sql`select ${sql.lit(i)}::int as i`.execute(db);
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_prepared_statements`.execute(db);
  expect(rows[0]!.n).toBeLessThan(502);
});

test('a server that is not there is named', async () => {
  await expect(connect({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none', dataDir: '' })).rejects.toThrow(
    '127.0.0.1:1 (DATABASE_URL) does not answer',
  );
});
