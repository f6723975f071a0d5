import { type Kysely, sql } from 'kysely';
import { sealAudit } from '../server/audit/seal.ts';

/** From here on an entry's id is part of what is hashed, for others point to it; what was sealed before stays as it is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ schema: string; mine: boolean }>`
    select nspname as schema, pg_has_role(proowner, 'USAGE') as mine
    from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
    where pg_proc.oid = 'seal_audit()'::regprocedure`.execute(db);
  // Handed over to another role it goes on without the id, and the program says so until `npm run audit -- protect` was repeated.
  for (const { schema, mine } of rows) if (mine) await sql.raw(sealAudit(schema)).execute(db);
}
