import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { canonicalSql, firstCanonicalSql } from '../../server/audit/canonical.ts';
import { sealAudit } from '../../server/audit/seal.ts';
import { verify } from '../../server/audit/verify.ts';
import { trailWeaknesses } from '../../server/audit/weaknesses.ts';
import { connect } from '../../server/database/connect.ts';
import { migrate } from '../../server/database/migrate.ts';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testLocation } from '../support/database.ts';
import { person, signedIn } from '../support/people.ts';

/** A server as an operator sets it up: a role of its own that owns the database, and a superuser for the rest. */
const location = await testLocation({ migrated: false });
const admin = await connect(location);
const role = `pendopo_app_${randomBytes(4).toString('hex')}`;
const url = new URL(location.databaseUrl!);
url.username = role;
url.password = randomBytes(8).toString('hex');
for (const statement of [
  'create extension postgis',
  'create extension pg_trgm',
  `create role ${role} login password '${url.password}'`,
  `alter database ${location.name} owner to ${role}`,
])
  await sql.raw(statement).execute(admin.db);
const connection = await connect({ ...location, databaseUrl: url.href });
afterAll(async () => {
  await connection.close();
  await sql.raw(`reassign owned by ${role} to current_user`).execute(admin.db);
  await sql.raw(`drop owned by ${role}`).execute(admin.db);
  await sql.raw(`drop role ${role}`).execute(admin.db);
  await admin.close();
});
await migrate(connection);
const { db } = connection;

const command = promisify(execFile);
const audit = (name: string, settings: Record<string, string | undefined> = {}) =>
  command(process.execPath, [join(import.meta.dirname, '../../server/audit/command_line.ts'), name], {
    env: { ...process.env, DATABASE_URL: url.href, ADMIN_URL: location.databaseUrl, ...settings },
  });
const as = (...statements: string[]) =>
  db
    .connection()
    .execute(async (one) => {
      for (const statement of statements) await sql.raw(statement).execute(one);
      return 'done';
    })
    .catch((error: Error) => error.message);

test('before, the program could change what it wrote, and says so', async () => {
  const { stderr, stdout } = await audit('verify');
  expect(stdout).toMatch(/unbroken/);
  expect(stderr).toMatch(/could change the audit trail: it owns audit, audit_head, guard_audit\(\), seal_audit\(\)/);
  expect(stderr).toMatch(/it owns the database.*npm run audit -- protect/);
});

test('who is not a superuser, or in another database, hands nothing over', async () => {
  await expect(audit('protect', { ADMIN_URL: url.href })).rejects.toThrow(/is no superuser/);
  await expect(audit('protect', { ADMIN_URL: process.env.DATABASE_URL })).rejects.toThrow(/it must be the same/);
  await expect(audit('protect', { DATABASE_URL: location.databaseUrl })).rejects.toThrow(/DATABASE_URL is a superuser/);
  expect(await trailWeaknesses(db)).not.toEqual([]);
});

test('afterwards it can add to the trail and do nothing else with it', { timeout: 120_000 }, async () => {
  for (const _ of ['once', 'again']) expect((await audit('protect')).stdout).toMatch(/can do nothing else/);
  expect(await trailWeaknesses(db)).toEqual([]);
  expect((await audit('verify')).stderr).toBe('');
  expect(await as("insert into audit (action) values ('edit')")).toBe('done');
  for (const statement of [
    "update audit set reason = 'x'",
    'delete from audit',
    'truncate audit',
    'update audit_head set n = 0',
    'alter table audit disable trigger all',
    'drop table audit',
    'drop table audit_head cascade',
    'alter table audit rename to other',
    'create or replace function guard_audit() returns trigger language plpgsql as $$ begin return new; end $$',
    'create or replace function seal_audit() returns trigger language plpgsql as $$ begin return new; end $$',
    'create trigger mine before insert on audit for each row execute function guard_audit()',
    'drop schema public cascade',
    'set role pendopo_audit',
    'grant pendopo_audit to current_user',
  ])
    expect(await as(statement), statement).toMatch(/permission denied|must be owner|must have admin option/);
  const { entries, broken } = await verify(db);
  expect(broken).toBeUndefined();
  expect(entries).toBeGreaterThan(0);
});

test('nor by standing something of its own where the sealing could find it', async () => {
  const { entries } = await verify(db);
  // As pendopo_audit this would switch the guard off.
  const caught = 'begin alter table public.audit disable trigger guard_audit; return new; end';
  const shadowed = await as(
    'create temporary table audit_head (n bigint, hash text)',
    "insert into audit_head values (0, 'x')",
    'create temporary table audit (like public.audit)',
    `create function pg_temp.caught() returns trigger language plpgsql as $$ ${caught} $$`,
    'create trigger caught before update on audit_head for each row execute function pg_temp.caught()',
    'grant all on audit, audit_head to public',
    "insert into public.audit (action) values ('edit')",
    'drop table audit, audit_head cascade',
  );
  expect(shadowed).toBe('done');
  // A function of the same name that fits its arguments better than the system's own.
  expect(
    await as(
      `create function convert_to(text, text) returns bytea language plpgsql as $$ begin raise 'caught'; end $$`,
      "insert into audit (action) values ('edit')",
      'drop function convert_to(text, text)',
    ),
  ).toBe('done');
  const { rows } = await sql<{ enabled: string }>`
    select tgenabled as enabled from pg_trigger where tgrelid = 'audit'::regclass and tgname = 'guard_audit'`.execute(
    db,
  );
  expect(rows).toEqual([{ enabled: 'O' }]);
  expect(await verify(db)).toMatchObject({ entries: entries + 2 });
});

test('handed over before the id was hashed it goes on without, says so, and is mended by handing it over again', async () => {
  await sql.raw(sealAudit('public').replaceAll(canonicalSql('entry'), firstCanonicalSql('entry'))).execute(admin.db);
  const migration = await import(new URL('../../migrations/0165_seal_id.ts', import.meta.url).href);
  await migration.up(db); // it may not, and does nothing
  expect(await trailWeaknesses(db)).toEqual([expect.stringMatching(/leaves out their id/)]);
  expect((await audit('protect')).stdout).toMatch(/can do nothing else/);
  expect(await trailWeaknesses(db)).toEqual([]);
});

test('everything that people do goes on as before', { timeout: 120_000 }, async () => {
  const { app, parts, complaints } = await testApp(connection);
  const room = doorOf(parts, viewerNamed('Eka', { role: 'operator' }, { role: 'admin' }));
  const { entries } = await verify(db);
  const input = {
    subject: 'Jalan',
    reporter_name: 'Pelapor',
    geometry: { type: 'Point', coordinates: [113.7, -8.17] },
  };
  const made = await (await room.post('/api/layers/complaint/features', { input })).json();
  const path = `/api/layers/complaint/features/${made.id}`;
  const edited = await (await room.post(`${path}/edit`, { input: { subject: 'Jalan rusak' } }, made.version)).json();
  expect((await room.post(`/api/audit/${edited.audit}/undo`)).status).toBe(200);
  expect((await room.get(`/ogc/collections/complaint/items/${made.id}`)).status).toBe(200);
  expect((await room.post(`${path}/delete`, { reason: 'Ganda' }, edited.version + 1)).status).toBe(200);
  expect((await room.post(`${path}/restore`)).status).toBe(200);
  await person({ app, parts }, 'warga@jember.test', { role: 'operator' });
  expect((await (await signedIn(app, 'warga@jember.test')).ask('GET', '/api/account')).status).toBe(200);
  const { entries: after, broken } = await verify(db);
  expect(broken).toBeUndefined();
  expect(after).toBeGreaterThanOrEqual(entries + 9);
  expect(complaints).toEqual([]);
});
