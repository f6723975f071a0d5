import type { Geometry, Position } from 'geojson';
import type { Bbox } from '../../server/registry/catalogue.ts';

function* positions(geometry: Geometry): Generator<Position> {
  if (geometry.type === 'GeometryCollection') {
    for (const part of geometry.geometries) yield* positions(part);
    return;
  }
  // The nesting differs by kind; flattened to the bottom it is always a run of numbers, two or three a position.
  const walk = function* (part: unknown): Generator<Position> {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === 'number') yield part;
    else for (const inner of part) yield* walk(inner);
  };
  yield* walk(geometry.coordinates);
}

/** The extent of a geometry in degrees, null when there is none. */
export function featureBbox(geometry: Geometry | null): Bbox | null {
  if (!geometry) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = Number.NaN, lat = Number.NaN] of positions(geometry)) {
    west = Math.min(west, lon);
    south = Math.min(south, lat);
    east = Math.max(east, lon);
    north = Math.max(north, lat);
  }
  return west <= east && south <= north ? [west, south, east, north] : null;
}

/** The middle of an extent. */
export function middle([west, south, east, north]: Bbox): [lon: number, lat: number] {
  return [(west + east) / 2, (south + north) / 2];
}
