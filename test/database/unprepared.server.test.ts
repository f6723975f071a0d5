import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';
import { testDatabase } from '../support/database.ts';

const { connection, name } = await testDatabase();
const run = (statement: string) => sql.raw(statement).execute(connection.db);

/** Another database of the same server, and who opens it. */
function location(database: string, user?: string): { databaseUrl: string; dataDir: string } {
  const url = new URL(process.env.DATABASE_URL!);
  url.pathname = `/${database}`;
  if (user !== undefined) [url.username, url.password] = [user, user];
  return { databaseUrl: url.href, dataDir: '' };
}

test('a database that is not there is named, with how to make it', async () => {
  await expect(connect(location(`${name}_none`))).rejects.toThrow(
    `(DATABASE_URL): database "${name}_none" does not exist. Make it there: create database`,
  );
});

test('a database that cannot hold every name is refused', async () => {
  const latin = `${name}_latin`;
  await run(`create database ${latin} encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`);
  onTestFinished(async () => void (await run(`drop database ${latin}`)));
  await expect(connect(location(latin))).rejects.toThrow(
    "is in LATIN1; make one in UTF-8: create database … encoding 'UTF8'",
  );
});

test('the owner of a database is told what a superuser must run first, and can start then', async () => {
  const owner = `${name}_owner`;
  await run(`create role ${owner} login password '${owner}'`);
  await run(`create database ${owner} owner ${owner} template template0`);
  onTestFinished(async () => {
    await run(`drop database ${owner} with (force)`);
    await run(`drop role ${owner}`);
  });
  const own = await connect(location(owner, owner));
  await expect(migrate(own)).rejects.toThrow(
    'Run as a superuser in this database: create extension postgis; create extension pg_trgm;',
  );
  const above = await connect(location(owner));
  await sql`create extension postgis`.execute(above.db);
  await sql`create extension pg_trgm`.execute(above.db);
  await above.close();
  await migrate(own);
  await own.close();
});
