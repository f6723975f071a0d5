import { between, distance, type Km } from '../plane.ts';

/** The point some km down a line, moved `aside` km to the left of its direction; the last point beyond the end. */
export function along(line: readonly Km[], atKm: number, aside = 0): Km {
  let rest = Math.max(0, atKm);
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1]!, line[i]!];
    const length = distance(from, to);
    if (rest <= length || i === line.length - 1) {
      const [east, north] = between(from, to, Math.min(1, length === 0 ? 0 : rest / length));
      const [dx, dy] = length === 0 ? [0, 0] : [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
      return [east - dy * aside, north + dx * aside];
    }
    rest -= length;
  }
  return line[0]!;
}
