import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Layer } from '../registry/layer.ts';
import type { FeedRecord } from './pull/feed.ts';

const dayMs = 86_400_000;

/** Deletes the rows of a layer whose time is over, whoever wrote them, marks those that are past, and empties what a layer forgets. */
export async function letPass(db: Kysely<Database>, { id, leaves, past, forgets }: Layer): Promise<void> {
  const ago = (hours: number): RawBuilder<unknown> => sql`now() - make_interval(hours => ${hours}::int)`;
  if (leaves) {
    const isOver =
      'at' in leaves ? sql`${sql.ref(leaves.at)} <= now()` : sql`observed_at <= ${ago(leaves.afterDays * 24)}`;
    await sql`delete from ${sql.table(id)} where ${isOver}`.execute(db);
  }
  if (past) {
    const column = sql.ref(past.attribute);
    await sql`update ${sql.table(id)} set ${column} = true
      where observed_at <= ${ago(past.afterHours)} and ${column} is not true`.execute(db);
  }
  if (forgets) {
    const columns = forgets.attributes.map((key) => sql.ref(key));
    await sql`update ${sql.table(id)} set ${sql.join(columns.map((column) => sql`${column} = null`))}
      where ${sql.ref(forgets.when.attribute)} in (${sql.join(forgets.when.values)})
        and (${sql.join(
          columns.map((column) => sql`${column} is not null`),
          sql` or `,
        )})`.execute(db);
  }
}

/** Whether a record's time is over at a moment (milliseconds since 1970): it would leave as soon as it was written. */
export function isPassed(
  { leaves }: Pick<Layer, 'leaves'>,
  { observedAt, values }: Pick<FeedRecord, 'observedAt' | 'values'>,
  now: number,
): boolean {
  if (!leaves) return false;
  if ('afterDays' in leaves) return Date.parse(observedAt) + leaves.afterDays * dayMs <= now;
  const end = values[leaves.at];
  return typeof end === 'string' && Date.parse(end) <= now;
}
