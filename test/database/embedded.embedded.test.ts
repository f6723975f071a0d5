import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { openEmbeddedSession } from '../../server/database/embedded_session.ts';
import { transaction } from '../../server/database/transaction.ts';
import { testLocation } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

const location = await testLocation();
const folder = temporaryFolder();

test('a commit is synced to disk', async () => {
  const session = await openEmbeddedSession(join(location.dataDir, 'database'));
  await session.query('create table paper (n int)', []);
  const before = session.syncs;
  for (let n = 0; n < 10; n++) await session.query('insert into paper values ($1)', [n]);
  expect(session.syncs - before).toBeGreaterThanOrEqual(10);
  await session.end();
});

const connection = await connect(location);
const { db } = connection;
afterAll(() => connection.close());

const failure = (query: Promise<unknown>) =>
  query.then(
    () => undefined,
    (error: unknown) => error,
  );

test.each([
  ['deep JSON', () => sql`select ${'['.repeat(100_000) + ']'.repeat(100_000)}::jsonb`.execute(db)],
  ['endless recursion', () => sql`select deeper(1)`.execute(db)],
])('%s is an error, and the database answers truly afterwards', async (_, overflow) => {
  await sql`create or replace function deeper(i int) returns int language plpgsql as $$ begin return deeper(i + 1); end $$`.execute(
    db,
  );
  expect(await failure(overflow())).toMatchObject({ code: '54001' });
  for (let i = 0; i < 5; i++) expect((await sql`select ${i}::int as i`.execute(db)).rows).toStrictEqual([{ i }]);
});

test('a stack overflow takes its transaction along, nobody else', async () => {
  await sql`create table kept (n int)`.execute(db);
  const broken = failure(
    transaction(db, async (trx) => {
      await sql`insert into kept values (1)`.execute(trx);
      await sql`select deeper(1)`.execute(trx);
    }),
  );
  const others = Array.from({ length: 5 }, (_, i) => sql`insert into kept values (${10 + i})`.execute(db));
  expect(await broken).toMatchObject({ code: '54001' });
  await Promise.all(others);
  expect((await sql`select n from kept order by n`.execute(db)).rows).toStrictEqual(
    [10, 11, 12, 13, 14].map((n) => ({ n })),
  );
});

test('who listens hears again after the database was reopened', async () => {
  let rings = 0;
  let rung = Promise.withResolvers<void>();
  const stop = await connection.listen('bell', () => {
    rings++;
    rung.resolve();
  });
  await sql`notify bell`.execute(db);
  await rung.promise;
  rung = Promise.withResolvers();
  await failure(
    transaction(db, (trx) => sql`select count(*) from generate_series(1, 1e12)`.execute(trx), {
      statementTimeoutMs: 200,
    }),
  );
  // Rung by the reopening itself, without anybody asking the database anything.
  await rung.promise;
  rung = Promise.withResolvers();
  await sql`notify bell`.execute(db);
  await rung.promise;
  await stop();
  const before = rings;
  await sql`notify bell`.execute(db);
  expect(rings).toBe(before);
});

test('a folder that holds no database is refused, once', async () => {
  const broken = join(folder, 'database');
  mkdirSync(broken);
  writeFileSync(join(broken, 'PG_VERSION'), '99');
  let lost = 0;
  await expect(openEmbeddedSession(broken, { onLost: () => void lost++ })).rejects.toThrow('embedded database failed');
  // Whoever is told opens it again.
  expect(lost).toBe(0);
});

test('what is asked after closing is refused', async () => {
  await connection.close();
  await expect(sql`select 1`.execute(db)).rejects.toThrow();
  await expect(connection.listen('bell', () => {})).rejects.toThrow();
});
