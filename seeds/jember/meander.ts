import { between, distance, type Km } from '../plane.ts';
import type { Random } from '../random.ts';

/**
 * A line through the same points that winds between them: midpoints are moved sideways by up to `amplitude` of the
 * piece's length, again and again, until pieces are shorter than 300 m. The given points stay where they are.
 */
export function meander(points: readonly Km[], amplitude: number, { next }: Random): Km[] {
  const wind = (from: Km, to: Km): Km[] => {
    const length = distance(from, to);
    if (length < 0.3) return [to];
    const [east, north] = between(from, to, 0.5);
    const sideways = (next() * 2 - 1) * amplitude;
    const bend: Km = [east - (to[1] - from[1]) * sideways, north + (to[0] - from[0]) * sideways];
    return [...wind(from, bend), ...wind(bend, to)];
  };
  return points.flatMap((point, index) => (index === 0 ? [point] : wind(points[index - 1]!, point)));
}
