import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Layer } from '../registry/layer.ts';

/** The agency of the thing with a code, null when it has none or there is no such thing. */
export async function agencyOf(db: Kysely<Database>, { id }: Layer, code: string): Promise<string | null> {
  const { rows } = await sql<{ agency: string | null }>`
    select agency from ${sql.table(id)} where code = ${code}`.execute(db);
  return rows[0]?.agency ?? null;
}
