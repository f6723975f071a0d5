import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import { given, instantOf, millisecondsOf } from '../database/given.ts';
import { isTrusted, seriesTable } from '../database/series_table.ts';
import type { Layer } from '../registry/layer.ts';
import type { Reading } from '../registry/slope.ts';
import type { Seen, Window } from './memory.ts';
import type { Observation } from './observation.ts';
import type { Known } from './write_rows.ts';

/** Steps that the time looked back on is parted in; only the first trusted reading of each counts. */
const steps = 6;

/** What a transaction has put into the series, and where the rows (by id) end with it. */
export interface Written {
  readonly observations: readonly Observation[];
  readonly rows: ReadonlyMap<string, Known>;
  /** By index, what was new in the series. */
  readonly fresh: ReadonlyMap<number, boolean>;
  /** `observed_at` of a row as it will be, milliseconds since 1970. */
  readonly endOf: (row: Known) => number | null;
}

/** Where what is not remembered is asked for. */
export interface Lookup {
  /** How many late readings there were, with the present one if there is. */
  late(isLate: boolean): Promise<number>;
  /** The first trusted reading of each step up to a moment (by id), oldest first. */
  readings(ends: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, readonly Reading[]>>;
}

/** The database itself; the things are locked, so that nothing comes meanwhile. */
export function lookupIn(trx: Transaction<Database>, layer: Layer): Lookup {
  return {
    late: (isLate) => lateCount(trx, layer, isLate),
    readings: (ends) => stored(trx, layer, stepOf(layer), ends),
  };
}

/**
 * The first trusted reading of each step, oldest first, of the things of which one has come (`news`), and of `others`, by
 * id. After a late one all processes look at the series again.
 */
export async function windowsOf(
  layer: Layer,
  written: Written,
  others: ReadonlySet<number>,
  seen: Seen,
  lookup: Lookup,
): Promise<{ readonly news: ReadonlySet<number>; readonly readings: ReadonlyMap<number, readonly Reading[]> }> {
  const stepMs = stepOf(layer);
  const { news, isLate } = newsOf(layer, stepMs, written, seen);
  const wanted = new Set([...news.keys(), ...others]);
  const readings = new Map<number, readonly Reading[]>();
  const unknown = new Map<number, number>();
  const late = wanted.size > 0 ? await lookup.late(isLate) : 0;
  if (wanted.size > 0) seen.late = late;
  // Whoever else wrote something newer moved the row; who wrote something older counted it.
  const isAsLeft = (row: Known, window: Window) => (seen.moved.get(window) ?? window.end) === row.at;
  const ends = new Map<number, number>();
  for (const row of written.rows.values()) {
    const known = seen.windows.get(row.id) ?? seen.committed.windows.get(row.id);
    const end = written.endOf(row);
    if (end === null) continue;
    if (wanted.has(row.id)) {
      ends.set(row.id, end);
      if (!known || isLate || known.late !== late || !isAsLeft(row, known)) unknown.set(row.id, end);
      else {
        const all = [...known.readings, ...(news.get(row.id) ?? [])];
        readings.set(
          row.id,
          all.filter(({ at }) => at >= beginOf(end, stepMs)),
        );
      }
    } else if (known && end !== row.at && isAsLeft(row, known)) seen.moved.set(known, end);
  }
  if (unknown.size > 0) for (const [id, found] of await lookup.readings(unknown)) readings.set(id, found);
  for (const [id, end] of ends) seen.windows.set(id, { readings: readings.get(id) ?? [], end, late });
  return { news: new Set(news.keys()), readings };
}

/** Length of a step in milliseconds. */
const stepOf = ({ derived }: Layer) => ((derived?.minutes ?? 0) * 60_000) / steps;

/** Where the steps begin that are looked at from a moment. */
const beginOf = (end: number, stepMs: number) => (Math.floor(end / stepMs) - steps) * stepMs;

/** The new first readings of steps, by thing; whether one of them, or what a partial observation changed, is late. */
function newsOf(
  { derived, series }: Layer,
  stepMs: number,
  { observations, rows, fresh, endOf }: Written,
  seen: Seen,
): { readonly news: Map<number, Reading[]>; readonly isLate: boolean } {
  const news = new Map<number, Reading[]>();
  let isLate = false;
  for (const [i, { code, at, values, suspect, partial }] of observations.entries()) {
    const row = rows.get(code);
    if (!row || !derived || !fresh.get(i)) continue;
    const end = endOf(row);
    if (end === null || at < beginOf(end, stepMs)) continue;
    const value = values[derived.from];
    if (partial) {
      // It may fill in a value, or that one is not to be trusted: what was known to be there may not count any more.
      seen.committed.windows.delete(row.id);
      seen.windows.delete(row.id);
      if (value === undefined && !suspect && !((series?.quality ?? '') in values)) continue;
      isLate = true;
      news.set(row.id, []);
      continue;
    }
    if (suspect || typeof value !== 'number') continue;
    const known = seen.windows.get(row.id) ?? seen.committed.windows.get(row.id);
    const last = news.get(row.id)?.at(-1) ?? known?.readings.at(-1);
    if (last && last.at <= at && Math.floor(last.at / stepMs) === Math.floor(at / stepMs)) continue;
    isLate ||= row.at !== null && at <= row.at;
    const own = news.get(row.id);
    if (own) own.push({ at, value });
    else news.set(row.id, [{ at, value }]);
  }
  return { news, isLate };
}

/** The layer's count of late readings, with the present one if there is. */
export async function lateCount(trx: Transaction<Database>, { id }: Layer, isLate = false): Promise<number> {
  const { rows } = isLate
    ? await sql<{ n: number }>`insert into series_late as there (layer, n) values (${id}, 1)
        on conflict (layer) do update set n = there.n + 1 returning n`.execute(trx)
    : await sql<{ n: number }>`select n from series_late where layer = ${id}`.execute(trx);
  return rows[0]?.n ?? 0;
}

/** The first trusted reading of each step up to a moment (by id), looked up one by one: however often a thing reports. */
async function stored(
  trx: Transaction<Database>,
  layer: Layer,
  stepMs: number,
  ends: ReadonlyMap<number, number>,
): Promise<ReadonlyMap<number, Reading[]>> {
  const { derived } = layer;
  const readings = new Map<number, Reading[]>([...ends.keys()].map((id) => [id, []]));
  if (!derived || ends.size === 0) return readings;
  const value = sql.ref(derived.from);
  const begin = (step: RawBuilder<unknown>) => instantOf(sql`(given.since + ${step} * ${sql.lit(stepMs)})`);
  const things = given([
    { name: 'id', type: 'bigint', values: [...ends.keys()] },
    { name: 'since', type: 'bigint', values: [...ends.values()].map((end) => beginOf(end, stepMs)) },
    { name: 'until', type: 'bigint', values: [...ends.values()] },
  ]);
  const { rows } = await sql<{ id: number } & Reading>`
    select given.id, ${millisecondsOf(sql.ref('observed_at'))} as at, value
    from ${things} cross join generate_series(0, ${sql.lit(steps)}) as step cross join lateral (
      select observed_at, ${value} as value from ${sql.table(seriesTable(layer.id))}
      where feature = given.id and observed_at >= ${begin(sql`step`)} and observed_at < ${begin(sql`(step + 1)`)}
        and observed_at <= ${instantOf(sql.ref('given.until'))} and ${value} is not null and ${isTrusted(layer)}
      order by observed_at limit 1) as reading
    order by given.id, observed_at`.execute(trx);
  for (const { id, ...reading } of rows) readings.get(id)?.push(reading);
  return readings;
}
