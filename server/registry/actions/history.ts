import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { actorName, isRemoved } from '../../audit/people_told.ts';
import { type Origin, record } from '../../audit/record.ts';
import { actTitle } from '../../audit/titles.ts';
import { transaction } from '../../database/transaction.ts';
import type { Parts } from '../../parts.ts';
import type { Bilingual } from '../attribute.ts';
import type { Layer } from '../layer.ts';
import { Problem } from '../problem.ts';
import { roleIs, roles } from '../role.ts';
import { queryables } from '../schema.ts';
import type { View } from '../view.ts';
import type { Viewer } from '../viewer.ts';
import { visibleChanges } from './conflict.ts';
import { actorsOf, demandPerson, forbidden, may, type Whose } from './may.ts';
import { partOfKey, partsKey } from './parts.ts';
import { readRow, type StoredRow, tellsVersion } from './row.ts';

/** One act on a feature, as far as the viewer may know: values of attributes that they see. */
export interface HistoryEntry {
  readonly id: number;
  readonly at: string;
  readonly by: string | null;
  /** Whoever acted was removed since: the name is not told any more. */
  readonly removed: boolean;
  readonly action: string;
  /** What the action is called. */
  readonly title: Bilingual | null;
  /** Null too where it would tell how many acts are hidden. */
  readonly version: number | null;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly reason: string | null;
  /** Name of the file that it came from. */
  readonly file: string | null;
  readonly undoes: number | null;
}

/** Who reads names and acts of others besides those who act on the feature themselves. */
const readers = roles.filter((role) => roleIs(role, 'readsHistory'));
const mostShown = 100;

/** Whether a viewer may read the history of a feature. */
export function readHistory(viewer: Viewer, layer: Layer, whose: Whose): boolean {
  return viewer.person !== undefined && may(viewer, [...readers, ...actorsOf(layer)], whose);
}

/**
 * Whether an entry of the trail tells of something that a row shows, as SQL: it holds a value of that, or never held any. Of an
 * act on hidden values alone not even is told that there was one.
 */
export function tellsOfShown(view: View, { hidden }: Pick<StoredRow, 'hidden'>): RawBuilder<SqlBool> {
  // Whoever may write what nobody reads may know that it was written.
  const written = [...view.writeOnly.keys()].filter((key) => !hidden.has(key));
  const shown = [...visibleChanges(view, ['geometry', ...queryables(view).keys()], hidden), ...written];
  const values = sql`(coalesce(before, '{}') || coalesce(after, '{}')) - ${partsKey}::text - ${partOfKey}::text`;
  const keys = sql.join(shown.map((key) => sql`${key}::text`));
  return sql`(${values} = '{}' or jsonb_exists_any(${values}, array[${keys}]))`;
}

/** Whether an entry is of the import that added a feature: both have the time of its transaction, to the microsecond. */
function madeByImport(layerId: string, id: number) {
  return sql<boolean>`(feature is null and action = 'import'
    and at = (select created_at from ${sql.table(layerId)} where id = ${id}::bigint))`;
}

/**
 * Who changed what of a feature and when, newest first, at most 100. That somebody looked is written down too. Throws
 * `not_found`, `unauthorized`, `forbidden`.
 */
export async function history(
  { connection, registry }: Pick<Parts, 'connection' | 'registry'>,
  origin: Origin,
  layerId: string,
  id: number,
): Promise<{ readonly entries: readonly HistoryEntry[] }> {
  const { viewer } = origin;
  const view = registry.view(layerId, viewer);
  return transaction(connection.db, async (trx) => {
    const row = await readRow(trx, view, id);
    if (!row) throw new Problem('not_found', `'${layerId}' has no such feature.`);
    demandPerson(viewer);
    if (!readHistory(viewer, view.layer, row)) throw forbidden();
    await record(trx, origin, { action: 'read_history', layer: layerId, feature: id });
    const { rows } = await sql<Omit<HistoryEntry, 'at' | 'title'> & { at: Date }>`
      select id, at, ${actorName} as by, ${isRemoved} as removed, action, version, coalesce(before, '{}') as before, coalesce(after, '{}') as after,
        case when action = 'import' then coalesce(after ->> 'file', reason) end as file,
        case when action <> 'import' then reason end as reason, undoes
      from audit where layer = ${layerId}
        and (feature = ${id}::bigint and version is not null and ${tellsOfShown(view, row)} or ${madeByImport(layerId, id)})
      order by id desc limit ${sql.lit(mostShown)}`.execute(trx);
    const seen = (values: HistoryEntry['after']) =>
      Object.fromEntries(visibleChanges(view, Object.keys(values), row.hidden).map((key) => [key, values[key]]));
    return {
      entries: rows.map((entry) => ({
        ...{ ...entry, at: entry.at.toISOString(), title: actTitle(view.layer, entry.action) },
        version: tellsVersion(view, row) ? entry.version : null,
        before: seen(entry.before),
        after: seen(entry.after),
      })),
    };
  });
}
