import { type WorldBox, worldSize, worldX, worldY } from '../../tiles/mercator.ts';
import type { Bbox } from '../registry/catalogue.ts';
import type { EventClient } from './event_client.ts';
import type { ViewChanges } from './view_changes.ts';

/** What some clients look at; those who look at the same share the work of writing it. */
export interface Interest {
  readonly key: string;
  readonly views: readonly ViewChanges[];
  /** World units; undefined: everywhere, also what has no place. */
  readonly boxes: readonly WorldBox[] | undefined;
  /** Layers that they look at everywhere all the same. */
  readonly everywhere: ReadonlySet<string>;
  readonly clients: Set<EventClient>;
}

/** Where some clients look at a layer; undefined: everywhere. */
export function boxesAt(
  { boxes, everywhere }: Pick<Interest, 'boxes' | 'everywhere'>,
  layer: string,
): Interest['boxes'] {
  return everywhere.has(layer) ? undefined : boxes;
}

/** A box in degrees as boxes on the map: two when it crosses the 180th meridian (west > east). */
export function boxesOf([west, south, east, north]: Bbox): WorldBox[] {
  const rows = { minY: worldY(north), maxY: worldY(south) };
  if (west <= east) return [{ minX: worldX(west), maxX: worldX(east), ...rows }];
  return [
    { minX: worldX(west), maxX: worldSize - 1, ...rows },
    { minX: 0, maxX: worldX(east), ...rows },
  ];
}
