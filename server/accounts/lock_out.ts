import { hash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { type Origin, originColumns, originValues } from '../audit/record.ts';
import type { Database } from '../database/connect.ts';
import { emailDigest } from './email_digest.ts';

const minutes = 15;
/**
 * Wrong passwords in a row, within the minutes above, from one network address and from anywhere: at most 100 an hour at one
 * account (OWASP ASVS 4.0.3, 2.2.1).
 */
const limits = { here: 5, anywhere: 25 } as const;

/**
 * Counts a try at somebody's password before it is looked at, so that many at once are all counted. True: it may go on.
 * Beyond the limits it may not for 15 minutes, whether there is such a person or not. An address locks out only itself,
 * unless the tries come from everywhere. The first try that is refused is an entry of the trail.
 */
export async function mayTry(
  db: Kysely<Database>,
  email: string,
  address: string | undefined,
  origin: Origin,
): Promise<boolean> {
  const [here, anywhere] = subjectsOf(email, address);
  const about = { by: 'sign-in/email', email: toldEmail(email) };
  // One after the other, and the narrow one first: who is locked out here adds nothing to the count of all.
  return (
    (await count(db, here, limits.here, origin, about)) && (await count(db, anywhere, limits.anywhere, origin, about))
  );
}

/** The address somebody tried to come in with as the trail has it, so that who looks there sees whom it was about. */
export function toldEmail(email: string): string {
  return email.slice(0, 200).replaceAll('\0', '');
}

/** Forgets the tries at somebody's password once it was right. */
export async function forgetTries(db: Kysely<Database>, email: string, address: string | undefined): Promise<void> {
  await db.deleteFrom('account_attempt').where('subject', 'in', subjectsOf(email, address)).execute();
}

/** Lets somebody try again at once, from anywhere: an admin's word. */
export async function unlock(db: Kysely<Database>, email: string): Promise<void> {
  await db
    .deleteFrom('account_attempt')
    .where('subject', 'like', `${emailDigest(email)}%`)
    .execute();
}

/** Counts and, where that locks somebody out, says so: one statement, so that there is never one without the other. */
async function count(
  db: Kysely<Database>,
  subject: string,
  limit: number,
  origin: Origin,
  about: Readonly<Record<string, string>>,
): Promise<boolean> {
  const { rows } = await sql<{ allowed: boolean }>`
    with counted as (
      insert into account_attempt as tried (subject, failures, last_at) values (${subject}, 1, now())
      on conflict (subject) do update set
        failures = case when tried.last_at < now() - make_interval(mins => ${minutes}) then 1 else tried.failures + 1 end,
        -- Tries while it is locked do not keep it locked.
        last_at = case when tried.failures >= ${limit} and tried.last_at >= now() - make_interval(mins => ${minutes})
          then tried.last_at else now() end
      returning failures
    ), noted as (
      insert into audit (${originColumns}, action, after)
      select ${originValues(origin)}, 'locked_out', ${JSON.stringify(about)}::text::jsonb
      from counted where failures = ${limit} + 1
    )
    select failures <= ${limit} as allowed from counted`.execute(db);
  return rows[0]!.allowed;
}

/** No e-mail address stands in this table: anybody can write any into it. */
function subjectsOf(email: string, address: string | undefined): [here: string, anywhere: string] {
  const digested = emailDigest(email);
  return [`${digested} ${address ?? ''}`, digested];
}

/** Whether this is the first time somebody comes with a code: one that was looked over a shoulder is worth nothing. */
export async function isFirstUse(db: Kysely<Database>, account: string, code: string): Promise<boolean> {
  const { rows } = await sql`
    insert into account_attempt (subject, failures, last_at)
    values (${`code ${hash('sha256', `${account} ${code.replace(/\s/g, '')}`, 'base64url')}`}, 0, now())
    on conflict do nothing returning 1`.execute(db);
  return rows.length > 0;
}

/** Removes counts that have run out, and codes that would not be taken any more. */
export async function tidyTries(db: Kysely<Database>): Promise<void> {
  await sql`delete from account_attempt where last_at < now() - make_interval(mins => ${minutes})`.execute(db);
}
