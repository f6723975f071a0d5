import { type Kysely, sql } from 'kysely';
import type { Connection, Database } from '../database/connect.ts';
import { transaction } from '../database/transaction.ts';
import { sealAudit } from './seal.ts';
import { trailWeaknesses } from './weaknesses.ts';

/** Owns the trail; nobody signs in as it. */
const owner = 'pendopo_audit';

/**
 * Takes the audit trail out of the hands of the role that `app` signs in as: it goes on reading it and adding to it, and
 * can no longer change, remove or replace any of it. `admin`: a superuser, in the same database. Doing it again does no
 * harm.
 * @throws Error when they are not that, or when the application's role could change the trail all the same.
 */
export async function protect(app: Connection, admin: Connection): Promise<void> {
  const [mine, theirs] = [await whereIs(app.db), await whereIs(admin.db)];
  if (mine.database !== theirs.database || mine.started !== theirs.started)
    throw new Error(
      `ADMIN_URL leads to the database ${theirs.database}, DATABASE_URL to ${mine.database}: it must be the same.`,
    );
  if (!theirs.superuser) throw new Error(`The role ${theirs.role} in ADMIN_URL is no superuser.`);
  if (mine.superuser)
    throw new Error(
      `The role ${mine.role} in DATABASE_URL is a superuser, whom no privilege holds back. Give the program a role of its own (docs/actions.md).`,
    );
  await transaction(admin.db, (trx) => handOver(trx, mine));
  const left = await trailWeaknesses(app.db);
  if (left.length > 0) throw new Error(`The role ${mine.role} could still change the trail: ${left.join('; ')}.`);
}

interface Where {
  readonly role: string;
  readonly superuser: boolean;
  readonly database: string;
  /** Tells one server from another. */
  readonly started: string;
  readonly schema: string;
}

async function whereIs(db: Kysely<Database>): Promise<Where> {
  const { rows } = await sql<Where>`
    select current_user::text as role, rolsuper as superuser, current_database()::text as database,
      pg_postmaster_start_time()::text as started,
      (select nspname::text from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where pg_class.oid = to_regclass('audit')) as schema
    from pg_roles where rolname = current_user`.execute(db);
  return rows[0]!;
}

async function handOver(trx: Kysely<Database>, { role, database, schema }: Where): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(trx);
  const { rows } = await sql`select from pg_roles where rolname = ${owner}`.execute(trx);
  if (rows.length === 0) await run(`create role ${owner} nologin`);
  const [app, home] = [quoted(role), quoted(schema)];
  await run(sealAudit(schema));
  // The guard runs within the sealing, with its rights.
  for (const what of ['table audit', 'table audit_head', 'function seal_audit()', 'function guard_audit()']) {
    const [kind, name] = what.split(' ');
    await run(`alter ${kind} ${home}.${name} owner to ${owner}`);
  }
  await run(`revoke ${owner} from ${app}`);
  await run(`revoke all on ${home}.audit, ${home}.audit_head from ${app}, public`);
  await run(`grant select, insert on ${home}.audit to ${app}`);
  await run(`grant select on ${home}.audit_head to ${app}`);
  // Who owns the database or the schema could drop the trail and make another.
  await run(`grant usage on schema ${home} to ${owner}`);
  await run(`grant usage, create on schema ${home} to ${app}`);
  await run(`grant connect, create, temporary on database ${quoted(database)} to ${app}`);
  const { rows: held } = await sql<{ database: boolean; schema: boolean }>`
    select pg_has_role(${role}, datdba, 'MEMBER') as database,
      (select pg_has_role(${role}, nspowner, 'MEMBER') from pg_namespace where nspname = ${schema}) as schema
    from pg_database where datname = current_database()`.execute(trx);
  if (held[0]?.database) await run(`alter database ${quoted(database)} owner to current_user`);
  // That of a database's owner, pg_database_owner, has changed hands with it.
  if (held[0]?.schema && !held[0].database) await run(`alter schema ${home} owner to current_user`);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
