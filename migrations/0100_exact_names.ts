import { type Kysely, sql } from 'kysely';

/** An index for whoever types a whole name, on every layer that is there: new tables have it from the start. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ id: string; name: string }>`
    select relname as id, attname as name
    from pg_class join pg_trigger on tgrelid = pg_class.oid and tgname = 'touch'
      left join layer_definition on layer = relname
      join pg_attribute on attrelid = pg_class.oid and attname = coalesce(definition ->> 'name',
        case relname when 'complaint' then 'subject' when 'streetlight' then 'pole' else 'name' end)`.execute(db);
  for (const { id, name } of rows)
    await sql`create index if not exists ${sql.id(`${id}_name_exact`)} on ${sql.id(id)}
      (lower(left(${sql.id(name)}, 100)) collate "C")`.execute(db);
}
