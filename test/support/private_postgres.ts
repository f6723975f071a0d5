import { execFile } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from './folder.ts';

const run = promisify(execFile);
const script = new URL('../../.ci/postgres', import.meta.url).pathname;
const reason = 'no PostgreSQL is installed on this machine: apt-get install postgresql-15-postgis-3';

/** A PostgreSQL that a test may restart without hurting another. */
export interface PrivatePostgres {
  readonly databaseUrl: string;
  /** Cuts everybody off; `immediate` is as after a crash: it recovers from its log. Resolves when it answers again. */
  readonly restart: (how: 'fast' | 'immediate') => Promise<void>;
}

type PostgresTest = (name: string, timeout: number, run: (postgres: PrivatePostgres) => Promise<void>) => void;

/**
 * The `test` of a file with a PostgreSQL of its own, which ends with the file. Where none is installed each test is
 * skipped and its name says why; with NOTHING_SKIPPED, as in CI, it fails.
 */
export async function privatePostgresTests(): Promise<PostgresTest> {
  if (process.env.PG_BIN === undefined && !existsSync('/usr/lib/postgresql')) {
    if (process.env.NOTHING_SKIPPED) return (name) => test(name, () => expect.fail(reason));
    return (name) => test.skip(`${name} (skipped: ${reason})`, () => {});
  }
  const parent = temporaryFolder();
  chmodSync(parent, 0o711); // the user postgres must reach its own folder inside
  const folder = join(parent, 'cluster');
  const { stdout } = await run(script, ['start', folder]);
  afterAll(() => run(script, ['stop', folder]));
  const postgres: PrivatePostgres = {
    databaseUrl: stdout.trim(),
    restart: async (how) => void (await run(script, ['restart', folder, how])),
  };
  return (name, timeout, body) => test(name, { timeout }, () => body(postgres));
}
