import { sql } from 'kysely';
import { seed } from '../../seeds/seed.ts';
import { type Connection, connect } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';

/** A server database that holds the demo regency at a scale; made once, kept for the next run of the same schema. */
export async function regency(scale: number): Promise<{ readonly connection: Connection; readonly url: string }> {
  const given = new URL(process.env.DATABASE_URL!);
  const name = `pendopo_bench_${String(scale).replace('.', '_')}`;
  const maintenance = await connect({ databaseUrl: given.href, dataDir: '' });
  const { rows } = await sql`select 1 from pg_database where datname = ${name}`.execute(maintenance.db);
  if (rows.length === 0) await sql.raw(`create database ${name}`).execute(maintenance.db);
  await maintenance.close();
  given.pathname = `/${name}`;
  const connection = await connect({ databaseUrl: given.href, dataDir: '' });
  await migrate(connection);
  await seed(connection, { scale, onProgress: (message) => console.error(`  ${message}`) });
  await sql`analyze`.execute(connection.db);
  return { connection, url: given.href };
}
