import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Grant } from '../registry/viewer.ts';
import { grantPolygon, grantsIn } from './sessions.ts';

/** What a person may be at this moment; nothing for one who is locked, or not there any more. */
export async function grantsOf(db: Kysely<Database>, account: string): Promise<readonly Grant[]> {
  const person = await db
    .selectFrom('account_user')
    .select('id')
    .where('id', '=', account)
    .where('lockedAt', 'is', null)
    .executeTakeFirst();
  if (!person) return [];
  const held = await db
    .selectFrom('account_grant')
    .select(['role', 'agency', 'areas', grantPolygon.as('polygon')])
    .where('user_id', '=', account)
    .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<Date>`now()`)]))
    .orderBy('id')
    .execute();
  return grantsIn(held);
}
