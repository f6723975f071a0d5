import { type RawBuilder, sql } from 'kysely';
import type { Connection } from '../database/connect.ts';
import { seriesTable } from '../database/series_table.ts';
import { Problem } from './problem.ts';
import { rfc3339, type SeriesQuery } from './series_query.ts';
import { isAveraged, seriesSource } from './series_source.ts';
import type { View } from './view.ts';

type Numbers = (number | null)[];

/** What is told of an attribute in each bucket: of quantities the range and the mean, of anything else the last value. */
type Aggregates =
  | { readonly min: Numbers; readonly mean: Numbers; readonly max: Numbers }
  | { readonly last: (string | number | boolean | null)[] };

/** A thing's observations over time, in columns: the n-th of each list belongs to the n-th bucket that holds any. */
export interface Series {
  readonly layer: string;
  readonly id: number;
  /** RFC 3339 in UTC. */
  readonly from: string;
  readonly to: string;
  /** Seconds that a bucket is long. */
  readonly resolution: number;
  /** Where each bucket begins, RFC 3339 in UTC. */
  readonly time: readonly string[];
  /** Observations in it, with the suspect ones. */
  readonly count: readonly number[];
  /** Those that are not to be trusted; they are in none of the values. */
  readonly suspect: readonly number[];
  readonly attributes: Readonly<Record<string, Aggregates>>;
  /** Where it was last in each bucket, degrees, of a moving thing. */
  readonly lon?: Numbers;
  readonly lat?: Numbers;
}

/**
 * The observations of one row of a view in buckets of time, oldest first.
 * @throws Problem `not_found` when the view has no such row or keeps no series.
 */
export async function seriesOf({ db }: Connection, view: View, id: number, query: SeriesQuery): Promise<Series> {
  const { layer } = view;
  const source = seriesSource(view);
  const shows = [...source.masks].map(([key, mask]) => sql`, ${mask} as ${sql.id(key)}`);
  const { rows: there } = await sql<Record<string, boolean>>`
    select id ${sql.join(shows, sql``)} from ${sql.table(layer.id)}
    where id = ${id}::bigint and ${source.rows}`.execute(db);
  const [row] = there;
  if (!row) throw new Problem('not_found', `There is no feature ${id} in '${layer.id}'.`);
  const attributes = new Map([...source.attributes].filter(([key]) => !source.masks.has(key) || row[key] === true));

  const { trusted } = source;
  const last = (column: string, condition: RawBuilder<unknown>) =>
    sql`(array_agg(${sql.ref(column)} order by observed_at desc) filter (where ${sql.ref(column)} is not null and (${condition})))[1]`;
  const columns = [...attributes].flatMap(([key, attribute]) => {
    const named = (name: string) => sql.id(`${key}.${name}`);
    const of = sql.ref(key);
    const filtered = sql`filter (where ${trusted})`;
    return isAveraged(attribute)
      ? [
          sql`, min(${of}) ${filtered} as ${named('min')}`,
          sql`, (avg(${of}) ${filtered})::float8 as ${named('mean')}`,
          sql`, max(${of}) ${filtered} as ${named('max')}`,
        ]
      : [sql`, ${last(key, key === layer.series?.quality ? sql`true` : trusted)} as ${named('last')}`];
  });
  if (layer.moving) for (const key of ['lon', 'lat']) columns.push(sql`, ${last(key, trusted)} as ${sql.id(key)}`);
  const step = sql.lit(query.resolution);
  const result = await sql<Record<string, number | string | boolean | null>>`
    select (floor(extract(epoch from observed_at) / ${step}) * ${step})::float8 as bucket,
      count(*)::float8 as count, (count(*) filter (where not (${trusted})))::float8 as suspect ${sql.join(columns, sql``)}
    from ${sql.table(seriesTable(layer.id))}
    where feature = ${id}::bigint and observed_at >= ${rfc3339(query.from)}::timestamptz and observed_at < ${rfc3339(query.to)}::timestamptz
    group by 1 order by 1`.execute(db);

  const numbers = (name: string) => result.rows.map((each) => each[name] as number | null); // selected as such above
  const all = (name: string) => result.rows.map((each) => each[name] ?? null);
  return {
    layer: layer.id,
    id,
    from: rfc3339(query.from),
    to: rfc3339(query.to),
    resolution: query.resolution,
    time: result.rows.map(({ bucket }) => rfc3339(Number(bucket) * 1000)),
    count: result.rows.map(({ count }) => Number(count)),
    suspect: result.rows.map(({ suspect }) => Number(suspect)),
    attributes: Object.fromEntries(
      [...attributes].map(([key, attribute]) => [
        key,
        isAveraged(attribute)
          ? { min: numbers(`${key}.min`), mean: numbers(`${key}.mean`), max: numbers(`${key}.max`) }
          : { last: all(`${key}.last`) },
      ]),
    ),
    ...(layer.moving && { lon: numbers('lon'), lat: numbers('lat') }),
  };
}
