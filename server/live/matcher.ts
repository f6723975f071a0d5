import { filterColumns } from '../registry/filter/columns.ts';
import { andFilters, type Filter, filterPredicate, viewFilter } from '../registry/filter/filter.ts';
import type { View } from '../registry/view.ts';
import type { LiveCopy } from './copy.ts';

/** Which rows of a view are meant, by slot. */
export type Matches = (slot: number) => boolean;

/**
 * Which rows of the live copy a view shows, and of these a filter chooses; undefined when it is all of them. Columns
 * that the filter reads and no tile carries are read from the database the first time.
 */
export async function matcherOf(live: LiveCopy, view: View, filter?: Filter): Promise<Matches | undefined> {
  const whole = andFilters(viewFilter(view), filter);
  if (!whole) return undefined;
  const { id } = view.layer;
  await live.keep(id, filterColumns(whole));
  let of = live.layer(id);
  let matches = filterPredicate(whole, of.reader);
  return (slot) => {
    if (of.replaced) {
      of = live.layer(id);
      matches = filterPredicate(whole, of.reader);
    }
    return matches(slot);
  };
}
