import { type Entry, record } from '../../audit/record.ts';
import { keepInSeries } from '../../database/series_table.ts';
import { type Acting, type Done, entryOf } from './acting.ts';
import { beforeAfter, told } from './before_after.ts';
import { visibleChanges } from './conflict.ts';
import { type Part, partsKey } from './parts.ts';
import { type Changes, differences, type StoredRow, updateRow } from './row.ts';

/**
 * Writes what is different from a locked row, and its entry in the audit trail; the transaction makes it one. Where nothing
 * is different nothing is written. `more`: what the entry refers to; `parts`: other features that come or go with it. Throws what the database throws when it refuses it.
 */
export async function write(
  { origin, trx, view, wish }: Acting,
  row: StoredRow,
  wanted: Changes,
  {
    parts,
    ...more
  }: Pick<Entry, 'undoes' | 'confirms'> & {
    readonly parts?: Readonly<Record<'before' | 'after', readonly Part[]>>;
  } = {},
): Promise<Done> {
  const { layer } = view;
  const changes = differences(layer, row, wanted);
  const changed = [...Object.keys(changes.values), ...(changes.geometry === undefined ? [] : ['geometry'])];
  if (changed.length === 0) return { layer: layer.id, id: row.id, version: row.version, audit: null, changed };
  const version = await updateRow(trx, layer, row.id, changes);
  if ('observed_at' in changes.values && !layer.moving)
    await keepInSeries(trx, layer, row.id, row.values.observed_at as string | null); // an instant, as text
  const of = beforeAfter(row, changes);
  const [before, after] = [told(layer, of.before), told(layer, of.after)];
  const linked = (values: Entry['after'], ids: readonly Part[]) => ({ ...values, [partsKey]: ids });
  const said = parts ? { before: linked(before, parts.before), after: linked(after, parts.after) } : { before, after };
  const entry = { ...entryOf(wish), feature: row.id, version, ...said, ...more };
  const audit = await record(trx, origin, entry);
  return { layer: layer.id, id: row.id, version, audit, changed: visibleChanges(view, changed, row.hidden) };
}
