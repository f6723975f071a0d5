import { type Kysely, sql } from 'kysely';
import { sealAudit } from '../server/audit/seal.ts';

/** The sealing looks for nothing where its caller could have put something of his own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ schema: string; mine: boolean }>`
    select nspname as schema, pg_has_role(proowner, 'USAGE') as mine
    from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
    where pg_proc.oid = 'seal_audit()'::regprocedure`.execute(db);
  // One that was handed over to another role already `npm run audit -- protect` makes so.
  for (const { schema, mine } of rows) if (mine) await sql.raw(sealAudit(schema)).execute(db);
}
