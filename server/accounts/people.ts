import { hash, randomBytes, randomUUID } from 'node:crypto';
import type { MultiPolygon } from 'geojson';
import { type Kysely, sql, type Transaction } from 'kysely';
import { type Origin, record } from '../audit/record.ts';
import type { Database } from '../database/connect.ts';
import type { FieldError } from '../registry/actions/input.ts';
import { withdrawAll } from '../registry/actions/withdraw_all.ts';
import { Problem } from '../registry/problem.ts';
import type { Role } from '../registry/role.ts';
import { linkPath, linkSeconds } from './auth.ts';
import { emailDigest } from './email_digest.ts';
import { unlock } from './lock_out.ts';
import { grantPolygon } from './sessions.ts';
import { forgetVerifications } from './verifications.ts';

/** A role to be given. `areas` are Kemendagri codes, `polygon` is an outline, both absent: the whole region; `expires_at` an instant. */
export interface NewGrant {
  readonly role: Role;
  readonly agency?: string | undefined;
  readonly areas?: readonly string[] | undefined;
  readonly polygon?: MultiPolygon | undefined;
  readonly expires_at?: Date | undefined;
}

/** A person as the admin sees them; instants are ISO texts. */
export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly locked_at: string | null;
  readonly has_password: boolean;
  readonly second_factor: boolean;
  readonly passkeys: number;
  readonly sessions: number;
  readonly last_seen: string | null;
  readonly grants: readonly {
    readonly id: number;
    readonly role: Role;
    readonly agency: string | null;
    readonly areas: readonly string[] | null;
    readonly polygon: MultiPolygon | null;
    readonly expires_at: string | null;
  }[];
}

/** Everybody, by name. */
export async function listPeople(db: Kysely<Database>): Promise<readonly PersonRow[]> {
  const { rows } = await sql<{ person: PersonRow }>`
    select json_build_object(
      'id', person.id, 'name', person.name, 'email', person.email, 'locked_at', person."lockedAt",
      'has_password', exists (select 1 from account_credential where "userId" = person.id and password is not null),
      'second_factor', coalesce(person."twoFactorEnabled", false),
      'passkeys', (select count(*) from account_passkey where "userId" = person.id),
      'sessions', (select count(*) from account_session where "userId" = person.id and "expiresAt" > now()),
      'last_seen', (select max("updatedAt") from account_session where "userId" = person.id),
      'grants', (select coalesce(json_agg(json_build_object('id', id, 'role', role, 'agency', agency, 'areas', areas,
        'polygon', ${grantPolygon}, 'expires_at', expires_at) order by id), '[]') from account_grant where user_id = person.id)
    ) as person
    from account_user person order by lower(person.name), person.id`.execute(db);
  return rows.map(({ person }) => person);
}

/** Makes a person with roles. Answers the id. @throws Problem `conflict` when the address is somebody's already */
export async function createPerson(
  trx: Transaction<Database>,
  by: Origin,
  { email, name, grants }: { readonly email: string; readonly name: string; readonly grants: readonly NewGrant[] },
): Promise<string> {
  const now = new Date();
  const made = await trx
    .insertInto('account_user')
    .values({
      ...{ id: randomUUID(), name, email: email.toLowerCase(), emailVerified: false, createdAt: now, updatedAt: now },
      ...{ twoFactorEnabled: false, lockedAt: null },
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!made) {
    const error: FieldError = { pointer: '#/email', code: 'taken', detail: 'somebody has this address' };
    throw new Problem('conflict', `There is already an account for ${email}.`, { email: 'taken' }, { errors: [error] });
  }
  await record(trx, by, { action: 'create_account', after: { account: made.id, name, email: email.toLowerCase() } });
  for (const grant of grants) await giveRole(trx, by, made.id, grant);
  return made.id;
}

/**
 * A link to choose a password: path and query, for 24 hours and once; earlier ones end. Whoever tried too often may try
 * again: they have the admin's word now. @throws Problem `not_found`
 */
export async function newLink(trx: Transaction<Database>, by: Origin, account: string): Promise<string> {
  const { email } = await personNamed(trx, account);
  await unlock(trx, email);
  await forgetVerifications(trx, account);
  const token = randomBytes(24).toString('base64url');
  // As better-auth stores what it looks for (`storeIdentifier: 'hashed'`), but in our transaction.
  const identifier = hash('sha256', `reset-password:${token}`, 'base64url');
  const expiresAt = new Date(Date.now() + linkSeconds * 1000);
  await trx
    .insertInto('account_verification')
    .values({ id: randomUUID(), identifier, value: account, expiresAt })
    .execute();
  await record(trx, by, { action: 'make_link', after: { account, expires_at: expiresAt } });
  return linkPath(token);
}

/** Gives a person a role. @throws Problem `not_found` */
export async function giveRole(
  trx: Transaction<Database>,
  by: Origin,
  account: string,
  {
    role,
    agency = null,
    areas,
    polygon = null,
    expires_at = null,
  }: {
    readonly [K in keyof NewGrant]: NewGrant[K] | null;
  } & { readonly role: Role },
): Promise<void> {
  await personNamed(trx, account);
  const held = { role, agency, areas: areas ? [...areas] : null, expires_at };
  await trx
    .insertInto('account_grant')
    .values({
      ...{ user_id: account, ...held, granted_by: by.viewer.person?.id ?? null },
      polygon: polygon && sql`st_setsrid(st_geomfromgeojson(${JSON.stringify(polygon)}), 4326)`,
    })
    .execute();
  await record(trx, by, { action: 'give_role', after: { account, ...held, ...(polygon && { polygon }) } });
}

/** Takes a role away. @throws Problem `not_found`; `conflict` for the last admin's */
export async function takeRole(trx: Transaction<Database>, by: Origin, grant: number): Promise<void> {
  const taken = await trx
    .deleteFrom('account_grant')
    .where('id', '=', grant)
    .returning(['user_id', 'role', 'agency', 'areas', 'expires_at', grantPolygon.as('polygon')])
    .executeTakeFirst();
  if (!taken) throw new Problem('not_found', 'There is no such role.');
  await keepAnAdmin(trx);
  const { user_id: account, polygon, ...held } = taken;
  await record(trx, by, { action: 'take_role', before: { account, ...held, ...(polygon && { polygon }) } });
}

/** Locks a person out, ending all sessions, or lets them in again. @throws Problem `not_found`; `conflict` for the last admin */
export async function setLocked(
  trx: Transaction<Database>,
  by: Origin,
  account: string,
  locked: boolean,
): Promise<void> {
  await personNamed(trx, account);
  await trx
    .updateTable('account_user')
    .set({ lockedAt: locked ? new Date() : null })
    .where('id', '=', account)
    .execute();
  if (locked) {
    await trx.deleteFrom('account_session').where('userId', '=', account).execute();
    await forgetVerifications(trx, account);
  }
  await keepAnAdmin(trx);
  await record(trx, by, { action: locked ? 'lock_account' : 'unlock_account', after: { account } });
}

/** For who lost the telephone: second factor and passkeys are gone, and every session. @throws Problem `not_found` */
export async function removeSecondFactors(trx: Transaction<Database>, by: Origin, account: string): Promise<void> {
  await personNamed(trx, account);
  await sql`delete from account_two_factor where "userId" = ${account}`.execute(trx);
  await trx.deleteFrom('account_passkey').where('userId', '=', account).execute();
  await forgetVerifications(trx, account);
  await trx.deleteFrom('account_session').where('userId', '=', account).execute();
  await trx.updateTable('account_user').set({ twoFactorEnabled: false }).where('id', '=', account).execute();
  await record(trx, by, { action: 'remove_second_factors', after: { account } });
}

/**
 * Removes a person for good: account, roles, sessions and every way to come in; what they asked a second person for is withdrawn.
 * What they did stays in the trail, which names them no more. @throws Problem `not_found`; `conflict` for the last admin
 */
export async function removePerson(trx: Transaction<Database>, by: Origin, account: string): Promise<void> {
  const { email } = await personNamed(trx, account);
  await withdrawAll(trx, by, account);
  await unlock(trx, email);
  await forgetVerifications(trx, account);
  // Whatever else is theirs goes with it (`on delete cascade`).
  await trx.deleteFrom('account_user').where('id', '=', account).execute();
  await keepAnAdmin(trx);
  await trx
    .insertInto('account_removed')
    .values({ id: account, email_digest: emailDigest(email) })
    .execute();
  await record(trx, by, { action: 'remove_account', after: { account } });
}

/** A person's name and address. @throws Problem `not_found` */
export async function personNamed(
  db: Kysely<Database>,
  account: string,
): Promise<{ readonly name: string; readonly email: string }> {
  const person = await db
    .selectFrom('account_user')
    .select(['name', 'email'])
    .where('id', '=', account)
    .executeTakeFirst();
  if (!person) throw new Problem('not_found', 'There is no such person.');
  return person;
}

/** Whether somebody can still give roles; asked after each act that could take the last one who does, under one lock. */
async function keepAnAdmin(trx: Transaction<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(7080)`.execute(trx);
  const { rows } = await sql`
    select 1 from account_grant held join account_user person on person.id = held.user_id
    where held.role = 'admin' and held.agency is null and held.areas is null and held.polygon is null and person."lockedAt" is null
      and (held.expires_at is null or held.expires_at > now()) limit 1`.execute(trx);
  if (rows.length === 0)
    throw new Problem(
      'conflict',
      'This is the last admin: make another one first, or nobody could give roles any more.',
    );
}
