import { type Kysely, sql } from 'kysely';
import { changeTriggers } from '../server/database/layer_table.ts';

/** Extensions, the change log with its trigger functions, and the table of layers born at run time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...extensions, ...changeLog, ...triggerFunctions, ...layerDefinition]) {
    await sql.raw(statement).execute(db);
  }
}

const extensions = ['create extension if not exists postgis', 'create extension if not exists pg_trgm'];

/**
 * `change.n` is the order of statements as they ran, `seq` the order of commits. To drop old changes by partition later:
 * make a table partitioned by `at` with these columns, keep `change_seq`, and set `pruned_seq` to the last number dropped.
 */
const changeLog = [
  `create table change_log (
    one boolean primary key default true check (one),
    epoch uuid not null default gen_random_uuid(),
    pruned_seq bigint not null default 0
  )`,
  'insert into change_log default values',
  'create sequence change_seq',
  `create table change (
    n bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    seq bigint unique,
    at timestamptz not null default now(),
    layer text not null,
    op text not null check (op in ('insert', 'update', 'delete')),
    ids bigint[] not null
  )`,
];

const triggerFunctions = [
  `create function touch_row() returns trigger language plpgsql as $$
  begin
    if new.id <> old.id then
      raise exception 'the id of a row never changes' using errcode = 'restrict_violation', table = tg_table_name;
    end if;
    new.version := old.version + 1;
    new.updated_at := now();
    return new;
  end $$`,
  // One row a statement, not one a feature: a bulk load of 650,000 must stay cheap. 10,000 ids are 80 kB, a bite a reader can take.
  `create function record_change() returns trigger language plpgsql as $$
  begin
    insert into change (layer, op, ids)
    select tg_table_name, lower(tg_op), array_agg(id order by id)
    from (select id, (row_number() over (order by id) - 1) / 10000 as part from changed_row) as numbered
    group by part order by part;
    return null;
  end $$`,
  // Before, because afterwards nobody knows which rows there were. An older snapshot would miss some: refuse.
  `create function record_truncate() returns trigger language plpgsql as $$
  begin
    if current_setting('transaction_isolation') <> 'read committed' then
      raise exception 'truncate needs the isolation level read committed' using errcode = 'feature_not_supported';
    end if;
    execute format('insert into change (layer, op, ids)
      select %L, ''delete'', array_agg(id order by id)
      from (select id, (row_number() over (order by id) - 1) / 10000 as part from %I.%I) as numbered
      group by part order by part', tg_table_name, tg_table_schema, tg_table_name);
    return null;
  end $$`,
  // At commit, one transaction after the other: the lock is taken here and released after the commit is visible,
  // so numbers appear in their order. Taken any earlier (in record_change) it deadlocks with row locks.
  `create function number_change() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock(tg_relid::bigint);
    update change set seq = nextval('change_seq') where n = new.n;
    perform pg_notify('change', '');
    return null;
  end $$`,
  `create constraint trigger number_change after insert on change
    deferrable initially deferred for each row execute function number_change()`,
];

const layerDefinition = [
  `create table layer_definition (
    id bigint generated always as identity primary key,
    layer text not null unique,
    definition jsonb not null,
    version int not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  ...changeTriggers('layer_definition'),
];
