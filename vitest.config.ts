import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow_first.ts';

/**
 * What a test needs is in its name: `x.test.ts` no database, `x.db.test.ts` a database (runs on both), `x.embedded.test.ts` and
 * `x.server.test.ts` just that one, `x.either.test.ts` any (its slow work is not the database's: it runs on the server's, without
 * one on the embedded), `x.e2e.test.ts` a browser. The server's run when DATABASE_URL is set.
 */
const { DATABASE_URL } = process.env;

/**
 * Two groups, one after the other, so that both cores of a small machine have work to the end: in a group a worker that has
 * no more of one project takes the next, in the order of their names, and `unit`, with the shortest files, is last.
 * An open embedded database and a browser are large, two of them are enough; of the others several wait for time to pass.
 */
const large = { maxWorkers: 2, sequence: { groupOrder: 0 } };
const small = { maxWorkers: 3, sequence: { groupOrder: 1 } };
const needsMore = ['db', 'embedded', 'server', 'either', 'e2e'].map((kind) => `test/**/*.${kind}.test.ts`);

const dropTemplate = 'test/support/drop_template.ts';
const server = {
  test: {
    name: 'server',
    include: ['db', 'server', 'either'].map((kind) => `test/**/*.${kind}.test.ts`),
    env: { TEST_DB: 'pg' },
    globalSetup: dropTemplate,
    // Files share what they import, as those of the embedded database do: reading it anew took a quarter of the time.
    isolate: false,
    ...small,
  },
};

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...needsMore, 'test/real/**'],
          isolate: false,
          ...small,
        },
      },
      {
        extends: true,
        test: {
          name: 'embedded',
          include: ['db', 'embedded', ...(DATABASE_URL ? [] : ['either'])].map((kind) => `test/**/*.${kind}.test.ts`),
          env: { TEST_DB: 'pglite' },
          // One file after the other in a worker: each open database takes 0.8 GB.
          isolate: false,
          ...large,
        },
      },
      ...(DATABASE_URL ? [{ extends: true as const, ...server }] : []),
      {
        extends: true,
        test: { name: 'real', include: ['test/real/**/*.test.ts'], exclude: needsMore, ...small },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.test.ts'],
          // A test waits for several states, each of which a loaded machine may take long to reach.
          testTimeout: 180_000,
          // A browser on a busy machine may be late once, and the report says so; twice is a fault.
          retry: 1,
          env: { TEST_DB: DATABASE_URL ? 'pg' : 'pglite' },
          globalSetup: ['test/support/build_page.ts', ...(DATABASE_URL ? [dropTemplate] : [])],
          isolate: false,
          ...large,
        },
      },
    ],
  },
});
