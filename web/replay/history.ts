import { fromLonLat } from 'ol/proj.js';
import type { LayerSeries } from '../../server/registry/series_of_layer.ts';

type Value = string | number | boolean;
/** EPSG:3857, metres. */
export type Place = readonly [x: number, y: number];

/** How the things of a layer were over a time, ready to be asked for any moment of it. */
export interface History {
  readonly layer: string;
  readonly resolutionMs: number;
  readonly things: readonly Track[];
  readonly columns: Columns;
}

/** One thing: its rows in the columns, and what it is at any time. */
interface Track {
  readonly id: number;
  /** Its rows are `first` to `end`, which is not one of them. */
  readonly first: number;
  readonly end: number;
  /** Where it stands; null: it moves, or nobody knows. */
  readonly place: Place | null;
  readonly constant: Readonly<Record<string, Value>>;
}

/** All observations, thing by thing, oldest first. What was not said in one is as in the one before. */
interface Columns {
  /** Milliseconds since 1970. */
  readonly time: Float64Array;
  /** EPSG:3857 of what moves, NaN where it is not known yet. */
  readonly x: Float64Array | null;
  readonly y: Float64Array | null;
  readonly values: ReadonlyMap<string, readonly (Value | null)[]>;
}

/** A thing as it was. */
export interface ThingThen {
  readonly place: Place | null;
  /** As a tile carries them: what is null is absent, instants are seconds since 1970. */
  readonly properties: Readonly<Record<string, Value>>;
}

/** Reads what `GET /api/layers/{layer}/series` answers. */
export function historyOf(series: LayerSeries): History {
  const { observed_at: observed = [], lon, lat, ...said } = series.observations;
  const things: Track[] = [];
  let first = 0;
  series.id.forEach((id, i) => {
    const end = first + (series.rows[i] ?? 0);
    things.push({ id, first, end, place: standing(series, i), constant: constantOf(series, i) });
    first = end;
  });
  const starts = new Set(things.map((thing) => thing.first));
  const values = Object.entries(said).map(([key, column]) => [key, filled(column, starts)] as const);
  const isMoving = lon !== undefined && lat !== undefined;
  const [x, y] = [new Float64Array(isMoving ? lon.length : 0), new Float64Array(isMoving ? lon.length : 0)];
  if (isMoving) {
    const [east, north] = [filled(lon, starts), filled(lat, starts)];
    for (let row = 0; row < x.length; row++) {
      const [longitude, latitude] = [east[row], north[row]];
      const isKnown = typeof longitude === 'number' && typeof latitude === 'number';
      [x[row] = Number.NaN, y[row] = Number.NaN] = isKnown ? fromLonLat([longitude, latitude]) : [];
    }
  }
  return {
    layer: series.layer,
    resolutionMs: series.resolution * 1000,
    things,
    columns: {
      time: Float64Array.from(observed, (seconds) => Number(seconds) * 1000),
      x: isMoving ? x : null,
      y: isMoving ? y : null,
      values: new Map(values),
    },
  };
}

/**
 * A thing as it was at a moment (milliseconds since 1970). Between two places that it said no more than `gapMs` apart it is
 * on its way; after longer silence it is where it was last heard. Null: it moves, and nothing was heard of it yet.
 */
export function thingAt({ columns, resolutionMs }: History, thing: Track, at: number, gapMs: number): ThingThen | null {
  const { time, x, y, values } = columns;
  const row = lastRow(time, thing, at);
  if (row < 0) return x ? null : { place: thing.place, properties: thing.constant };
  const next = row + 1 < thing.end ? row + 1 : -1;
  const silence = next < 0 ? Number.POSITIVE_INFINITY : time[next]! - time[row]!;
  // Only the last of each bucket was told: where the next bucket holds one too, it was heard of in between.
  const heard = silence <= 2 * resolutionMs ? Math.min(at, time[row]! + resolutionMs) : time[row]!;
  const properties: Record<string, Value> = { ...thing.constant, observed_at: Math.floor(heard / 1000) };
  for (const [key, column] of values) {
    const value = column[row];
    if (value !== null && value !== undefined) properties[key] = value;
  }
  if (!x || !y) return { place: thing.place, properties };
  const [fromX, fromY] = [x[row]!, y[row]!];
  if (Number.isNaN(fromX)) return null;
  if (silence > Math.max(gapMs, 2 * resolutionMs) || next < 0) return { place: [fromX, fromY], properties };
  const part = (at - time[row]!) / (silence || 1);
  return { place: [fromX + (x[next]! - fromX) * part, fromY + (y[next]! - fromY) * part], properties };
}

/** The last row of a thing that is not after a moment; -1 when all are. */
function lastRow(time: Float64Array, { first, end }: Track, at: number): number {
  let [low, high] = [first, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1 < first ? -1 : low - 1;
}

/** A column in which what was not said is as before; a thing does not go on where another ended. */
function filled(column: readonly (Value | null)[], starts: ReadonlySet<number>): (Value | null)[] {
  let last: Value | null = null;
  return column.map((value, row) => {
    if (starts.has(row)) last = null;
    last = value ?? last;
    return last;
  });
}

function standing({ lon, lat }: LayerSeries, index: number): Place | null {
  const [longitude, latitude] = [lon?.[index] ?? null, lat?.[index] ?? null];
  if (longitude === null || latitude === null) return null;
  const [x = 0, y = 0] = fromLonLat([longitude, latitude]);
  return [x, y];
}

function constantOf({ properties }: LayerSeries, index: number): Record<string, Value> {
  const entries = Object.entries(properties).flatMap(([key, column]) => {
    const value = column[index] ?? null;
    return value === null ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}
