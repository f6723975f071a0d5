import { type Kysely, sql } from 'kysely';

/**
 * The change log in partitions, a day each, so that old changes leave by dropping a table
 * (`server/database/partitions.ts`, which also makes the days; what has no day yet lies in `change_rest`).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table change rename to change_before',
  // An identity column of a partitioned table needs PostgreSQL 17.
  'create sequence change_n',
  `create table change (
    n bigint not null default nextval('change_n'),
    xid xid8 not null default pg_current_xact_id(),
    seq bigint,
    at timestamptz not null default now(),
    layer text not null,
    op text not null check (op in ('insert', 'update', 'delete')),
    ids bigint[] not null,
    primary key (at, n)
  ) partition by range (at)`,
  // Unique because the sequence is: across partitions no index can say so.
  'create index change_by_seq on change (seq)',
  'create table change_rest partition of change default',
  `insert into change (n, xid, seq, at, layer, op, ids)
    select n, xid, seq, at, layer, op, ids from change_before order by n`,
  `select setval('change_n', max(n)) from change having max(n) is not null`,
  'drop table change_before',
  // As in 0001, but the lock is one for all partitions, and the row is found in its own.
  `create or replace function number_change() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock('change_log'::regclass::oid::bigint);
    update change set seq = nextval('change_seq') where at = new.at and n = new.n;
    perform pg_notify('change', '');
    return null;
  end $$`,
  `create constraint trigger number_change after insert on change
    deferrable initially deferred for each row execute function number_change()`,
];
