import type { Bbox } from '../catalogue.ts';
import type { LonLat } from './expression.ts';
import { locate, type Shape } from './shape.ts';

/** Metres; mean radius of WGS 84, (2a + b) / 3, as PostGIS takes it for `ST_Distance(geography, geography, false)`. */
const radius = 6_371_008.771_415_059;
const radians = Math.PI / 180;

/** Metres between two points on the sphere (haversine). Within a millimetre of PostGIS, 0.5 % of the spheroid's truth. */
export function pointDistance([lonA, latA]: LonLat, [lonB, latB]: LonLat): number {
  const dLat = Math.sin(((latB - latA) * radians) / 2);
  const dLon = Math.sin(((lonB - lonA) * radians) / 2);
  const a = dLat * dLat + Math.cos(latA * radians) * Math.cos(latB * radians) * dLon * dLon;
  return 2 * radius * Math.asin(Math.min(1, Math.sqrt(a)));
}

/**
 * Metres from a point to the nearest point of a shape on the sphere, whose edges are great circles; 0 inside an area.
 * The gnomonic projection about the point makes great circles straight and keeps the order of distances, so the nearest
 * place is found on the plane. Edges more than 80° away count as their ends.
 */
export function distanceTo(point: LonLat, shape: Shape): number {
  let nearest = Infinity;
  for (const other of shape.points) nearest = Math.min(nearest, pointDistance(point, other));
  const project = gnomonic(point);
  const projectedAreas = shape.areas.map((rings) => rings.map((ring) => ring.map(project)));
  const visible = (path: readonly (LonLat | undefined)[]): path is readonly LonLat[] => !path.includes(undefined);
  if (
    locate(
      [0, 0],
      projectedAreas.filter((rings): rings is LonLat[][] => rings.every(visible)),
    ) >= 0 &&
    shape.areas.length > 0
  )
    return 0;
  for (const path of [...shape.lines, ...shape.areas.flat()])
    for (let i = 1; i < path.length; i++) {
      const [a, b] = [project(path[i - 1]!), project(path[i]!)];
      const metres = a && b ? radius * Math.atan(planeDistance(a, b)) : pointDistance(point, path[i]!);
      nearest = Math.min(nearest, metres);
    }
  return nearest;
}

/** A box that holds every place within `metres` of a point, or null where such a box would wrap the earth. */
export function circleBbox([lon, lat]: LonLat, metres: number): Bbox | null {
  // A little more than needed, for the rounding here and there.
  const angle = (metres / radius) * 1.000_001 + 1e-9;
  const dLat = angle / radians;
  if (Math.abs(lat) + dLat >= 90) return null;
  const dLon = Math.asin(Math.sin(angle) / Math.cos(lat * radians)) / radians;
  if (Math.abs(lon) + dLon >= 180) return null;
  return [lon - dLon, lat - dLat, lon + dLon, lat + dLat];
}

/** The projection about a point; undefined for what is more than 80° away. */
function gnomonic([lon, lat]: LonLat): (position: LonLat) => LonLat | undefined {
  const [sinLat, cosLat] = [Math.sin(lat * radians), Math.cos(lat * radians)];
  return ([otherLon, otherLat]) => {
    const [sin, cos] = [Math.sin(otherLat * radians), Math.cos(otherLat * radians)];
    const turn = (otherLon - lon) * radians;
    const up = sinLat * sin + cosLat * cos * Math.cos(turn);
    if (up < 0.17) return undefined;
    // sin(latB - latA) and 1 - cos(turn), not their expansions: places a metre apart would cancel to nothing.
    const half = Math.sin(turn / 2);
    const north = Math.sin((otherLat - lat) * radians) + 2 * sinLat * cos * half * half;
    return [(cos * Math.sin(turn)) / up, north / up];
  };
}

/** From the origin to the segment a–b. */
function planeDistance(a: LonLat, b: LonLat): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, -(a[0] * dx + a[1] * dy) / length));
  return Math.hypot(a[0] + t * dx, a[1] + t * dy);
}
