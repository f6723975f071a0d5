import { type Km, toDegrees } from '../plane.ts';
import type { Random } from '../random.ts';

/** A centre around which people settle: a round normal distribution of `sigmaKm`, chosen as often as its weight. */
export interface Centre {
  readonly point: Km;
  readonly sigmaKm: number;
  readonly weight: number;
}

/** A spot in the regency with the code of its village. */
export interface Spot {
  readonly position: [lon: number, lat: number];
  readonly village: string;
}

/**
 * Draws spots from a mixture of centres; what falls outside the regency is drawn again.
 * `villageAt` names the village of a position in degrees.
 */
export function settlement(
  centres: readonly Centre[],
  villageAt: (position: [number, number]) => string | undefined,
): (chance: Random) => Spot {
  const total = new Float64Array(centres.length);
  centres.reduce((sum, { weight }, index) => {
    total[index] = sum + weight;
    return sum + weight;
  }, 0);
  const choose = ({ next }: Random) => {
    const wanted = next() * (total.at(-1) ?? 0);
    let [low, high] = [0, total.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((total[middle] ?? 0) <= wanted) low = middle + 1;
      else high = middle;
    }
    return centres[low]!;
  };
  return (chance) => {
    for (;;) {
      const { point, sigmaKm } = choose(chance);
      const position = toDegrees([chance.normal(point[0], sigmaKm), chance.normal(point[1], sigmaKm)]);
      const village = villageAt(position);
      if (village !== undefined) return { position, village };
    }
  };
}
