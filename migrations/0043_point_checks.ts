import { type Kysely, sql } from 'kysely';

/** Tables of points made before `createLayerTable` had cheaper checks for them get those too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select f_table_name as name from geometry_columns
    where type = 'POINT' and f_geometry_column = 'geom' and f_table_schema = current_schema()`.execute(db);
  for (const { name } of rows) {
    const table = sql.table(name);
    const [valid, place] = [sql.id(`${name}_geom_valid`), sql.id(`${name}_geom_lon_lat`)];
    // What is there satisfied the old ones, which said more.
    await sql`alter table ${table} drop constraint if exists ${valid}, drop constraint if exists ${place},
      add constraint ${valid} check (not st_isempty(geom)) not valid,
      add constraint ${place} check (st_x(geom) between -180 and 180 and st_y(geom) between -90 and 90) not valid`.execute(
      db,
    );
    await sql`alter table ${table} validate constraint ${valid}`.execute(db);
    await sql`alter table ${table} validate constraint ${place}`.execute(db);
  }
}
