import type { Kysely } from 'kysely';
import { replaceSeal } from '../server/audit/seal.ts';

/** From here on an entry's id is part of what is hashed, for others point to it; what was sealed before stays as it is. */
export function up(db: Kysely<unknown>): Promise<void> {
  return replaceSeal(db);
}
