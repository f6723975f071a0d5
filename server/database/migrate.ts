import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Kysely, sql } from 'kysely';
import { step } from '../step.ts';
import type { Connection, Database } from './connect.ts';
import { DatabaseError, sqlState } from './database_error.ts';
import { transaction } from './transaction.ts';

const folder = join(import.meta.dirname, '../../migrations');
const advisoryLock = 7_002;

/**
 * Brings the database to the newest schema: runs the files `migrations/NNNN_name.ts` it has not seen, in order, all or none.
 * Processes that start at once wait for each other.
 * @throws Error when the database has steps this program does not know (it is older than the database) or a step is out of order,
 * or the user of `DATABASE_URL` may not do this.
 */
export async function migrate(connection: Connection, onProgress: (message: string) => void = () => {}): Promise<void> {
  const known = (await readdir(folder)).filter((file) => /^\d{4}_\w+\.ts$/.test(file)).sort();
  await transaction(
    connection.db,
    async (trx) => {
      await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(trx);
      await sql`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`.execute(
        trx,
      );
      const applied = (await trx.selectFrom('migration').select('name').orderBy('name').execute()).map(
        (row) => row.name,
      );
      const pending = pendingSteps(known, applied);
      for (const name of pending) {
        const migration: { up(db: Kysely<Database>): Promise<void> } = await import(
          pathToFileURL(join(folder, `${name}.ts`)).href
        );
        await step(onProgress, `migration ${name}`, () => migration.up(trx));
        await trx.insertInto('migration').values({ name }).execute();
      }
    },
    { statementTimeoutMs: 0 },
  ).catch((error: unknown) => {
    throw explained(error);
  });
}

/** What somebody without all rights in the database can do: PostGIS is not marked as trusted, so its owner may not install it. */
function explained(error: unknown): unknown {
  if (!(error instanceof DatabaseError && error.code === sqlState.notAllowed)) return error;
  const wayOut = /extension/.test(error.message)
    ? 'Run as a superuser in this database: create extension postgis; create extension pg_trgm;'
    : 'The user of DATABASE_URL must be the owner of the database and of all that is in it.';
  return new Error(`The database cannot be brought up to date: ${error.message}. ${wayOut}`, { cause: error });
}

function pendingSteps(files: readonly string[], applied: readonly string[]): string[] {
  const known = files.map((file) => file.replace(/\.ts$/, ''));
  const foreign = applied.filter((name) => !known.includes(name));
  if (foreign.length > 0) {
    throw new Error(
      `The database has steps this version does not know (${foreign.join(', ')}): install the newer version that made them.`,
    );
  }
  const pending = known.filter((name) => !applied.includes(name));
  const last = applied.at(-1);
  const late = last === undefined ? [] : pending.filter((name) => name < last);
  if (late.length > 0)
    throw new Error(`Migration ${late.join(', ')} comes before ${last}, which has run: give it a later number.`);
  return pending;
}
