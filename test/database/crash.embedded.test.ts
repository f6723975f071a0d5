import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { startChild } from '../support/child.ts';
import { testLocation } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';

// Killed during its first start: `test/start.embedded.test.ts`.
const openAndWrite = new URL('../support/open_and_write.ts', import.meta.url);
const prepared = await testLocation();

test('killed while writing, it has every row it acknowledged', { timeout: 180_000 }, async () => {
  const random = seededRandom(5);
  let acknowledged = 0;
  for (const _ of [1, 2, 3]) {
    const child = startChild(openAndWrite, [prepared.dataDir]);
    await child.line(/^wrote/);
    await wait(random() * 800);
    const lines = await child.kill();
    acknowledged = Math.max(
      acknowledged,
      ...lines.filter((line) => line.startsWith('wrote')).map((line) => Number(line.slice(6))),
    );
  }
  const connection = await connect(prepared);
  const { rows } = await sql<{ n: number; rows: number }>`select max(n) as n, count(*) as rows from tally`.execute(
    connection.db,
  );
  await connection.close();
  expect(acknowledged).toBeGreaterThan(3);
  // One more may be in: committed, and killed before it could say so.
  expect([acknowledged, acknowledged + 4]).toSatisfy(([least, most]) => rows[0]!.n >= least! && rows[0]!.n <= most!);
  expect(rows[0]!.rows).toBe(rows[0]!.n);
});

test('a second process on the folder is refused, with the folder and the way out', async () => {
  const connection = await connect(prepared);
  const second = await startChild(openAndWrite, [prepared.dataDir, '1']).ended;
  expect(second.code).not.toBe(0);
  expect(second.errors).toContain(prepared.dataDir);
  expect(second.errors).toContain('DATABASE_URL');
  await expect(connect(prepared)).rejects.toThrow('in use by another process');
  expect((await sql`select 1 as one`.execute(connection.db)).rows).toStrictEqual([{ one: 1 }]);
  await connection.close();
  await (await connect(prepared)).close();
});
