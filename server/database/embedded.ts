import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Kysely, sql } from 'kysely';
import type { Connection, Database } from './connect.ts';
import { dialect } from './dialect.ts';
import { lockDirectory } from './directory_lock.ts';
import { syncFolder } from './durable_files.ts';
import { openEmbeddedSession } from './embedded_session.ts';
import { listenTo } from './session.ts';
import { SessionPool } from './session_pool.ts';
import { transactionScope } from './transaction.ts';

const vacuumEveryMs = 10 * 60_000;

/**
 * Opens the embedded database in the folder `dataDir`, making it the first time (some seconds).
 * @throws Error when another process has the folder
 */
export async function connectEmbedded(
  dataDir: string,
  onProgress: (message: string) => void = () => {},
): Promise<Connection> {
  mkdirSync(dataDir, { recursive: true });
  const unlock = await lockDirectory(dataDir);
  const directory = join(dataDir, 'database');
  const listeners = new Map<string, Set<() => void>>();
  let closing = false;

  const ring = (channel: string): void => {
    for (const listener of listeners.get(channel) ?? []) listener();
  };
  const pool = new SessionPool(async () => {
    const opened = await openEmbeddedSession(directory, {
      onNotify: ring,
      // Somebody listening must not wait for the next statement to hear again.
      onLost: () => !closing && transactionScope.exit(() => void sql`select 1`.execute(db).catch(() => {})), // else the next statement opens it
    });
    try {
      for (const channel of listeners.keys()) await opened.query(listenTo(channel), []);
    } catch (error) {
      // Left running, it would share the folder with its successor.
      await opened.end();
      throw error;
    }
    // Nothing at the first opening: nobody listens yet.
    for (const channel of listeners.keys()) ring(channel);
    return opened;
  }, 1);
  const db = new Kysely<Database>({ dialect: dialect(pool) });
  const vacuuming = setInterval(() => void vacuum(db).catch(() => {}), vacuumEveryMs).unref(); // the next round tries again

  try {
    if (!existsSync(directory)) await create(directory, onProgress);
    await sql`select 1`.execute(db);
  } catch (error) {
    clearInterval(vacuuming);
    await unlock();
    throw error;
  }
  return {
    db,
    kind: 'embedded',
    async listen(channel, onNotify) {
      const ofChannel = listeners.get(channel) ?? new Set();
      listeners.set(channel, ofChannel.add(onNotify));
      await sql.raw(listenTo(channel)).execute(db);
      return async () => void ofChannel.delete(onNotify);
    },
    async close() {
      closing = true;
      clearInterval(vacuuming);
      await db.destroy();
      await unlock();
    },
  };
}

/** Makes the database beside its place and moves it there whole: killed half way, it would never open again. */
async function create(directory: string, onProgress: (message: string) => void): Promise<void> {
  onProgress('creating the embedded database');
  const unfinished = `${directory}.tmp`;
  rmSync(unfinished, { recursive: true, force: true });
  const session = await openEmbeddedSession(unfinished);
  await transactionScope.run({ statementTimeoutMs: 0, inside: false }, async () => {
    await session.query('create extension postgis', []);
    await session.query('create extension pg_trgm', []);
  });
  await session.end();
  renameSync(unfinished, directory);
  syncFolder(dirname(directory));
}

/** Does the work of autovacuum, which never runs in the embedded database. */
async function vacuum(db: Kysely<Database>): Promise<void> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ name: string }>`
    select schemaname || '.' || relname as name from pg_stat_user_tables where n_dead_tup > 1000 or n_mod_since_analyze > 1000`.execute(
    db,
  );
  for (const { name } of rows) {
    await transactionScope.run({ statementTimeoutMs: 0, inside: false }, () =>
      sql`vacuum (analyze) ${sql.table(name)}`.execute(db),
    );
  }
}
