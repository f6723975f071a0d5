import type { Geometry, Position } from 'geojson';
import { latitude, longitude, type WorldBox, worldX, worldY } from './mercator.ts';
import { importanceOf } from './simplify.ts';

/** MVT geometry types. */
export const pointType = 1;
export const lineType = 2;
export const polygonType = 3;

/** A geometry of many vertices as the live copy keeps it: flat, in world units, ready to be cut into tiles. */
export interface Shape {
  readonly type: typeof pointType | typeof lineType | typeof polygonType;
  /** x, y, x, y, … */
  readonly xy: Uint32Array;
  /** For each line or ring, the number of the vertex behind its last one. */
  readonly ends: Uint32Array;
  /** For each polygon, the number of the ring behind its last one; the first ring of each is its shell. */
  readonly polygons: Uint32Array;
  /** For each vertex, how far (squared world units) the shape would be off without it. */
  readonly importance: Float32Array;
  readonly box: WorldBox;
}

/**
 * Reads ISO WKB (2D, either byte order; Point to MultiPolygon) in EPSG:4326 degrees.
 * Throws a RangeError on another kind or on bytes that end early.
 */
export function shapeFromWkb(wkb: Uint8Array): Shape {
  const view = new DataView(wkb.buffer, wkb.byteOffset, wkb.byteLength);
  const xy: number[] = [];
  const ends: number[] = [];
  const polygons: number[] = [];
  let at = 0;
  let type: Shape['type'] = pointType;
  let little = true;

  const uint = () => {
    at += 4;
    return view.getUint32(at - 4, little);
  };
  const vertices = (count: number) => {
    for (let i = 0; i < count; i++) {
      xy.push(worldX(view.getFloat64(at, little)), worldY(view.getFloat64(at + 8, little)));
      at += 16;
    }
    ends.push(xy.length / 2);
  };
  const geometry = () => {
    little = view.getUint8(at++) === 1;
    const kind = uint();
    if (kind === 1) vertices(1);
    else if (kind === 2) {
      type = lineType;
      vertices(uint());
    } else if (kind === 3) {
      type = polygonType;
      const rings = uint();
      for (let ring = 0; ring < rings; ring++) vertices(uint());
      if (rings > 0) polygons.push(ends.length);
    } else if (kind >= 4 && kind <= 6) {
      const parts = uint();
      for (let part = 0; part < parts; part++) geometry();
    } else throw new RangeError(`WKB type ${kind} is not a shape`);
  };
  geometry();
  return shapeOf(type, xy, ends, polygons);
}

/** A line or polygon of GeoJSON in EPSG:4326 degrees. */
export function shapeFromLines(type: typeof lineType | typeof polygonType, lines: readonly Position[][]): Shape {
  const xy = lines.flat().flatMap(([lon, lat]) => [worldX(lon!), worldY(lat!)]);
  let end = 0;
  const ends = lines.map(({ length }) => {
    end += length;
    return end;
  });
  return shapeOf(type, xy, ends, type === polygonType ? [lines.length] : []);
}

function shapeOf(
  type: Shape['type'],
  xy: readonly number[],
  ends: readonly number[],
  polygons: readonly number[],
): Shape {
  const flat = Uint32Array.from(xy);
  const ringEnds = Uint32Array.from(ends);
  return {
    type,
    xy: flat,
    ends: ringEnds,
    polygons: Uint32Array.from(polygons),
    importance: importanceOf(flat, ringEnds),
    box: boxOf(flat),
  };
}

/** The shape as GeoJSON in EPSG:4326, to the centimetre the live copy keeps. */
export function shapeGeometry({ type, xy, ends, polygons }: Shape): Geometry {
  const lines: Position[][] = [];
  let vertex = 0;
  for (const end of ends) {
    const line: Position[] = [];
    for (; vertex < end; vertex++) line.push([longitude(xy[vertex * 2]!), latitude(xy[vertex * 2 + 1]!)]);
    lines.push(line);
  }
  if (type === pointType) return { type: 'MultiPoint', coordinates: lines.flat() };
  if (type === lineType) return { type: 'MultiLineString', coordinates: lines };
  const coordinates = Array.from(polygons, (end, i) => lines.slice(polygons[i - 1] ?? 0, end));
  return { type: 'MultiPolygon', coordinates };
}

function boxOf(xy: Uint32Array): WorldBox {
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < xy.length; i += 2) {
    const x = xy[i]!;
    const y = xy[i + 1]!;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return { minX, minY, maxX, maxY };
}
