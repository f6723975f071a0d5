import { severities } from '../server/registry/severity.ts';

/** The points of one cluster cell, summed. World units; times in milliseconds since 1970. */
export interface ClusterCell {
  /** World coordinates of the cell's corner, north-west. */
  readonly originX: number;
  readonly originY: number;
  count: number;
  /** Sums of the points' offsets from the corner. */
  sumX: number;
  sumY: number;
  /** With one point inside, this is its slot. */
  sumSlot: number;
  /** Points by index into `severities`. */
  readonly bySeverity: Uint32Array;
  /** When the first inside goes stale: 0 where one was never observed, Infinity where none ages. */
  expires: number;
  /** When that one was observed, the older of two: 0 when never, Infinity where none ages. */
  oldest: number;
  /** False when the stalest may have left and must be found again. */
  stalestKnown: boolean;
}

/** A cell with nothing in it, its corner at the given world coordinates. */
export function emptyCell(originX: number, originY: number): ClusterCell {
  return {
    originX,
    originY,
    count: 0,
    sumX: 0,
    sumY: 0,
    sumSlot: 0,
    bySeverity: new Uint32Array(severities.length),
    expires: Number.POSITIVE_INFINITY,
    oldest: Number.POSITIVE_INFINITY,
    stalestKnown: true,
  };
}
