import { type Kysely, sql } from 'kysely';
import { touchTrigger } from '../server/database/layer_table.ts';

/**
 * The triggers of layers at a third of their cost: versions are counted by them only where the writer did not; rows are
 * numbered to part them only where one statement changed more than 10,000; and the ids in the log are not compressed,
 * which took longer than writing them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
  const touched = await sql<{ name: string }>`
    select relname as name from pg_trigger join pg_class on pg_class.oid = tgrelid
    where tgname = 'touch' and tgfoid = 'touch_row'::regproc`.execute(db);
  for (const { name } of touched.rows) {
    await sql`drop trigger touch on ${sql.table(name)}`.execute(db);
    await sql.raw(touchTrigger(name)).execute(db);
  }
  const { rows: days } = await sql<{ name: string }>`
    select relname as name from pg_inherits join pg_class on oid = inhrelid where inhparent = 'change'::regclass`.execute(
    db,
  );
  // Days made from now on have it from the table itself.
  for (const { name } of [{ name: 'change' }, ...days])
    await sql`alter table ${sql.table(name)} alter column ids set storage external`.execute(db);
}

const statements = [
  `create or replace function record_change() returns trigger language plpgsql as $$
  declare
    changed bigint[];
  begin
    select array_agg(id order by id) into changed from (select id from changed_row limit 10001) as beginning;
    if cardinality(changed) <= 10000 then
      insert into change (layer, op, ids) values (tg_table_name, lower(tg_op), changed);
    elsif changed is not null then
      insert into change (layer, op, ids)
      select tg_table_name, lower(tg_op), array_agg(id order by id)
      from (select id, (row_number() over (order by id) - 1) / 10000 as part from changed_row) as numbered
      group by part order by part;
    end if;
    return null;
  end $$`,
];
