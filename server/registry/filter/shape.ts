import type { Geometry } from 'geojson';
import type { Bbox } from '../catalogue.ts';
import type { FilterGeometry, LonLat } from './expression.ts';
import { orientation } from './orientation.ts';

/** A closed ring, first position = last. */
export type Ring = readonly LonLat[];
/** Shell first, then the holes. */
export type Rings = readonly Ring[];

/** A geometry as its points, lines and areas, in degrees on the plane of longitude and latitude, as PostGIS `geometry` sees it. */
export interface Shape {
  readonly points: readonly LonLat[];
  readonly lines: readonly (readonly LonLat[])[];
  readonly areas: readonly Rings[];
  readonly bbox: Bbox;
}

/** The shape of a geometry; a collection is refused, no layer holds one. */
export function shapeOf(given: Geometry | FilterGeometry): Shape {
  // GeoJSON types a position as number[]; every position has the two numbers of LonLat.
  const geometry = given as FilterGeometry;
  const none = { points: [], lines: [], areas: [] };
  switch (geometry.type) {
    case 'Point':
      return withBbox({ ...none, points: [geometry.coordinates] });
    case 'MultiPoint':
      return withBbox({ ...none, points: geometry.coordinates });
    case 'LineString':
      return withBbox({ ...none, lines: [geometry.coordinates] });
    case 'MultiLineString':
      return withBbox({ ...none, lines: geometry.coordinates });
    case 'Polygon':
      return withBbox({ ...none, areas: [geometry.coordinates] });
    case 'MultiPolygon':
      return withBbox({ ...none, areas: geometry.coordinates });
    default:
      throw new TypeError(`${given.type} is not a geometry of a layer`);
  }
}

function withBbox(parts: Omit<Shape, 'bbox'>): Shape {
  const bbox: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const part of [parts.points, ...parts.lines, ...parts.areas.flat()])
    for (const [x, y] of part) {
      bbox[0] = Math.min(bbox[0], x);
      bbox[1] = Math.min(bbox[1], y);
      bbox[2] = Math.max(bbox[2], x);
      bbox[3] = Math.max(bbox[3], y);
    }
  return { ...parts, bbox };
}

/** Whether two boxes have a point in common; edges count. */
export function bboxesMeet(a: Bbox, b: Bbox): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/** Where a point lies against areas: 1 inside, 0 on an edge, -1 outside. */
export function locate(point: LonLat, areas: readonly Rings[]): -1 | 0 | 1 {
  let best: -1 | 0 | 1 = -1;
  for (const rings of areas) {
    const found = locateInRings(point, rings);
    if (found === 1) return 1;
    if (found === 0) best = 0;
  }
  return best;
}

/** Counts the edges that a ray to the east crosses; exact for points on edges and level with vertices. */
function locateInRings(point: LonLat, rings: Rings): -1 | 0 | 1 {
  const [x, y] = point;
  let inside = false;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const a = ring[i - 1]!;
      const b = ring[i]!;
      if (a[1] > y && b[1] > y) continue;
      if (a[1] < y && b[1] < y) continue;
      if (a[0] < x && b[0] < x) continue;
      if (a[1] === b[1]) {
        // level with the point: on the edge or of no account
        if (Math.min(a[0], b[0]) <= x) return 0;
        continue;
      }
      const side = orientation(a, b, point);
      if (side === 0) return 0;
      // Half-open, so that a vertex the ray passes through counts once.
      if (a[1] > y !== b[1] > y && side > 0 === b[1] > a[1]) inside = !inside;
    }
  }
  return inside ? 1 : -1;
}

/** Whether a point lies on the segment a–b, ends included. */
export function onSegment(point: LonLat, a: LonLat, b: LonLat): boolean {
  return inBoxOf(point, a, b) && orientation(a, b, point) === 0;
}

/** Whether the segments a–b and c–d have a point in common. */
export function segmentsMeet(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  if (!boxesMeet(a, b, c, d)) return false;
  const ca = orientation(c, d, a);
  const cb = orientation(c, d, b);
  if (ca === 0 && cb === 0) return true; // in one line, and their boxes meet
  return ca * cb <= 0 && orientation(a, b, c) * orientation(a, b, d) <= 0;
}

/** Whether the boxes of the segments a–b and c–d have a point in common. */
export function boxesMeet(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  return (
    Math.min(a[0], b[0]) <= Math.max(c[0], d[0]) &&
    Math.min(c[0], d[0]) <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= Math.max(c[1], d[1]) &&
    Math.min(c[1], d[1]) <= Math.max(a[1], b[1])
  );
}

function inBoxOf([x, y]: LonLat, a: LonLat, b: LonLat): boolean {
  return (
    Math.min(a[0], b[0]) <= x && x <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= y && y <= Math.max(a[1], b[1])
  );
}
