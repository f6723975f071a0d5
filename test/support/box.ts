import type { MultiPolygon } from 'geojson';

/** A box as the outline of a grant, in degrees. */
export function boxOf(west: number, south: number, east: number, north: number): MultiPolygon {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: 'MultiPolygon', coordinates: [[ring]] };
}
