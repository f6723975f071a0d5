import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import { given, instantOf } from '../database/given.ts';
import { qualityColumn, seriesTable } from '../database/series_table.ts';
import { columnTypes } from '../registry/ddl.ts';
import { attributesOf, type Layer } from '../registry/layer.ts';
import type { Observation, Value } from './observation.ts';
import type { Known } from './write_rows.ts';

/** What the series is to have of one thing at one moment, and which observations (by index) said it. */
export interface Moment {
  readonly feature: number;
  readonly at: number;
  readonly values: Record<string, Value>;
  readonly indexes: number[];
  /** Those that came after them, of the same moment. */
  readonly others: number[];
  readonly isNewer: boolean;
  isPartial: boolean;
}

/**
 * Puts what the series does not have yet into it. Tells of each observation (by index) that is for it whether it was new.
 * @throws DatabaseError 23505 when not `careful` and a thing's series goes further than its row, as with what is suspect.
 */
export async function writeSeries(
  trx: Transaction<Database>,
  layer: Layer,
  moments: readonly Moment[],
  careful: boolean,
): Promise<ReadonlyMap<number, boolean>> {
  if (moments.length === 0) return new Map();
  if (!careful && moments.every(isNews)) {
    await insertOf(layer, moments).execute(trx);
    return freshOf(moments);
  }
  const { into, columns, records, names } = partsOf(layer, moments);
  const { rows: there } = await sql<{ n: number }>`
    with given as materialized (${records}),
    made as (${into} select feature, observed_at, ${columns} from given
      on conflict (feature, observed_at) do ${onConflict(moments, names)} returning feature, observed_at)
    select n from given where not exists (
      select from made where made.feature = given.feature and made.observed_at = given.observed_at)`.execute(trx);
  return freshOf(moments, new Set(there.map(({ n }) => n - 1)));
}

/** Newer than the row is nearly always news, and then a plain insert costs two thirds of one that looks first. */
export function isNews({ isNewer, isPartial }: Moment): boolean {
  return isNewer && !isPartial;
}

/** The statement that puts moments into the series of which none is there. */
export function insertOf(layer: Layer, moments: readonly Moment[]): RawBuilder<unknown> {
  const { into, columns, records } = partsOf(layer, moments);
  return sql`${into} select feature, observed_at, ${columns} from (${records}) as given`;
}

function partsOf(layer: Layer, moments: readonly Moment[]) {
  const attributes = attributesOf(layer);
  const quality = qualityColumn(layer);
  const said = [...(layer.moving ? ['lon', 'lat'] : []), ...(layer.series?.attributes ?? [])];
  // Most are good, and a column that says nothing costs all the same.
  const doubted = !said.includes(quality) && moments.some(({ values }) => quality in values);
  const names = doubted ? [...said, quality] : said;
  const type = (name: string) => {
    const kind = attributes.get(name)?.kind ?? (name === quality ? 'text' : 'number');
    return columnTypes[kind === 'integer' ? 'number' : kind];
  };
  const columns = sql.join(names.map((name) => sql.ref(name)));
  const into = sql`insert into ${sql.table(seriesTable(layer.id))} as there (feature, observed_at, ${columns})`;
  const records = sql`select feature, ${instantOf(sql.ref('at'))} as observed_at, ${columns}, n from ${given([
    { name: 'feature', type: 'bigint', values: moments.map(({ feature }) => feature) },
    { name: 'at', type: 'bigint', values: moments.map(({ at }) => at) },
    ...names.map((name) => ({ name, type: type(name), values: moments.map(({ values }) => values[name]) })),
  ])}`;
  return { names, columns, into, records };
}

/** By index of the observations that said them, whether moments were new to the series; `wasThere`: those that were not. */
export function freshOf(
  moments: readonly Moment[],
  wasThere: ReadonlySet<number> = new Set(),
): ReadonlyMap<number, boolean> {
  const fresh = new Map<number, boolean>();
  for (const [i, { indexes, others }] of moments.entries()) {
    for (const index of indexes) fresh.set(index, !wasThere.has(i));
    for (const index of others) fresh.set(index, false);
  }
  return fresh;
}

/** What observations, in the order of their times, say to the series. */
export function momentsOf(
  layer: Layer,
  observations: readonly Observation[],
  rows: ReadonlyMap<string, Pick<Known, 'id' | 'at'>>,
): Moment[] {
  if (!layer.series) return [];
  const kept = layer.series.attributes;
  const moments: Moment[] = [];
  /** Those of the time that is being looked at, by thing. */
  const present = new Map<number, Moment>();
  let time = Number.NaN;
  for (const [i, { code, at, values, position, suspect, partial }] of observations.entries()) {
    const row = rows.get(code);
    // What the row shows already was in the series when it came, unless it came another way.
    if (!row || (row.at === at && !partial)) continue;
    const place = layer.moving ? position : undefined;
    if (!place && !kept.some((key) => values[key] !== undefined)) continue;
    if (at !== time) present.clear();
    time = at;
    const found = present.get(row.id);
    if (found && !partial) {
      found.others.push(i);
      continue;
    }
    const isNewer = row.at === null || at > row.at;
    const moment = found ?? { feature: row.id, at, values: {}, indexes: [], others: [], isNewer, isPartial: partial };
    moment.isPartial ||= partial;
    for (const key of kept) {
      const value = values[key];
      if (value !== undefined) moment.values[key] = value;
    }
    if (suspect) moment.values[qualityColumn(layer)] ??= 'suspect';
    if (place) [moment.values.lon, moment.values.lat] = place;
    moment.indexes.push(i);
    if (found) continue;
    present.set(row.id, moment);
    moments.push(moment);
  }
  return moments;
}

/** What was said of a moment stays said; only a partial observation may add to it. */
function onConflict(moments: readonly Moment[], columns: readonly string[]): RawBuilder<unknown> {
  if (!moments.some(({ isPartial }) => isPartial)) return sql`nothing`;
  const filled = columns.map(
    (column) => sql`${sql.ref(column)} = coalesce(there.${sql.ref(column)}, excluded.${sql.ref(column)})`,
  );
  const news = columns.map(
    (column) => sql`there.${sql.ref(column)} is null and excluded.${sql.ref(column)} is not null`,
  );
  return sql`update set ${sql.join(filled)} where ${sql.join(news, sql` or `)}`;
}
