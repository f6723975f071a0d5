import { sql } from 'kysely';
import { position } from '../../database/change_log.ts';
import type { Connection } from '../../database/connect.ts';
import { type Filter, filterKey, filterSql } from '../filter/filter.ts';
import type { View } from '../view.ts';

/** Counts remembered for each database. */
const capacity = 200;
const remembered = new WeakMap<Connection, Map<string, number>>();

/**
 * How many rows of a view a filter chooses. Counting 650,000 rows takes 40 ms and more, and every page of a walk through
 * them says the same number, so it is remembered until the change log moves on.
 */
export async function countOf(connection: Connection, view: View, filter: Filter | undefined): Promise<number> {
  // Read before the count: a change in between moves the log, and what is remembered here is never found again.
  const { epoch, seq } = await position(connection.db);
  const key = `${epoch}:${seq}:${view.layer.id}:${filterKey(filter)}`;
  const counts = remembered.get(connection) ?? new Map<string, number>();
  remembered.set(connection, counts);
  const known = counts.get(key);
  if (known !== undefined) return known;
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(view.layer.id)} where ${filterSql(filter)}`.execute(connection.db);
  const count = rows[0]!.count;
  if (counts.size >= capacity) counts.delete(counts.keys().next().value!);
  counts.set(key, count);
  return count;
}
