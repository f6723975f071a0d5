import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = process.env.REAL_DATA ?? join(import.meta.dirname, '../../../shared/data');

/** The path of a file of the real data, which are not part of this repository. */
export function realData(file: string): string {
  return join(folder, file);
}

/**
 * A test that needs real data; where they are not, it is skipped and its name says why. With NOTHING_SKIPPED and a
 * REAL_DATA that says where they are, as in CI, it fails instead.
 */
export function realTest(name: string, files: readonly string[], run: () => Promise<void> | void): void {
  whereReal(name, files, () => test(name, run));
}

/** The same for a test that is registered in another way, one in a browser for instance. */
export function whereReal(name: string, files: readonly string[], register: () => void): void {
  const missing = files.map(realData).find((file) => !existsSync(file));
  const reason = `real data not found at ${missing} (set REAL_DATA)`;
  if (missing === undefined) register();
  else if (process.env.NOTHING_SKIPPED && process.env.REAL_DATA) test(name, () => expect.fail(reason));
  else test.skip(`${name} (skipped: ${reason})`, () => {});
}
