import type { Series } from '../../server/registry/series.ts';

/** What was read of a quantity in a bucket of time. */
export interface Point {
  /** Milliseconds since 1970: the middle of the bucket, or of the newest reading its own time. */
  readonly time: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** What the chart of a quantity shows. */
export interface Readings {
  /** Runs of points without a gap, oldest first. */
  readonly runs: readonly (readonly Point[])[];
  /** All of them. */
  readonly points: readonly Point[];
  /** Where readings were that are not to be trusted: they are in no point. */
  readonly suspect: readonly { readonly time: number; readonly count: number }[];
}

/** The quantities of a series, which have a line to draw. */
export function quantitiesOf({ attributes }: Series): string[] {
  return Object.entries(attributes).flatMap(([key, values]) => ('mean' in values ? [key] : []));
}

/**
 * A quantity of a series as runs of points; longer silence than `gapMs` ends a run. `newest` is the last reading, which
 * may have come after the series was read.
 */
export function readingsOf(
  series: Series,
  key: string,
  gapMs: number,
  newest?: { readonly time: number; readonly value: number },
): Readings {
  const values = series.attributes[key];
  const points: Point[] = [];
  const suspect: { time: number; count: number }[] = [];
  const end = Date.parse(series.to);
  series.time.forEach((text, i) => {
    // The last bucket is not over yet, and its middle may be to come.
    const time = Math.min(Date.parse(text) + series.resolution * 500, end);
    const count = series.suspect[i] ?? 0;
    if (count > 0) suspect.push({ time, count });
    if (!values || !('mean' in values)) return;
    const [min, mean, max] = [values.min[i] ?? null, values.mean[i] ?? null, values.max[i] ?? null];
    if (min !== null && mean !== null && max !== null) points.push({ time, min, mean, max });
  });
  const last = points.at(-1);
  if (
    newest &&
    newest.time >= Date.parse(series.from) &&
    (!last || newest.time > last.time + series.resolution * 500)
  ) {
    const { time, value } = newest;
    points.push({ time, min: value, mean: value, max: value });
  }
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && point.time - before.time <= gapMs) run.push(point);
    else runs.push([point]);
  }
  return { runs, points, suspect };
}

/**
 * Silence that is longer than this is a gap, milliseconds: what makes a reading stale, where that is known; else three
 * times the usual distance of readings. Never shorter than what two neighbouring buckets may be apart.
 */
export function gapOf(series: Series, staleAfterMinutes: number | undefined): number {
  const bucketMs = series.resolution * 1000;
  const times = series.time.map((text) => Date.parse(text));
  const apart = times.slice(1).map((time, i) => time - times[i]!);
  const usual = apart.toSorted((a, b) => a - b)[Math.floor(apart.length / 2)] ?? bucketMs;
  const limit = staleAfterMinutes === undefined ? 3 * usual : staleAfterMinutes * 60_000;
  return Math.max(limit, 1.5 * bucketMs) + bucketMs;
}

/** The index of the point that is nearest to a time; -1 when there is none. */
export function nearestPoint(points: readonly Point[], time: number): number {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  const before = points[low - 1];
  return before && time - before.time < points[low]!.time - time ? low - 1 : high;
}
