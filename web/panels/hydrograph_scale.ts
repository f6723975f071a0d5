/** A length of numbers laid along a length of pixels. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  /** The pixel of a number. */
  readonly at: (value: number) => number;
  /** The number of a pixel. */
  readonly of: (pixel: number) => number;
}

/** Lays `from`–`to` along the pixels `start`–`end`, which may run backwards. */
export function scale([from, to]: readonly [from: number, to: number], [start, end]: readonly [number, number]): Scale {
  const perUnit = (end - start) / (to - from || 1);
  return {
    from,
    to,
    at: (value) => start + (value - from) * perUnit,
    of: (pixel) => from + (pixel - start) / (perUnit || 1),
  };
}

/** Round numbers from the first at or above `from` to `to`, about `count` of them: 1, 2 or 5 times a power of ten apart. */
export function niceTicks([from, to]: readonly [from: number, to: number], count: number): number[] {
  const rough = (to - from || 1) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((each) => each * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** A range that holds all values, with a twelfth of air above and below; a range of one value gets some as well. */
export function airy(values: readonly number[]): readonly [from: number, to: number] {
  const [least, most] = values.reduce<readonly [number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  if (least > most) return [0, 1];
  const air = (most - least || Math.abs(most) || 1) / 12;
  return [least - air, most + air];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const steps = [
  ...[1, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 5, 7, 14, 28].map((days) => days * dayMs),
];

export interface TimeTick {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** It is midnight: the day is written, not the hour. */
  readonly isDay: boolean;
}

/**
 * Moments that a clock shows whole, at most `count`, in milliseconds since 1970; `offsetMs` is how far the clock of the place is
 * ahead of UTC.
 */
export function timeTicks(
  [from, to]: readonly [from: number, to: number],
  count: number,
  offsetMs: number,
): TimeTick[] {
  const step = steps.find((each) => (to - from) / each <= Math.max(1, count)) ?? 28 * dayMs;
  const first = Math.ceil((from + offsetMs) / step);
  return Array.from({ length: Math.max(0, Math.floor((to + offsetMs) / step) - first + 1) }, (_, i) => {
    const local = (first + i) * step;
    return { time: local - offsetMs, isDay: local % dayMs === 0 };
  });
}
