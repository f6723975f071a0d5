import { type Kysely, sql } from 'kysely';

/**
 * Who was removed: what they did stays in the audit trail under this id, and the trail's readers are told no name and no address
 * of theirs. The digest tells an entry by the address alone, such as of a wrong password, and keeps no address.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table account_removed (
    id text primary key,
    email_digest text not null,
    removed_at timestamptz not null default now()
  )`.execute(db);
  await sql`create index on account_removed (email_digest)`.execute(db);
}
