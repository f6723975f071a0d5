import { test } from 'vitest';

/** Registers a test of what only a server database has: privileges, and a second process on one database. */
export function onServer(name: string, run: () => Promise<void>): void {
  if (process.env.TEST_DB === 'pg') test(name, run);
}
