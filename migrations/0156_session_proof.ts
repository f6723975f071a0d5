import { type Kysely, sql } from 'kysely';

/**
 * Roles count in a session that proved a second factor itself, no longer in any of a person who has one. Which of theirs did cannot
 * be told, so they sign in once more.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`delete from account_session session using account_user person
    where person.id = session."userId" and person."twoFactorEnabled" and not session.strong`.execute(db);
}
