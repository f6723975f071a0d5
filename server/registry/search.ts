import { type RawBuilder, sql } from 'kysely';
import type { Connection } from '../database/connect.ts';
import { exactName, isGivenCode, madeCodePrefix } from '../database/layer_table.ts';
import { type AreaLayer, areaLayers } from './areas.ts';
import type { Bbox } from './catalogue.ts';
import { filterSql, masksOf, rowsOf } from './filter/filter.ts';
import type { View } from './view.ts';

/** One thing that was found. */
export interface SearchResult {
  readonly layer: string;
  readonly id: number;
  readonly name: string;
  /** One that people know: none that an import made up. */
  readonly code: string | null;
  /** Name of the village or district it lies in, if known. */
  readonly area: string | null;
  /** A point on it, longitude and latitude; null when it has no place yet. */
  readonly center: readonly [lon: number, lat: number] | null;
  readonly bbox: Bbox | null;
}

/** Candidates looked at per layer: a word that half the rows contain must not be sorted in full. */
const candidates = 100;

interface Row {
  readonly layer: string;
  readonly id: number;
  readonly name: string;
  readonly code: string | null;
  readonly area: string | null;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly west: number | null;
  readonly south: number | null;
  readonly east: number | null;
  readonly north: number | null;
}

/**
 * Things whose name, code or searched attributes contain `text` (start with it, where it is too short to be looked up
 * within words), in the given views: exact first, then those that start with it, then the shortest name. At most `limit`.
 */
export async function search(
  connection: Connection,
  views: readonly View[],
  text: string,
  limit: number,
): Promise<SearchResult[]> {
  const wanted = text.trim().normalize('NFC');
  if (wanted === '' || views.length === 0) return [];
  const escaped = wanted.replace(/[\\%_]/g, '\\$&');
  const pattern = patternOf(wanted, escaped);
  const found = sql.join(
    views.map((view) => candidatesOf(view, wanted, pattern)),
    sql` union all `,
  );
  const { rows } = await sql<Row>`
    with found as (${found}), best as (
      select *, case when lower(name) = lower(${wanted}) or code = ${wanted} then 0 when name ilike ${`${escaped}%`} then 1 else 2 end as rank
      from found order by rank, length(name), name, layer, id limit ${sql.lit(limit)}
    )
    select best.layer, best.id, best.name, best.code, coalesce(${sql.join(areaLayers.map((id) => sql.ref(`${id}.name`)))}) as area,
      st_x(st_pointonsurface(best.geom)) as lon, st_y(st_pointonsurface(best.geom)) as lat,
      st_xmin(best.geom) as west, st_ymin(best.geom) as south, st_xmax(best.geom) as east, st_ymax(best.geom) as north
    from best ${sql.join(areaLayers.map(areaJoin), sql` `)}
    order by best.rank, length(best.name), best.name, best.layer, best.id`.execute(connection.db);
  return rows.map(({ layer, id, name, code, area, lon, lat, west, south, east, north }) => ({
    layer,
    id,
    name,
    code: code?.startsWith(madeCodePrefix) ? null : code,
    area,
    center: lon === null || lat === null ? null : [lon, lat],
    bbox: west === null || south === null || east === null || north === null ? null : [west, south, east, north],
  }));
}

/**
 * What a trigram index can look up (pg_trgm: three letters or digits in a row, with two blanks before a word and one
 * behind it); anything else would read every row. Signs alone are no more than a code: undefined.
 */
function patternOf(wanted: string, escaped: string): string | undefined {
  if ([...wanted].length >= 3 && /[\p{L}\p{N}]{3}|[^\p{L}\p{N}][\p{L}\p{N}]|[\p{L}\p{N}]{2}[^\p{L}\p{N}]/u.test(wanted))
    return `%${escaped}%`;
  return /[\p{L}\p{N}]/u.test(wanted) ? `${escaped}%` : undefined;
}

/** An area has its own code: it lies in no other of its kind. */
function areaJoin(id: AreaLayer): RawBuilder<unknown> {
  return sql`left join ${sql.table(id)} on ${sql.ref(`${id}.code`)} = best.area_code and best.layer <> ${sql.lit(id)}`;
}

function candidatesOf(view: View, wanted: string, pattern: string | undefined): RawBuilder<unknown> {
  const { layer } = view;
  const searched = [...new Set(['code', layer.name, ...(layer.search ?? [])])].filter(
    (key) => key === 'code' || view.attributes.has(key),
  );
  const visible = rowsOf(view);
  const masks = masksOf(view);
  const shown = (key: string) => {
    const mask = masks.get(key);
    return mask ? sql`${visible} and ${filterSql(mask)}` : visible;
  };
  const name = sql.ref(layer.name);
  const columns = sql`${sql.lit(layer.id)}::text as layer, id, ${name}::text as name, code, area_code, geom`;
  const table = sql.table(layer.id);
  // One branch a column, each with an index of its own; an `or` over them would read the whole table.
  const branches = (pattern === undefined ? [] : searched).map((key) => {
    const indexed = key === 'code' ? sql`and ${sql.raw(isGivenCode)}` : sql``;
    return sql`(select ${columns} from ${table} where ${sql.ref(key)} ilike ${pattern} ${indexed} and ${shown(key)} limit ${sql.lit(candidates)})`;
  });
  const exact = [
    sql`(select ${columns} from ${table} where code = ${wanted} and ${visible})`,
    // Found by itself: among many that contain the word, the one that is called so may be past the limit.
    sql`(select ${columns} from ${table} where ${sql.raw(exactName(layer.name))} = lower(left(${wanted}, 100))
      and lower(${name}) = lower(${wanted}) and ${shown(layer.name)} limit ${sql.lit(candidates)})`,
  ];
  return sql`(select distinct on (id) * from (${sql.join([...exact, ...branches], sql` union all `)}) as branch)`;
}
