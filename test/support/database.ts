import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterAll } from 'vitest';
import { type Connection, type ConnectOptions, connect, type Database } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';

/** Where a test's own database is: what `connect()` takes, and a name for it. */
export interface TestLocation extends ConnectOptions {
  name: string;
}

const root = join(import.meta.dirname, '../..');
const dayMs = 86_400_000;

/**
 * A clean, migrated database for one test file, open; closed and removed after the file's last test.
 * Call it once at the top of the file: `const { connection } = await testDatabase();`
 */
export async function testDatabase(): Promise<{ connection: Connection; name: string }> {
  let connection: Connection | undefined;
  // Before the removal that testLocation registers: afterAll runs last-registered first.
  const located = testLocation();
  afterAll(() => connection?.close());
  const location = await located;
  connection = await connect(location);
  return { connection, name: location.name };
}

/** The same, closed: for a test whose database is opened by a process it starts, or several times. */
export async function testLocation({ migrated = true } = {}): Promise<TestLocation> {
  const remove: (() => Promise<void> | void)[] = [];
  afterAll(async () => {
    for (const each of remove) await each();
  });
  const name = `pendopo_test_${Date.now()}_${randomBytes(3).toString('hex')}`;
  const dataDir = join(tmpdir(), name);
  if (process.env.TEST_DB !== 'pg') {
    remove.push(() => rmSync(dataDir, { recursive: true, force: true }));
    if (migrated) cpSync(await embeddedImage(), dataDir, { recursive: true });
    return { name, dataDir };
  }
  await createOnServer(name, migrated);
  remove.push(() =>
    onMaintenance(
      async (connection) => void (await sql.raw(`drop database ${name} with (force)`).execute(connection.db)),
    ),
  );
  return { name, dataDir, databaseUrl: databaseUrl(name) };
}

/** Changes when the migrated schema, or how it is stored, may have: names the prepared image. */
function schemaHash(): string {
  const hash = createHash('sha256');
  for (const file of globSync(['migrations/*.ts', 'server/database/*.ts'], { cwd: root }).sort())
    hash.update(readFileSync(join(root, file)));
  return hash
    .update(readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json')))
    .digest('hex')
    .slice(0, 12);
}

/** A folder with a migrated embedded database to copy; made once a schema, whole or not at all. */
async function embeddedImage(): Promise<string> {
  const image = join(tmpdir(), `pendopo_image_${schemaHash()}`);
  if (existsSync(image)) return image;
  removeOld(/^pendopo_(image|test)_/);
  const unfinished = mkdtempSync(join(tmpdir(), 'pendopo_image_tmp_'));
  const connection = await connect({ dataDir: unfinished });
  await migrate(connection);
  await connection.close();
  try {
    renameSync(unfinished, image);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(image)) throw error;
    rmSync(unfinished, { recursive: true });
  }
  return image;
}

function removeOld(names: RegExp): void {
  for (const name of readdirSync(tmpdir()).filter((each) => names.test(each))) {
    const path = join(tmpdir(), name);
    if (Date.now() - statSync(path).mtimeMs > dayMs) rmSync(path, { recursive: true, force: true });
  }
}

const templateName = (): string => `pendopo_template_${schemaHash()}`;

/** A database on the server, migrated as a copy of one that is made once a run. What killed runs left behind goes. */
function createOnServer(name: string, migrated: boolean): Promise<unknown> {
  if (!migrated) return onMaintenance(({ db }) => sql.raw(`create database ${name}`).execute(db));
  const template = templateName();
  return alone(async (one) => {
    await prepare(template, one);
    await sql.raw(`create database ${name} template ${template}`).execute(one);
  });
}

/** Removes what copies are made of from the server: at the end of a run nothing of it stays there. */
export function dropTemplate(): Promise<unknown> {
  return alone((one) => sql.raw(`drop database if exists ${templateName()}`).execute(one));
}

/** Several test processes start at once, and one may end while another begins. The lock falls with the connection. */
function alone<T>(work: (one: Kysely<Database>) => Promise<T>): Promise<T> {
  return onMaintenance(({ db }) =>
    db.connection().execute(async (one) => {
      await sql`select pg_advisory_lock(7003)`.execute(one);
      try {
        return await work(one);
      } finally {
        await sql`select pg_advisory_unlock(7003)`.execute(one);
      }
    }),
  );
}

async function prepare(template: string, one: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{
    name: string;
  }>`select datname as name from pg_database where datname ~ '^pendopo_(template|test|making)_'`.execute(one);
  const names = rows.map((row) => row.name);
  if (names.includes(template)) return;
  const stale = names.filter(
    (name) => !name.startsWith('pendopo_test_') || Date.now() - Number(name.split('_')[2]) > dayMs,
  );
  for (const name of stale) await sql.raw(`drop database if exists ${name} with (force)`).execute(one);
  const making = template.replace('template', 'making');
  await sql.raw(`create database ${making}`).execute(one);
  const connection = await connect({ databaseUrl: databaseUrl(making), dataDir: '' });
  await migrate(connection);
  await connection.close();
  await sql.raw(`alter database ${making} rename to ${template}`).execute(one);
}

async function onMaintenance<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect({ databaseUrl: databaseUrl(), dataDir: '' });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** DATABASE_URL, with its database replaced when one is named. */
function databaseUrl(database?: string): string {
  const given = process.env.DATABASE_URL;
  if (!given) throw new Error('TEST_DB=pg needs DATABASE_URL: the server on which the tests make their own databases');
  const url = new URL(given);
  if (database) url.pathname = `/${database}`;
  return url.href;
}
