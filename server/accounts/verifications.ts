import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/**
 * Ends whatever was begun for a person and not finished: links to choose a password, sign-ins that wait for a second
 * factor, devices that were trusted. Their rows have the person's id as value; what each is for is hashed.
 */
export async function forgetVerifications(db: Kysely<Database>, account: string): Promise<void> {
  await sql`delete from account_verification where value = ${account}`.execute(db);
}
