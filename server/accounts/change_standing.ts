import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { Problem } from '../registry/problem.ts';

/** How old a session may be, in minutes, to change what is asked no password for. */
const freshMinutes = 10;

/**
 * Whether a session may change how its person comes in. `unproved`: it knows a password alone, of somebody who has more than
 * that; `stale`: it began too long ago to do what is asked no password for.
 */
export type ChangeStanding = 'open' | 'unproved' | 'stale';

/** Where a session stands; undefined when it has ended. */
export async function standingOf(db: Kysely<Database>, session: string): Promise<ChangeStanding | undefined> {
  const { rows } = await sql<{ strong: boolean; fresh: boolean; factor: boolean }>`
    select session.strong, session."createdAt" > now() - make_interval(mins => ${sql.lit(freshMinutes)}) as fresh,
      coalesce(person."twoFactorEnabled", false)
        or exists (select from account_passkey where "userId" = person.id) as factor
    from account_session session join account_user person on person.id = session."userId"
    where session.id = ${session}`.execute(db);
  const [found] = rows;
  if (!found) return undefined;
  const { strong, fresh, factor } = found;
  if (factor && !strong) return 'unproved';
  return fresh ? 'open' : 'stale';
}

/** Throws `forbidden` unless a session that stands so may change how its person comes in; `asksPassword`: it gives the password again. */
export function demandStanding(standing: ChangeStanding, asksPassword: boolean): void {
  if (standing === 'unproved')
    throw new Problem(
      'forbidden',
      'You signed in with the password alone, and this account has a passkey or a second factor: sign in with it. Where it is lost, an admin removes the second factors.',
      undefined,
      { code: 'SECOND_FACTOR_FIRST' },
    );
  if (standing === 'stale' && !asksPassword)
    throw new Problem('forbidden', `You signed in more than ${freshMinutes} minutes ago: sign in again.`, undefined, {
      code: 'SESSION_NOT_FRESH',
    });
}
