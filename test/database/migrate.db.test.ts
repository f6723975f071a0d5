import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { migrate } from '../../server/database/migrate.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();

test('a migrated database is left as it is', async () => {
  const steps: string[] = [];
  const before = await connection.db.selectFrom('migration').selectAll().orderBy('name').execute();
  expect(before.map((row) => `${row.name}.ts`)).toStrictEqual(
    readdirSync(`${import.meta.dirname}/../../migrations`).sort(),
  );
  await migrate(connection, (step) => steps.push(step));
  expect(steps).toStrictEqual([]);
  expect(await connection.db.selectFrom('migration').selectAll().orderBy('name').execute()).toStrictEqual(before);
});

test('a database newer than the program is refused', async () => {
  await connection.db.insertInto('migration').values({ name: '9999_from_tomorrow' }).execute();
  await expect(migrate(connection)).rejects.toThrow('9999_from_tomorrow');
});
