import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { generators } from '../../seeds/jember/generators.ts';
import { connect } from '../../server/database/connect.ts';
import { startChild } from '../support/child.ts';
import { testLocation } from '../support/database.ts';

const { databaseUrl = '', dataDir } = await testLocation();
const seed = (...args: string[]) =>
  startChild(new URL('../../seeds/cli.ts', import.meta.url), args, { DATABASE_URL: databaseUrl, DATA_DIR: dataDir })
    .ended;

test('what it does not understand it says in words, with how it is asked', async () => {
  const [unknown, tooLarge, help] = await Promise.all([seed('--scal', '1'), seed('--scale', '9'), seed('--help')]);
  expect(unknown).toMatchObject({ code: 1, lines: [] });
  expect(unknown.errors).toMatch(/^Unknown option '--scal'.*\n\nnpm run seed -- /);
  expect(tooLarge).toMatchObject({ code: 1, lines: [] });
  expect(tooLarge.errors).toMatch(/^--scale is a number above 0, at most 8\.\n\nnpm run seed -- /);
  expect(help).toMatchObject({ code: 0, errors: '' });
  expect(help.lines[0]).toMatch(/^npm run seed -- /);
});

test('where all was filled before, it says so and how to fill it anew', async () => {
  const { db, close } = await connect({ databaseUrl: databaseUrl || undefined, dataDir });
  for (const layer of generators.keys())
    await sql`insert into seeded (layer, scale) values (${layer}, 0.1)`.execute(db);
  await close();
  const { code, lines, errors } = await seed('--scale', '1');
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(lines.at(-1)).toMatch(/^The demo regency is filled already; nothing was changed\. To fill it anew, /);
});
