import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Kysely, sql } from 'kysely';
import type { Connection, Database } from './connect.ts';
import { transaction } from './transaction.ts';

const folder = join(import.meta.dirname, '../../migrations');
const advisoryLock = 7_002;

/**
 * Brings the database to the newest schema: runs the files `migrations/NNNN_name.ts` it has not seen, in order, all or none.
 * Processes that start at once wait for each other.
 * @throws Error when the database has steps this program does not know (it is older than the database) or a step is out of order.
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
        onProgress(`migration ${name}`);
        const step: { up(db: Kysely<Database>): Promise<void> } = await import(
          pathToFileURL(join(folder, `${name}.ts`)).href
        );
        await step.up(trx);
        await trx.insertInto('migration').values({ name }).execute();
      }
    },
    { statementTimeoutMs: 0 },
  );
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
