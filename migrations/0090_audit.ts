import { type Kysely, sql } from 'kysely';

/** The audit trail: append-only, each entry sealed with the hash of the one before it; and what was deleted, to be restored. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/**
 * What an entry is hashed as. `server/audit/canonical.ts` says the same to check it by, and the tests hold the two against
 * each other; here it stays as it is, for the entries that are there were hashed so.
 */
const canonical = `jsonb_build_array(entry.n, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), entry.actor,
    entry.actor_name, entry.roles, entry.address, entry.action, entry.layer, entry.feature, entry.version, entry.before,
    entry.after, entry.reason, entry.case_id, entry.request_id, entry.undoes, entry.confirms)::text`;

const statements = [
  // n is the place in the chain, without gaps; it and the hashes are given at commit.
  `create table audit (
    id bigint generated always as identity primary key,
    n bigint unique,
    at timestamptz not null default now(),
    actor text,
    actor_name text,
    roles jsonb not null default '[]',
    address text,
    action text not null,
    layer text,
    feature bigint,
    version int,
    before jsonb,
    after jsonb,
    reason text,
    case_id text,
    request_id text,
    undoes bigint,
    confirms bigint,
    prev_hash text,
    hash text unique
  )`,
  'create index on audit (layer, feature, id)',
  'create index on audit (actor, id)',
  'create index on audit (at)',
  // Besides the entries, so that entries cut off the end are missed as well.
  `create table audit_head (
    one boolean primary key default true check (one),
    n bigint not null default 0,
    hash text not null default repeat('0', 64)
  )`,
  'insert into audit_head default values',
  // At commit, under the lock that also numbers the change log: one lock, so nobody waits in a circle. The head is
  // updated, not read, because an older snapshot would read an older head: such a transaction fails instead.
  `create function seal_audit() returns trigger language plpgsql security definer set search_path from current as $$
  declare
    head audit_head;
    entry audit;
  begin
    perform pg_advisory_xact_lock('change_log'::regclass::oid::bigint);
    update audit_head set n = audit_head.n + 1 returning * into head;
    select * into entry from audit where id = new.id;
    entry.n := head.n;
    entry.prev_hash := head.hash;
    entry.hash := encode(sha256(convert_to(head.hash || chr(10) || ${canonical}, 'UTF8')), 'hex');
    update audit set n = entry.n, prev_hash = entry.prev_hash, hash = entry.hash where id = entry.id;
    update audit_head set hash = entry.hash;
    return null;
  end $$`,
  `create constraint trigger seal_audit after insert on audit
    deferrable initially deferred for each row execute function seal_audit()`,
  `create function guard_audit() returns trigger language plpgsql as $$
  begin
    -- Sealing, once, and nothing else.
    if tg_op = 'UPDATE' then
      if old.hash is null and new.hash is not null
        and to_jsonb(new) - '{n,prev_hash,hash}'::text[] = to_jsonb(old) - '{n,prev_hash,hash}'::text[] then
        return new;
      end if;
    end if;
    raise exception 'the audit trail is only ever added to' using errcode = 'insufficient_privilege', table = 'audit';
  end $$`,
  'create trigger guard_audit before update or delete on audit for each row execute function guard_audit()',
  'create trigger guard_audit_truncate before truncate on audit for each statement execute function guard_audit()',
  // The privilege counts where the trail belongs to another role than the server's (docs/actions.md).
  'revoke update, delete, truncate on audit, audit_head from public',
  // A row as it was, restored with its id; seq of no change log, for it is no layer.
  `create table deleted_feature (
    layer text not null,
    feature bigint not null,
    deleted_at timestamptz not null default now(),
    version int not null,
    attributes jsonb not null,
    geom geometry(Geometry, 4326),
    primary key (layer, feature)
  )`,
  'create index on deleted_feature (deleted_at)',
];
