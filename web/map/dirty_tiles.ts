import type { FeatureEvent } from '../live/event.ts';

/** A box in shares of the world of Web Mercator (0 to 1): x from the west, y from the north. */
export type WorldBox = readonly [minX: number, minY: number, maxX: number, maxY: number];

/** How far beyond its edge a tile holds shapes, as a share of the tile; points belong to one tile, give or take rounding. */
export const margins = { shapes: 64 / 4096, points: 1 / 4096 } as const;

const mercatorX = (lon: number) => (lon + 180) / 360;
function mercatorY(lat: number) {
  const sine = Math.sin((Math.max(-85.06, Math.min(85.06, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

function boxOf(place: NonNullable<FeatureEvent['from']>): WorldBox[] {
  const [west, south, east = west, north = south] = place;
  const rows = [mercatorY(north), mercatorY(south)] as const;
  const box = (from: number, to: number): WorldBox => [mercatorX(from), rows[0], mercatorX(to), rows[1]];
  return west <= east ? [box(west, east)] : [box(west, 180), box(-180, east)];
}

/** Where a change is to be seen: where the feature was, also in between, if it was elsewhere, and where it is. */
export function changedBoxes({ from, passed, at, bbox }: FeatureEvent): WorldBox[] {
  return [from, passed, at, bbox].flatMap((place) => (place ? boxOf(place) : []));
}

/** Whether a tile, with a margin (a share of the tile), touches one of some boxes; edges count. */
export function touchesTile(
  boxes: readonly WorldBox[],
  [z, x, y]: readonly [z: number, x: number, y: number],
  margin: number,
): boolean {
  const side = 2 ** -z;
  const [west, east] = [(x - margin) * side, (x + 1 + margin) * side];
  const [north, south] = [(y - margin) * side, (y + 1 + margin) * side];
  return boxes.some(([minX, minY, maxX, maxY]) => minX <= east && maxX >= west && minY <= south && maxY >= north);
}
