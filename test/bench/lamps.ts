import { sql } from 'kysely';
import { type Connection, connect } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';

/** Degrees between neighbours of the lamps' grid. */
const step = 0.002;
const columns = 100;

/** Where a lamp stands: a grid over the town, each at one of two places 11 m apart. Degrees. */
export function lampPlace(id: number, moved: boolean): readonly [lon: number, lat: number] {
  const n = id - 1;
  const lon = 113.6 + (n % columns) * step + (moved ? 0.0001 : 0);
  return [lon, -8.2 + Math.floor(n / columns) * step];
}

/** SQL of `lampPlace`, of the row's id. */
export const lampGeometry = (moved: boolean) => sql`
  st_setsrid(st_makepoint(113.6 + ((id - 1) % ${sql.lit(columns)}) * ${sql.lit(step)}::float8 + ${sql.lit(moved ? 0.0001 : 0)}::float8,
    -8.2 + ((id - 1) / ${sql.lit(columns)}) * ${sql.lit(step)}::float8), 4326)`;

/** A server database with nothing in it but streetlights 1 to `count`, made anew. */
export async function lamps(
  name: string,
  count: number,
): Promise<{ readonly connection: Connection; readonly url: string }> {
  const url = new URL(process.env.DATABASE_URL!);
  const maintenance = await connect({ databaseUrl: url.href, dataDir: '' });
  await sql.raw(`drop database if exists ${name} with (force)`).execute(maintenance.db);
  await sql.raw(`create database ${name}`).execute(maintenance.db);
  await maintenance.close();
  url.pathname = `/${name}`;
  const connection = await connect({ databaseUrl: url.href, dataDir: '' });
  await migrate(connection);
  await sql`
    insert into streetlight (id, pole, status, observed_at, geom)
    select id, 'b0', 'ok', now(), ${lampGeometry(false)} from generate_series(1, ${count}::int) as id`.execute(
    connection.db,
  );
  await sql`analyze`.execute(connection.db);
  return { connection, url: url.href };
}
