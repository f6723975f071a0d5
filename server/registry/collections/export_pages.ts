import type { Connection } from '../../database/connect.ts';
import { DatabaseError, sqlState } from '../../database/database_error.ts';
import { heavyRead } from '../../database/heavy_read.ts';
import { andFilters, type Filter, viewFilter } from '../filter/filter.ts';
import type { View } from '../view.ts';
import { crs84 } from './crs.ts';
import type { Cursor } from './cursor.ts';
import { type FeatureRow, rowsFrom } from './items.ts';

/** Few enough to be a moment's work, also where each has the shape of a village. */
const pageRows = 1_000;
/** Turns that may be missed between two pages, of 5 s each. */
const patience = 24;

/**
 * All features of a view that a filter chooses, in the order of their ids. Each page is a question of its own that waits
 * its turn among the heavy ones, so that a long export holds no transaction and nobody else up; it is asked once the
 * page before is taken. None twice, none left out that was there all the time.
 * @throws DatabaseError 57014 when `signal` is aborted; 55P03 for the first page as any question, later after two minutes
 */
export async function* exportPages(
  connection: Connection,
  view: View,
  asked: Filter | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly FeatureRow[], void> {
  const filter = andFilters(viewFilter(view), asked);
  let cursor: Cursor | undefined;
  let missed = 0;
  for (;;) {
    const query = { filter, cursor, limit: pageRows, crs: crs84 };
    let page: readonly FeatureRow[];
    try {
      page = await heavyRead(connection, signal, () => rowsFrom(connection, view, query));
    } catch (error) {
      const busy = error instanceof DatabaseError && error.code === sqlState.waitedTooLong;
      if (!busy || !cursor || ++missed > patience) throw error;
      continue;
    }
    missed = 0;
    yield page;
    const last = page.at(-1);
    if (!last || page.length < pageRows) return;
    cursor = { direction: 'after', id: last.id };
  }
}
