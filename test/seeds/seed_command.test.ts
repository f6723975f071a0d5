import { expect, test } from 'vitest';
import { startChild } from '../support/child.ts';

const seed = (...args: string[]) => startChild(new URL('../../seeds/cli.ts', import.meta.url), args).ended;

test('what it does not understand it says in words, with how it is asked', async () => {
  const [unknown, tooLarge, help] = await Promise.all([seed('--scal', '1'), seed('--scale', '9'), seed('--help')]);
  expect(unknown).toMatchObject({ code: 1, lines: [] });
  expect(unknown.errors).toMatch(/^Unknown option '--scal'.*\n\nnpm run seed -- /);
  expect(tooLarge).toMatchObject({ code: 1, lines: [] });
  expect(tooLarge.errors).toMatch(/^--scale is a number above 0, at most 8\.\n\nnpm run seed -- /);
  expect(help).toMatchObject({ code: 0, errors: '' });
  expect(help.lines[0]).toMatch(/^npm run seed -- /);
});
