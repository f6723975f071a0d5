/** A value of a thing at a moment. */
export interface Reading {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

const hourMs = 3_600_000;
/** Fewer say nothing that one wrong one among them could not have said. */
const fewest = 4;
const shortestMs = hourMs / 2;

/**
 * How fast a value changes, in its unit an hour: the median of the slopes between all pairs of readings (Theil–Sen;
 * Helsel et al., Statistical Methods in Water Resources, USGS TM 4–A3, 10.1), which up to 29 % of wrong readings do not
 * carry away. Null of fewer than 4 readings, or of less than half an hour.
 */
export function slopePerHour(readings: readonly Reading[]): number | null {
  const times = readings.map(({ at }) => at);
  if (readings.length < fewest || Math.max(...times) - Math.min(...times) < shortestMs) return null;
  const slopes: number[] = [];
  for (const [i, a] of readings.entries())
    for (const b of readings.slice(i + 1)) slopes.push(((b.value - a.value) / (b.at - a.at)) * hourMs);
  slopes.sort((a, b) => a - b);
  const middle = slopes.length / 2;
  return (slopes[Math.floor(middle)]! + slopes[Math.ceil(middle) - 1]!) / 2;
}
