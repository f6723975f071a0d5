import { type Kysely, sql } from 'kysely';
import { canonicalSql } from './canonical.ts';

/**
 * SQL of the function that seals the entries of a transaction at its commit, in the schema that holds the trail: together, with
 * one look at the head, for an import of 10,000 features adds as many entries, and each update of the same head within one
 * transaction costs more than the one before. It runs with the rights of the trail's owner, so it looks for nothing where its
 * caller could have put something: temporary tables come last, and functions and operators are those of the system alone.
 */
export function sealAudit(schema: string): string {
  const home = `"${schema.replaceAll('"', '""')}"`;
  return `create or replace function ${home}.seal_audit() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  declare
    head ${home}.audit_head;
    entry ${home}.audit;
  begin
    -- As it was added: nobody seals an entry but this.
    if new.n is not null or new.hash is not null then
      raise exception 'the audit trail is only ever added to' using errcode = 'insufficient_privilege', table = 'audit';
    end if;
    if exists (select from ${home}.audit where id = new.id and hash is not null) then
      return null;
    end if;
    perform pg_advisory_xact_lock('${home.replaceAll("'", "''")}.change_log'::regclass::oid::bigint);
    -- Updated, not read: an older snapshot would read an older head, and such a transaction fails instead.
    update ${home}.audit_head set n = audit_head.n returning * into head;
    -- Only this transaction's own entries are seen unsealed: those of others are committed with their seal.
    for entry in select * from ${home}.audit where n is null order by id loop
      head.n := head.n + 1;
      entry.n := head.n;
      entry.prev_hash := head.hash;
      head.hash := encode(sha256(convert_to(head.hash || chr(10) || ${canonicalSql('entry')}, 'UTF8')), 'hex');
      update ${home}.audit set n = entry.n, prev_hash = entry.prev_hash, hash = head.hash where id = entry.id;
    end loop;
    update ${home}.audit_head set n = head.n, hash = head.hash;
    return null;
  end $$`;
}

/**
 * Makes the function that seals entries anew, as this program has it; what was sealed stays as it is. One that was handed over to
 * another role stays too: `npm run audit -- protect` makes it so, and until then the program says what it lacks.
 */
export async function replaceSeal(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ schema: string; mine: boolean }>`
    select nspname as schema, pg_has_role(proowner, 'USAGE') as mine
    from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
    where pg_proc.oid = 'seal_audit()'::regprocedure`.execute(db);
  for (const { schema, mine } of rows) if (mine) await sql.raw(sealAudit(schema)).execute(db);
}
