import { type Kysely, sql } from 'kysely';

/**
 * Entries of one transaction are sealed together, with one look at the head: an import that changes 10,000 features adds as
 * many entries, and each update of the same head within one transaction costs more than the one before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ ours: boolean }>`
    select pg_has_role(proowner, 'usage') as ours from pg_proc where oid = 'seal_audit()'::regprocedure`.execute(db);
  // Handed over to a role of its own (docs/actions.md), the trail seals one by one as before.
  if (!rows[0]?.ours) return;
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** As in 0090, for what is hashed never changes. */
const canonical = `jsonb_build_array(entry.n, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), entry.actor,
    entry.actor_name, entry.roles, entry.address, entry.action, entry.layer, entry.feature, entry.version, entry.before,
    entry.after, entry.reason, entry.case_id, entry.request_id, entry.undoes, entry.confirms)::text`;

const statements = [
  'create index audit_unsealed on audit (id) where n is null',
  // Only this transaction's own entries are seen unsealed: those of others are committed with their seal.
  `create or replace function seal_audit() returns trigger language plpgsql security definer as $$
  declare
    head audit_head;
    entry audit;
  begin
    if exists (select from audit where id = new.id and hash is not null) then
      return null;
    end if;
    perform pg_advisory_xact_lock('change_log'::regclass::oid::bigint);
    update audit_head set n = audit_head.n returning * into head;
    for entry in select * from audit where n is null order by id loop
      head.n := head.n + 1;
      entry.n := head.n;
      entry.prev_hash := head.hash;
      head.hash := encode(sha256(convert_to(head.hash || chr(10) || ${canonical}, 'UTF8')), 'hex');
      update audit set n = entry.n, prev_hash = entry.prev_hash, hash = head.hash where id = entry.id;
    end loop;
    update audit_head set n = head.n, hash = head.hash;
    return null;
  end $$`,
  // Temporary tables last: one of the same name must not stand in for the trail.
  `do $$ begin execute format('alter function seal_audit() set search_path = %I, pg_temp', current_schema()); end $$`,
];
