import { type Kysely, sql } from 'kysely';

/** Every series says which of its readings are not to be trusted; that of the gauges did already. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const layer of ['unit', 'shelter'])
    await sql`alter table ${sql.table(`${layer}_series`)} add column quality text`.execute(db);
}
