import type { Geometry, Position } from 'geojson';
import { isObject, type JsonObject, type Note } from './row.ts';

/** How deep the coordinates of each type are nested above a position (RFC 7946 §3.1). */
const nesting = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 } as const;

/**
 * Checks a value that should be a GeoJSON geometry, so that what passes never makes the database fail; answers what is
 * wrong with it in words. What is only style is told to `note`.
 */
export function checkGeometry(value: unknown, note: Note): Geometry | string {
  if (!isObject(value)) return 'the geometry is not an object';
  const { type } = value;
  if (typeof type !== 'string') return 'the geometry has no type';
  if ('bbox' in value && !isBbox(value.bbox)) note('a "bbox" member that is none, ignored');
  if (type === 'GeometryCollection') return checkCollection(value, note);
  if (!Object.hasOwn(nesting, type)) return `unknown geometry type "${type.slice(0, 40)}"`;
  if (value.coordinates === undefined) return 'the geometry has no coordinates';
  const fault = checkNested(value.coordinates, nesting[type as keyof typeof nesting], type, note);
  return fault ?? (value as unknown as Geometry); // everything that a Geometry promises was just checked
}

function checkCollection(value: JsonObject, note: Note): Geometry | string {
  if (!Array.isArray(value.geometries)) return 'the geometry collection has no list of geometries';
  for (const part of value.geometries) {
    const checked = checkGeometry(part, note);
    if (typeof checked === 'string') return checked;
    if (checked.type === 'GeometryCollection') note('a geometry collection inside another');
  }
  if (value.geometries.length === 1) note('a geometry collection of one geometry');
  return value as unknown as Geometry; // checked part by part
}

function checkNested(value: unknown, depth: number, type: string, note: Note): string | undefined {
  if (!Array.isArray(value)) return `${JSON.stringify(value)?.slice(0, 30)} where a ${type} has a list of coordinates`;
  if (depth === 0) return checkPosition(value, note);
  if (value.length === 0) return `a ${type} without coordinates`;
  for (const part of value) {
    const fault = checkNested(part, depth - 1, type, note);
    if (fault) return fault;
  }
  if (depth === 1 && type.endsWith('LineString') && value.length < 2) return 'a line needs two positions';
  if (depth === 1 && type.endsWith('Polygon')) return checkRing(value, note);
  // The first ring of a polygon is its outer one.
  if (depth === 2 && type.endsWith('Polygon') && windsWrongly(value))
    note('rings that run the other way than RFC 7946 §3.1.6 wants, accepted');
  return undefined;
}

function checkPosition(value: readonly unknown[], note: Note): string | undefined {
  if (value.length < 2) return 'a position needs longitude and latitude';
  for (const number of value) {
    if (typeof number !== 'number' || !Number.isFinite(number))
      return `${JSON.stringify(number)?.slice(0, 30)} in a position is not a number`;
  }
  if (value.length > 3) note('positions of more than three numbers, the rest ignored');
  return undefined;
}

/** A ring that stops one position short has one obvious end: it is given it. */
function checkRing(ring: Position[], note: Note): string | undefined {
  const first = ring[0];
  const last = ring.at(-1);
  if (!first || ring.length < 4) return 'a ring needs four positions';
  if (first[0] !== last?.[0] || first[1] !== last?.[1]) {
    ring.push(first);
    note('rings that did not end where they began, closed');
  }
  return undefined;
}

/** Outer rings run counterclockwise, holes clockwise. */
function windsWrongly(rings: readonly (readonly Position[])[]): boolean {
  return rings.some((ring, i) => (i === 0 ? signedArea(ring) < 0 : signedArea(ring) > 0));
}

function signedArea(ring: readonly Position[]): number {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    const [x0 = 0, y0 = 0] = ring[i - 1] ?? [];
    const [x1 = 0, y1 = 0] = ring[i] ?? [];
    sum += x0 * y1 - x1 * y0;
  }
  return sum;
}

/** Whether a value is a bounding box of two or three dimensions (RFC 7946 §5). */
export function isBbox(value: unknown): boolean {
  return (
    Array.isArray(value) && (value.length === 4 || value.length === 6) && value.every((n) => typeof n === 'number')
  );
}
