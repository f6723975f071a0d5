import { type RawBuilder, sql } from 'kysely';
import type { Connection } from '../../database/connect.ts';
import { andFilters, filterSql, masksOf, rowsOf, viewFilter } from '../filter/filter.ts';
import { queryables } from '../schema.ts';
import type { View } from '../view.ts';
import { countOf } from './count.ts';
import type { Crs } from './crs.ts';
import type { Cursor } from './cursor.ts';
import type { ItemsQuery } from './items_query.ts';
import { ordering, sortColumn } from './sort.ts';

/** A row of a view: `geometry` is GeoJSON text or null, the rest its queryables. */
export type FeatureRow = Readonly<Record<string, unknown>> & { readonly id: number; readonly geometry: string | null };

/** A page of features, in the order of their ids unless asked otherwise. */
export interface ItemsPage {
  readonly rows: readonly FeatureRow[];
  /** All that were asked for, on whatever page. */
  readonly matched: number;
  readonly next: Cursor | undefined;
  readonly previous: Cursor | undefined;
}

/** The features of a view that a query asks for. Throws what the database throws, 57014 after its time limit. */
export async function itemsPage(connection: Connection, view: View, query: ItemsQuery): Promise<ItemsPage> {
  const { limit, cursor, sort } = query;
  const back = cursor?.direction === 'before';
  const filter = andFilters(viewFilter(view), query.filter);
  // One more than asked for tells whether there is another page.
  const rows = await rowsFrom(connection, view, { ...query, filter, limit: limit + 1 });
  const page = rows.slice(0, limit);
  if (back) page.reverse();
  const more = rows.length > limit;
  const matched = cursor || more ? await countOf(connection, view, filter) : rows.length;
  const [first, last] = [page[0], page.at(-1)];
  const at = (direction: Cursor['direction'], row: FeatureRow): Cursor => ({
    ...{ direction, id: row.id },
    ...(sort && { value: typeof row[sortColumn] === 'string' ? row[sortColumn] : null }),
  });
  return {
    rows: page,
    matched,
    next: last && (back || more) ? at('after', last) : undefined,
    previous: first && cursor && (!back || more) ? at('before', first) : undefined,
  };
}

/** A view's features that a filter of the whole layer chooses, from a cursor on; backwards from one that goes back. */
export async function rowsFrom({ db }: Connection, view: View, query: ItemsQuery): Promise<FeatureRow[]> {
  const { cursor, crs, filter, limit, sort } = query;
  const { column, beyond, by } = ordering(view, sort, cursor);
  const { rows } = await sql<FeatureRow>`
    select ${selection(view, crs)}${column} from ${sql.table(view.layer.id)}
    where ${filterSql(filter)} and ${beyond} order by ${by} limit ${sql.lit(limit)}`.execute(db);
  return rows;
}

/** One feature of a view by its id, undefined when the view has none. */
export async function item({ db }: Connection, view: View, id: number, crs: Crs): Promise<FeatureRow | undefined> {
  const { rows } = await sql<FeatureRow>`
    select ${selection(view, crs)} from ${sql.table(view.layer.id)}
    where ${rowsOf(view)} and id = ${id}::bigint`.execute(db);
  return rows[0];
}

/** Geometry with seven decimals, a centimetre; latitude first where the reference system has it so. */
function selection(view: View, { axes }: Crs): RawBuilder<unknown> {
  const geometry = axes === 'lon-lat' ? sql`geom` : sql`st_flipcoordinates(geom)`;
  const masks = masksOf(view);
  const columns = [...queryables(view).keys()].map((key) => {
    const mask = masks.get(key);
    return mask ? sql`case when ${filterSql(mask)} then ${sql.id(key)} end as ${sql.id(key)}` : sql.id(key);
  });
  return sql`id, st_asgeojson(${geometry}, 7) as geometry, ${sql.join(columns)}`;
}
