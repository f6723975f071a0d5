import { type Kysely, sql } from 'kysely';
import { emailDigest } from '../accounts/email_digest.ts';
import type { Database } from '../database/connect.ts';

type Values = Readonly<Record<string, unknown>> | null;

/** What of an entry is about people. */
interface OfPeople {
  readonly at: Date;
  readonly actor: string | null;
  readonly actor_name: string | null;
  readonly before: Values;
  readonly after: Values;
}

/** Who did it and whose account it was about, as it may be told. */
export interface PeopleTold {
  readonly actor_name: string | null;
  /** Whoever did it was removed since; what they were called is not told any more. */
  readonly removed: boolean;
  /** Whose account it was about; the name is null where they were removed. */
  readonly account: { readonly id: string; readonly name: string | null } | null;
  readonly before: Values;
  readonly after: Values;
}

/** SQL: whether the actor of a row of `audit` was removed since. */
export const isRemoved = sql<boolean>`exists (select from account_removed where account_removed.id = audit.actor)`;

/** SQL of the name of that actor, null for who was removed since. */
export const actorName = sql<string | null>`case when ${isRemoved} then null else actor_name end`;

/** Of entries that speak of no feature: who they are about, without the names and addresses of who was removed since. */
export async function peopleTold(
  db: Kysely<Database>,
  entries: readonly OfPeople[],
): Promise<(entry: OfPeople) => PeopleTold> {
  const ids = new Set(entries.flatMap((entry) => [entry.actor, accountOf(entry)]).filter((id) => id !== null));
  const digests = new Set(entries.map(digestOf).filter((digest) => digest !== null));
  const list = (values: ReadonlySet<string>) =>
    sql`(select json_array_elements_text(${JSON.stringify([...values])}::text::json))`;
  const { rows: people } = await sql<{ id: string; name: string }>`
    select id, name from account_user where id in ${list(ids)}`.execute(db);
  const { rows: gone } = await sql<{ id: string; email_digest: string; removed_at: Date }>`
    select id, email_digest, removed_at from account_removed
    where id in ${list(ids)} or email_digest in ${list(digests)}`.execute(db);
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const removed = new Set(gone.map(({ id }) => id));
  return (entry) => {
    const id = accountOf(entry);
    const digest = digestOf(entry);
    // The same address may be another person's later.
    const hides =
      (id !== null && removed.has(id)) ||
      gone.some(({ email_digest, removed_at }) => email_digest === digest && entry.at <= removed_at);
    const isRemoved = entry.actor !== null && removed.has(entry.actor);
    return {
      ...{ actor_name: isRemoved ? null : entry.actor_name, removed: isRemoved },
      account: id === null ? null : { id, name: names.get(id) ?? null },
      before: hides ? nameless(entry.before) : entry.before,
      after: hides ? nameless(entry.after) : entry.after,
    };
  };
}

function accountOf({ before, after }: OfPeople): string | null {
  const account = after?.account ?? before?.account;
  return typeof account === 'string' ? account : null;
}

function digestOf({ after }: OfPeople): string | null {
  return typeof after?.email === 'string' ? emailDigest(after.email) : null;
}

function nameless(values: Values): Values {
  return values && Object.fromEntries(Object.entries(values).filter(([key]) => key !== 'name' && key !== 'email'));
}
