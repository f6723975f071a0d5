import type OlGeometry from 'ol/geom/Geometry.js';
import LineString from 'ol/geom/LineString.js';
import MultiLineString from 'ol/geom/MultiLineString.js';
import MultiPolygon from 'ol/geom/MultiPolygon.js';
import Polygon from 'ol/geom/Polygon.js';
import { crossesItself, isTangled } from './crossing.ts';

type Coordinates = number[][];

/** Every path of a line or a polygon, outline and holes and parts alike; of a point none. */
export function pathsOf(geometry: OlGeometry | undefined): Coordinates[] {
  if (geometry instanceof LineString) return [geometry.getCoordinates()];
  if (geometry instanceof MultiLineString || geometry instanceof Polygon) return geometry.getCoordinates();
  return geometry instanceof MultiPolygon ? geometry.getCoordinates().flat() : [];
}

/** Whether a shape cannot be stored as it is. */
export function isRefused(geometry: OlGeometry | undefined): boolean {
  if (geometry instanceof Polygon) return isTangled([geometry.getCoordinates()]);
  if (geometry instanceof MultiPolygon) return isTangled(geometry.getCoordinates());
  return pathsOf(geometry).some(crossesItself);
}

/** Places of all corners, each once: a ring ends where it began. */
export function cornersOf(geometry: OlGeometry | undefined): Coordinates {
  return pathsOf(geometry).flatMap((path) => (isRing(geometry) ? path.slice(0, -1) : path));
}

function isRing(geometry: OlGeometry | undefined): boolean {
  return geometry instanceof Polygon || geometry instanceof MultiPolygon;
}

/**
 * A shape without one of its corners, counted as `cornersOf` does. A hole or a part that is left with too few goes with it;
 * null where the shape itself would.
 */
export function withoutCorner(geometry: OlGeometry, at: number): OlGeometry | null {
  let left = at;
  const least = isRing(geometry) ? 4 : 2;
  const shorten = (path: Coordinates): Coordinates | null => {
    const corners = isRing(geometry) ? path.slice(0, -1) : path;
    const here = left;
    left -= corners.length;
    if (here < 0 || here >= corners.length) return path;
    const rest = corners.toSpliced(here, 1);
    const closed = isRing(geometry) ? [...rest, ...rest.slice(0, 1)] : rest;
    return closed.length < least ? null : closed;
  };
  const shortenPolygon = (polygon: readonly Coordinates[]): Coordinates[] | null => {
    const [outline, ...holes] = polygon.map(shorten);
    return outline ? [outline, ...holes.filter((hole) => hole !== null)] : null;
  };
  if (geometry instanceof LineString) {
    const path = shorten(geometry.getCoordinates());
    return path && new LineString(path);
  }
  if (geometry instanceof MultiLineString) {
    const paths = geometry.getCoordinates().flatMap((path) => [shorten(path) ?? []].filter(({ length }) => length > 0));
    return paths.length > 0 ? new MultiLineString(paths) : null;
  }
  if (geometry instanceof Polygon) {
    const polygon = shortenPolygon(geometry.getCoordinates());
    return polygon && new Polygon(polygon);
  }
  if (!(geometry instanceof MultiPolygon)) return null;
  const polygons = geometry.getCoordinates().flatMap((polygon) => {
    const shorter = shortenPolygon(polygon);
    return shorter ? [shorter] : [];
  });
  return polygons.length > 0 ? new MultiPolygon(polygons) : null;
}

/** A shape with a hole cut into it, or a further part beside it; null where there would be none that can be stored. */
export function withRing(geometry: OlGeometry, ring: Coordinates, as: 'hole' | 'part'): OlGeometry | null {
  if (as === 'part') {
    const whole = geometry instanceof MultiPolygon ? new MultiPolygon([...geometry.getCoordinates(), [ring]]) : null;
    return whole && !isRefused(whole) ? whole : null;
  }
  const polygons = geometry instanceof MultiPolygon ? geometry.getCoordinates() : null;
  if (geometry instanceof Polygon) {
    const whole = new Polygon([...geometry.getCoordinates(), ring]);
    return isRefused(whole) ? null : whole;
  }
  // In whichever part it fits.
  for (const at of polygons?.keys() ?? []) {
    const whole = new MultiPolygon(polygons!.with(at, [...polygons![at]!, ring]));
    if (!isRefused(whole)) return whole;
  }
  return null;
}

/** A line or a polygon as one of many; those that are many already stay. */
export function asMany(geometry: OlGeometry): OlGeometry {
  if (geometry instanceof Polygon) return new MultiPolygon([geometry]);
  return geometry instanceof LineString ? new MultiLineString([geometry]) : geometry;
}
