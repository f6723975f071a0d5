import { type Kysely, sql } from 'kysely';
import { isGivenCode } from '../server/database/layer_table.ts';

/** Parts of codes are looked for among those that people know: new tables have the smaller index from the start. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ layer: string; name: string }>`
    select tablename as layer, indexname as name from pg_indexes
    where indexname = tablename || '_code_search' and indexdef not like '%starts_with%'`.execute(db);
  for (const { layer, name } of rows) {
    await sql`drop index ${sql.id(name)}`.execute(db);
    await sql`create index ${sql.id(name)} on ${sql.id(layer)}
      using gin (code gin_trgm_ops) where ${sql.raw(isGivenCode)}`.execute(db);
  }
}
