import { type Kysely, sql } from 'kysely';

/**
 * How a session was begun, and how long it lasts: half an hour after it was last used and twelve hours in all, a shift and its
 * handover (OWASP ASVS 4.0.3, 3.3.2, level 2). Here, so that no way of making or lengthening one gets round it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // By a passkey or the single sign-on, which ask for more than a password themselves.
  'alter table account_session add column strong boolean not null default false',
  `create function limit_session() returns trigger language plpgsql as $$
  begin
    new."expiresAt" := least(new."expiresAt", now() + interval '30 minutes', new."createdAt" + interval '12 hours');
    return new;
  end $$`,
  `create trigger limit_session before insert or update on account_session
    for each row execute function limit_session()`,
];
