import { setTimeout as wait } from 'node:timers/promises';
import { Kysely } from 'kysely';
import type { Connection, Database } from './connect.ts';
import { sqlState, toDatabaseError } from './database_error.ts';
import { dialect } from './dialect.ts';
import { openServerSession } from './server_session.ts';
import { listenTo } from './session.ts';
import { SessionPool } from './session_pool.ts';

const sessions = 10;
const reconnectAfterMs = 500;
/** How often a session that only listens asks whether anybody is there. */
const askMs = 5_000;

/**
 * Connects to PostgreSQL ≥ 15 at `url`.
 * @throws Error that says what is wrong: not reachable, no such database, too old, not in UTF-8, PostGIS not installed on the server.
 */
export async function connectServer(url: string): Promise<Connection> {
  await checkServer(url);
  const pool: SessionPool = new SessionPool(() => openServerSession(url, { onSilent: () => pool.renew() }), sessions);
  const db = new Kysely<Database>({ dialect: dialect(pool) });
  const stops = new Set<() => Promise<void>>();
  return {
    db,
    kind: 'server',
    async listen(channel, onNotify) {
      const stop = await follow(url, channel, onNotify);
      stops.add(stop);
      return async () => {
        stops.delete(stop);
        await stop();
      };
    },
    async close() {
      await Promise.all([...stops].map((stop) => stop()));
      await db.destroy();
    },
  };
}

async function checkServer(url: string): Promise<void> {
  const where = new URL(url).host;
  const create = `create database … encoding 'UTF8' template template0`;
  const session = await openServerSession(url).catch((thrown: unknown) => {
    const { code, message } = toDatabaseError(thrown);
    if (code === sqlState.noSuchDatabase)
      throw new Error(`PostgreSQL at ${where} (DATABASE_URL): ${message}. Make it there: ${create}`);
    const refused = code.startsWith('28') ? 'does not let this user in' : 'does not answer';
    throw new Error(`PostgreSQL at ${where} (DATABASE_URL) ${refused}: ${message}`);
  });
  try {
    const { rows } = await session.query(
      `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
        exists (select from pg_available_extensions where name = 'postgis') as postgis`,
      [],
    );
    const { version, encoding, postgis } = rows[0] as { version: number; encoding: string; postgis: boolean }; // selected as such
    if (version < 150_000)
      throw new Error(`PostgreSQL at ${where} is version ${Math.floor(version / 10_000)}; 15 or newer is needed.`);
    if (encoding !== 'UTF8')
      throw new Error(`The database at ${where} (DATABASE_URL) is in ${encoding}; make one in UTF-8: ${create}`);
    if (!postgis)
      throw new Error(`PostgreSQL at ${where} has no PostGIS: install it there (Debian: postgresql-15-postgis-3).`);
  } finally {
    await session.end();
  }
}

/** Keeps one session listening; when it breaks, opens another for as long as that takes. */
async function follow(url: string, channel: string, onNotify: () => void): Promise<() => Promise<void>> {
  const stopped = new AbortController();
  let session = await openServerSession(url, { onNotify, onLost });
  let reconnecting = false;
  await session.query(listenTo(channel), []);
  const asking = setInterval(() => void session.query('select', []).catch(() => {}), askMs).unref();

  function onLost(): void {
    if (!reconnecting && !stopped.signal.aborted) void reconnect();
  }
  async function reconnect(): Promise<void> {
    reconnecting = true;
    while (!stopped.signal.aborted) {
      await wait(reconnectAfterMs, undefined, { ref: false });
      try {
        session = await openServerSession(url, { onNotify, onLost });
        await session.query(listenTo(channel), []);
        break;
      } catch {
        // Still away. Every query says so; here only the next attempt matters.
      }
    }
    reconnecting = false;
    if (stopped.signal.aborted) await session.end();
    else onNotify();
  }
  return async () => {
    stopped.abort();
    clearInterval(asking);
    await session.end();
  };
}
