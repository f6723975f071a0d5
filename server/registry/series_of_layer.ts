import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Connection } from '../database/connect.ts';
import { seriesTable } from '../database/series_table.ts';
import { transaction } from '../database/transaction.ts';
import type { Bbox } from './catalogue.ts';
import { filterOf, filterSql } from './filter/filter.ts';
import { attributesOf } from './layer.ts';
import { Problem } from './problem.ts';
import { commonProperties } from './schema.ts';
import { type DerivedAttribute, derivedOf } from './series_derived.ts';
import { type Buckets, rfc3339, type SeriesQuery } from './series_query.ts';
import { type SeriesSource, seriesSource } from './series_source.ts';
import type { View } from './view.ts';

/** Observations that one answer holds at most, and about how many it has when nobody says how finely they are wanted. */
const mostRows = 250_000;
const goodRows = 100_000;
/** How long before the beginning it is looked for what was known then. */
const lookbackMs = 86_400_000;

/** How the things of a layer were, over a time, in columns: those of `observations` hold the rows of one thing after the other's. */
export interface LayerSeries {
  readonly layer: string;
  /** RFC 3339 in UTC. */
  readonly from: string;
  readonly to: string;
  /** Seconds; of what was said of a thing in so long a time, the last. */
  readonly resolution: number;
  readonly id: readonly number[];
  /** How many observations each has. The first may be from before `from`: what was known then. */
  readonly rows: readonly number[];
  /** Where each is, degrees; not of what moves. */
  readonly lon?: readonly (number | null)[];
  readonly lat?: readonly (number | null)[];
  /** What each is, at any time. */
  readonly properties: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
  /**
   * `observed_at` in seconds since 1970, what is kept of the layer, what the database derives of it, and `lon` and `lat` of
   * what moves. Null: not said then, so as before.
   */
  readonly observations: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
}

/** How many buckets a series of so many things has. */
export function bucketsOf(things: number): Buckets {
  return { good: goodRows / Math.max(1, things), most: mostRows / Math.max(1, things), least: 5 };
}

/** What is asked of a layer: a part of the map in degrees, or everywhere. */
export interface SeriesOfLayerQuery extends SeriesQuery {
  readonly bbox: Bbox | undefined;
}

/** The things of a view that are in the box, now or, of what moves, at any time asked for. Throws `not_found` without a series. */
export async function countThings(
  { db }: Connection,
  view: View,
  query: Omit<SeriesOfLayerQuery, 'resolution'>,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::float8 as count from ${sql.table(view.layer.id)} where ${chosen(view, query)}`.execute(db);
  return rows[0]!.count;
}

/**
 * How the things of a view were, as JSON of a {@link LayerSeries}: of each what was known at the beginning, and what was said
 * since, no more often than the resolution; what is not to be trusted is left out. The row itself counts as the newest observation.
 * @throws Problem `not_found` when the view keeps no series, `too_large`.
 */
export async function seriesOfLayer({ db }: Connection, view: View, query: SeriesOfLayerQuery): Promise<string> {
  const { layer } = view;
  const source = seriesSource(view);
  const derived = await derivedOf(db, view);
  const place = layer.moving ? ['lon', 'lat'] : [];
  const told = ['observed_at', ...place, ...source.attributes.keys(), ...derived.map(({ key }) => key)];
  const constant = view.tile.filter(
    (key) =>
      key === layer.name ||
      layer.series?.constant?.includes(key) ||
      (key !== 'observed_at' && Object.hasOwn(commonProperties, key)),
  );
  const hasPlace = !layer.moving && layer.geometry === 'Point';

  const question = sql<Record<string, string | number | boolean | null>>`
    select thing.id, history.*
      ${hasPlace ? sql`, ${degrees(sql`thing.lon`)} as "at.lon", ${degrees(sql`thing.lat`)} as "at.lat"` : sql``}
      ${sql.join(
        constant.map((key) => sql`, thing.${sql.ref(key)} as ${sql.id(`is.${key}`)}`),
        sql``,
      )}
    from (select *, st_x(st_pointonsurface(geom)) as lon, st_y(st_pointonsurface(geom)) as lat
        ${sql.join(
          [...source.masks].map(([key, mask]) => sql`, ${mask} as ${sql.id(`shows.${key}`)}`),
          sql``,
        )}
      from ${sql.table(layer.id)} where ${chosen(view, query)} order by id) as thing
    cross join lateral (
      select count(*)::float8 as rows
        ${sql.join(
          told.map((key) => sql`, json_agg(${written(key, source)})::text as ${sql.id(`said.${key}`)}`),
          sql``,
        )}
      from (${history(view, source, derived, query)}) as history) as history
    order by thing.id`;
  const result = await transaction(db, async (trx) => {
    // Compiling so long a question took longer than answering it: 5.2 s instead of 2.5 for 40 units over a day.
    await sql`select set_config('jit', 'off', true)`.execute(trx);
    return question.execute(trx);
  });

  const total = result.rows.reduce((sum, { rows }) => sum + Number(rows), 0);
  if (total > mostRows)
    throw new Problem(
      'too_large',
      `That are ${total} observations, more than ${mostRows}. Ask for a smaller 'bbox' or a coarser 'resolution'.`,
    );
  const column = (name: string) => JSON.stringify(result.rows.map((row) => row[name] ?? null));
  const lists = (name: string) =>
    `[${result.rows.flatMap((row) => (row[name] === null ? [] : String(row[name]).slice(1, -1))).join()}]`;
  const object = (entries: readonly (readonly [string, string])[]) =>
    `{${entries.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join()}}`;
  return object([
    ['layer', JSON.stringify(layer.id)],
    ['from', JSON.stringify(rfc3339(query.from))],
    ['to', JSON.stringify(rfc3339(query.to))],
    ['resolution', String(query.resolution)],
    ['id', column('id')],
    ['rows', column('rows')],
    ...(hasPlace ? [['lon', column('at.lon')] as const, ['lat', column('at.lat')] as const] : []),
    ['properties', object(constant.map((key) => [key, column(`is.${key}`)]))],
    ['observations', object(told.map((key) => [key, lists(`said.${key}`)]))],
  ]);
}

/** The rows of the layer that are asked for. */
function chosen(view: View, { bbox, from, to }: Omit<SeriesOfLayerQuery, 'resolution'>): RawBuilder<SqlBool> {
  const { layer } = view;
  const { rows, trusted } = seriesSource(view);
  if (!bbox) return rows;
  if (!layer.moving) {
    const at = "parameter 'bbox'";
    const args = [
      { type: 'property', name: 'geom', at },
      { type: 'bbox', numbers: bbox, at },
    ] as const;
    return sql<SqlBool>`${rows} and ${filterSql(filterOf(view, { type: 'call', op: 's_intersects', args, at }))}`;
  }
  const [west, south, east, north] = bbox;
  const across = west <= east ? sql`lon between ${west} and ${east}` : sql`(lon >= ${west} or lon <= ${east})`;
  return sql<SqlBool>`${rows} and id in (select feature from ${sql.table(seriesTable(layer.id))}
    where observed_at >= ${rfc3339(from)}::timestamptz and observed_at < ${rfc3339(to)}::timestamptz and ${trusted} and ${across} and lat between ${south} and ${north})`;
}

/** A column of the history as it is told. */
function written(key: string, { attributes, masks }: SeriesSource): RawBuilder<unknown> {
  const value = sql`history.${sql.ref(key)}`;
  if (key === 'lon' || key === 'lat') return degrees(value);
  if (key === 'observed_at' || attributes.get(key)?.kind === 'instant')
    return sql`floor(date_part('epoch', ${value}))::int8`;
  return masks.has(key) ? sql`case when thing.${sql.id(`shows.${key}`)} then ${value} end` : value;
}

/** To 10 cm. */
function degrees(value: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`round((${value}) * 1e6) / 1e6`;
}

/** The rows of one thing's history, oldest first: `observed_at`, what is kept, and what the database derives from it. */
function history(
  { layer }: View,
  { trusted }: SeriesSource,
  derived: readonly DerivedAttribute[],
  query: SeriesQuery,
): RawBuilder<unknown> {
  const kept = layer.series?.attributes ?? [];
  const said = [...(layer.moving ? ['lon', 'lat'] : []), ...kept];
  const table = sql.table(seriesTable(layer.id));
  const names = sql.join(said.map((key) => sql.ref(key)));
  const [from, to] = [rfc3339(query.from), rfc3339(query.to)].map((at) => sql`${at}::timestamptz`);
  const lookback = sql`${rfc3339(query.from - lookbackMs)}::timestamptz`;
  const bucket = (column: string) =>
    sql`date_bin(${sql.lit(`${query.resolution} seconds`)}::interval, ${sql.ref(column)}, 'epoch'::timestamptz)`;
  // One number for all, because many are to be compared.
  const speaks = sql.join(
    said.map((key, i) => sql`case when ${sql.ref(key)} is null then 0 else ${sql.lit(2 ** i)} end`),
    sql` + `,
  );
  // Where the row itself is older than all that is asked for, it is what was known; else what was last said before.
  const known = (key: string) => sql`case when thing.observed_at < ${from} then thing.${sql.ref(key)} else (
    select ${sql.ref(key)} from ${table}
    where feature = thing.id and observed_at >= ${lookback} and observed_at < ${from} and ${trusted} and ${sql.ref(key)} is not null
    order by observed_at desc limit 1) end as ${sql.id(key)}`;
  // Nothing that was said is lost: neither the last of a bucket nor what the next observation does not speak of.
  const all = sql`
    select observed_at, ${names} from (
      select *, lead(observed_at) over seen as next_at, lead(speaks) over seen as next_speaks
      from (
        select *, ${speaks} as speaks from (
          select observed_at, ${names} from ${table}
          where feature = thing.id and observed_at >= ${from} and observed_at < ${to} and ${trusted}
          union all select thing.observed_at, ${sql.join(said.map((key) => sql`thing.${sql.ref(key)}`))}
          where thing.observed_at >= ${from} and thing.observed_at < ${to} and not exists (
            select from ${table} as same where same.feature = thing.id and same.observed_at = thing.observed_at)) as given
      ) as given window seen as (order by observed_at)
    ) as following
    where next_at is null or ${bucket('next_at')} <> ${bucket('observed_at')} or speaks & ~next_speaks <> 0
    union all select * from (select ${sql.join(['observed_at', ...said].map(known))}) as known where observed_at is not null`;
  if (derived.length === 0) return sql`select * from (${all}) as said order by observed_at`;
  // Of a row that has the values of then where they are kept, and its own elsewhere.
  const own = [...attributesOf(layer)].filter(([key, attribute]) => !attribute.derived && !kept.includes(key));
  return sql`
    select *, ${sql.join(derived.map(({ key, expression }) => sql`${sql.raw(expression)} as ${sql.id(key)}`))}
    from (select said.*, ${sql.join(own.map(([key]) => sql`thing.${sql.ref(key)}`))} from (${all}) as said) as row
    order by observed_at`;
}
