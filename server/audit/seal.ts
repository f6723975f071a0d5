import { canonicalSql } from './canonical.ts';

/**
 * SQL of the function that seals an entry at commit, in the schema that holds the trail. It runs with the rights of the
 * trail's owner, so it looks for nothing where its caller could have put something: temporary tables come last, and
 * functions and operators are those of the system alone.
 */
export function sealAudit(schema: string): string {
  const home = `"${schema.replaceAll('"', '""')}"`;
  return `create or replace function ${home}.seal_audit() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  declare
    head ${home}.audit_head;
    entry ${home}.audit;
  begin
    perform pg_advisory_xact_lock('${home.replaceAll("'", "''")}.change_log'::regclass::oid::bigint);
    update ${home}.audit_head set n = audit_head.n + 1 returning * into head;
    select * into entry from ${home}.audit where id = new.id;
    entry.n := head.n;
    entry.prev_hash := head.hash;
    entry.hash := encode(sha256(convert_to(head.hash || chr(10) || ${canonicalSql('entry')}, 'UTF8')), 'hex');
    update ${home}.audit set n = entry.n, prev_hash = entry.prev_hash, hash = entry.hash where id = entry.id;
    update ${home}.audit_head set hash = entry.hash;
    return null;
  end $$`;
}
