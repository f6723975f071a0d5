import { type Kysely, sql, type Transaction } from 'kysely';
import { type Origin, record } from '../audit/record.ts';
import type { Database } from '../database/connect.ts';
import { Problem } from '../registry/problem.ts';
import type { Role } from '../registry/role.ts';
import { makeKey } from './service_keys.ts';
import type { Door } from './tables.ts';

/** A key to be made. `layers` absent: all; `role`: what it may see where it may read. */
export interface NewKey {
  readonly name: string;
  readonly agency: string;
  readonly doors: readonly Door[];
  readonly layers?: readonly string[] | undefined;
  readonly role?: Role | undefined;
  readonly expires_at?: Date | undefined;
}

/** The keys that are or were, newest first; without the keys themselves, which nobody has but who was told. */
export function listKeys(db: Kysely<Database>) {
  return db
    .selectFrom('service_key')
    .select(['id', 'name', 'agency', 'prefix', 'doors', 'layers', 'role'])
    .select(['created_at', 'expires_at', 'last_used_at', 'revoked_at'])
    .orderBy('id', 'desc')
    .execute();
}

/** Makes a key and answers it, this once. */
export async function createKey(
  trx: Transaction<Database>,
  by: Origin,
  { name, agency, doors, layers, role = 'public', expires_at }: NewKey,
): Promise<{ readonly id: number; readonly key: string }> {
  const { key, prefix, hash } = makeKey();
  const told = { name, agency, doors: [...doors], layers: layers ? [...layers] : null, role };
  const { id } = await trx
    .insertInto('service_key')
    .values({
      ...{ ...told, prefix, hash, expires_at: expires_at ?? null, created_by: by.viewer.person?.id ?? null },
      ...{ last_used_at: null, revoked_at: null },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await record(trx, by, { action: 'create_key', after: { key: id, prefix, ...told, expires_at: expires_at ?? null } });
  return { id, key };
}

/** Ends a key, for ever. @throws Problem `not_found` */
export async function revokeKey(trx: Transaction<Database>, by: Origin, id: number): Promise<void> {
  const revoked = await trx
    .updateTable('service_key')
    .set({ revoked_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('prefix')
    .executeTakeFirst();
  if (!revoked) throw new Problem('not_found', 'There is no such key, or it was revoked already.');
  await record(trx, by, { action: 'revoke_key', after: { key: id, prefix: revoked.prefix } });
}
