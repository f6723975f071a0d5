import type { RawBuilder, SqlBool } from 'kysely';
import { isTrusted } from '../database/series_table.ts';
import type { Attribute } from './attribute.ts';
import { filterSql, masksOf, rowsOf } from './filter/filter.ts';
import { Problem } from './problem.ts';
import type { View } from './view.ts';

/** What of a view's series may be told, and how it is asked for. */
export interface SeriesSource {
  /** The attributes that are kept and visible, in the order they are kept. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Whether a row of the series is to be trusted. */
  readonly trusted: RawBuilder<SqlBool>;
  /** The rows of the layer that the view shows. */
  readonly rows: RawBuilder<SqlBool>;
  /** Whether a row of the layer shows an attribute; without an entry every row does. */
  readonly masks: ReadonlyMap<string, RawBuilder<SqlBool>>;
}

/**
 * The series of a view.
 * @throws Problem `not_found` when the view shows none.
 */
export function seriesSource(view: View): SeriesSource {
  const { layer } = view;
  const kept = layer.series?.attributes ?? [];
  const attributes = new Map(
    kept.flatMap((key) => {
      const attribute = view.attributes.get(key);
      return attribute ? [[key, attribute] as const] : [];
    }),
  );
  if (!layer.series || (attributes.size === 0 && !layer.moving))
    throw new Problem('not_found', `No series is kept of the layer '${layer.id}'.`);
  return {
    attributes,
    trusted: isTrusted(layer),
    rows: rowsOf(view),
    masks: new Map(
      [...masksOf(view)].flatMap(([key, mask]) => (attributes.has(key) ? [[key, filterSql(mask)] as const] : [])),
    ),
  };
}

/** Quantities are averaged, but not angles: the mean of 350° and 10° is not 180°. */
export function isAveraged({ kind, ...attribute }: Attribute): boolean {
  return (kind === 'number' || kind === 'integer') && !('unit' in attribute && attribute.unit === 'deg');
}
