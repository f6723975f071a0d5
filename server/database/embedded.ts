import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { makeDataFolder } from '../make_data_folder.ts';
import { step } from '../step.ts';
import type { Connection, ConnectOptions, Database } from './connect.ts';
import { toDatabaseError } from './database_error.ts';
import { dialect } from './dialect.ts';
import { lockDirectory } from './directory_lock.ts';
import { syncFolder } from './durable_files.ts';
import { openEmbeddedSession } from './embedded_session.ts';
import { listenTo, type Session } from './session.ts';
import { SessionPool } from './session_pool.ts';
import { transactionScope } from './transaction.ts';

const vacuumEveryMs = 10 * 60_000;

/**
 * Opens the embedded database in the folder `dataDir`, making it the first time (some seconds).
 * @throws Error that names the folder and what to do: no database though it `mustExist`, another process has it, it cannot be written, what is in it does not open
 */
export async function connectEmbedded({
  dataDir,
  mustExist = false,
  onProgress = () => {},
}: ConnectOptions): Promise<Connection> {
  const directory = join(dataDir, 'database');
  if (mustExist && !existsSync(directory))
    throw new Error(`There is no database in ${dataDir}: set DATA_DIR (or DATABASE_URL) as for the server.`);
  makeDataFolder(dataDir);
  const unlock = await lockDirectory(dataDir);
  const listeners = new Map<string, Set<() => void>>();
  let serving = false;

  const ring = (channel: string): void => {
    for (const listener of listeners.get(channel) ?? []) listener();
  };
  const open = async (): Promise<Session> => {
    const opened = await openEmbeddedSession(directory, {
      onNotify: ring,
      // Somebody listening must not wait for the next statement to hear again.
      onLost: () => serving && transactionScope.exit(() => void sql`select 1`.execute(db).catch(() => {})), // else the next statement opens it
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
  };
  const openFirst = async (): Promise<Session> => {
    try {
      if (!existsSync(directory)) await step(onProgress, 'creating the embedded database', () => create(directory));
      if (!statSync(directory).isDirectory()) throw new Error('it is a file, not a folder');
      return await step(onProgress, 'opening the embedded database', open);
    } catch (error) {
      await unlock();
      throw cannotOpen(directory, error);
    }
  };
  // Before there is a pool: in it nobody waits longer than 30 s, and on a busy machine the first opening may take that.
  const first = await openFirst();
  const db = new Kysely<Database>({ dialect: dialect(new SessionPool(open, 1, first)) });
  const vacuuming = setInterval(() => void vacuum(db).catch(() => {}), vacuumEveryMs).unref(); // the next round tries again
  serving = true;
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
      serving = false;
      clearInterval(vacuuming);
      await db.destroy();
      await unlock();
    },
  };
}

/** Makes the database beside its place and moves it there whole: killed half way, it would never open again. */
async function create(directory: string): Promise<void> {
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

/** Why the database in a folder does not open, and the way out. */
function cannotOpen(directory: string, error: unknown): Error {
  return new Error(
    `The embedded database in ${directory} does not open (${toDatabaseError(error).message}). Where its files are damaged, put back a copy of ` +
      'the folder that was made while no server ran. When it is moved away, the next start begins with an empty database.',
    { cause: error },
  );
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
