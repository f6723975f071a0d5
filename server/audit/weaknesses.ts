import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { canonicalSql } from './canonical.ts';

interface Facts {
  readonly superuser: boolean;
  readonly makes_roles: boolean;
  readonly owns: readonly string[];
  readonly holds_database: boolean;
  readonly holds_schema: boolean;
  readonly writes: boolean;
  readonly open_seal: boolean;
  readonly old_seal: boolean;
}

/**
 * Why the role that this connection signs in as could change the audit trail, a clause each ("it owns audit"); empty when
 * it can only add to it. Of a server's database: in the embedded one there is nobody else.
 */
export async function trailWeaknesses(db: Kysely<Database>): Promise<readonly string[]> {
  const { rows } = await sql<Facts>`
    with trail as (
      select relname as name, relowner as owner, relnamespace as home from pg_class
      where oid in ('audit'::regclass, 'audit_head'::regclass)
      union all
      select proname || '()', proowner, pronamespace from pg_proc
      where oid in ('seal_audit()'::regprocedure, 'guard_audit()'::regprocedure)
    )
    select
      (select rolsuper from pg_roles where rolname = current_user) as superuser,
      (select rolcreaterole from pg_roles where rolname = current_user) as makes_roles,
      (select coalesce(json_agg(name order by name), '[]') from trail where pg_has_role(owner, 'MEMBER')) as owns,
      -- Who owns a schema may drop what is in it, and who owns the database owns the schema public.
      (select pg_has_role(datdba, 'MEMBER') from pg_database where datname = current_database()) as holds_database,
      (select bool_or(pg_has_role(nspowner, 'MEMBER')) from pg_namespace where oid in (select home from trail)) as holds_schema,
      (select bool_or(has_table_privilege(of, 'UPDATE,DELETE,TRUNCATE,TRIGGER') or has_any_column_privilege(of, 'UPDATE'))
        from unnest(array['audit'::regclass::oid, 'audit_head'::regclass::oid]) as of) as writes,
      (select not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false) from pg_proc
        where oid = 'seal_audit()'::regprocedure) as open_seal,
      (select position(${canonicalSql('entry')}::text in prosrc) = 0 from pg_proc
        where oid = 'seal_audit()'::regprocedure) as old_seal`.execute(db);
  const [facts] = rows;
  if (!facts) return [];
  if (facts.superuser) return ['it is a superuser'];
  return [
    ...(facts.makes_roles ? ['it may make roles, and so take any (createrole)'] : []),
    ...(facts.owns.length > 0 ? [`it owns ${facts.owns.join(', ')}`] : []),
    ...(facts.holds_database ? ['it owns the database'] : []),
    ...(facts.holds_schema && !facts.holds_database ? ['it owns the schema'] : []),
    ...(facts.writes ? ['it has the privilege to change what is written'] : []),
    ...(facts.open_seal ? ['the function that seals entries looks for tables where it can put its own'] : []),
    ...(facts.old_seal ? ['the function that seals entries is of an older program and leaves out their id'] : []),
  ];
}

/** The same as one sentence with what to do, undefined when there is nothing to say. */
export async function trailWarning(db: Kysely<Database>): Promise<string | undefined> {
  const why = await trailWeaknesses(db);
  if (why.length === 0) return undefined;
  return `The role in DATABASE_URL could change the audit trail: ${why.join('; ')}. Run: npm run audit -- protect (docs/actions.md)`;
}
