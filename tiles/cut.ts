import { clipLine, clipRing, type Flat } from './clip.ts';
import { type TileAddress, type WorldBox, worldSize } from './mercator.ts';
import { lineType, pointType, type Shape } from './shape.ts';

/** Coordinates of a tile run from 0 to this (MVT 2.1, 4.1). */
export const extent = 4096;
/** Units around a tile into which lines and polygons reach, so that strokes do not end at its edge. */
export const buffer = 64;
/** A vertex is left out when the shape misses it by less than this, in tile units. */
const tolerance = 0.25;

/** A tile with its buffer, in world units. */
export function tileBox({ z, x, y }: TileAddress): WorldBox {
  const side = worldSize / 2 ** z;
  const margin = (side * buffer) / extent;
  return {
    minX: x * side - margin,
    minY: y * side - margin,
    maxX: (x + 1) * side + margin,
    maxY: (y + 1) * side + margin,
  };
}

/**
 * A part of a feature in a tile, in whole tile units: points, a line, or a ring without its closing vertex. A shell runs
 * clockwise on the screen and comes before its holes, which run the other way (MVT 2.1, 4.3.3.3).
 */
export interface Part {
  readonly xy: readonly number[];
}

/** The parts of a shape in a tile with its buffer: simplified to a quarter of a unit, cut, and rounded to whole units. */
export function cutShape(shape: Shape, { z, x, y }: TileAddress): Part[] {
  const scale = extent / 2 ** (32 - z);
  const originX = x * extent;
  const originY = y * extent;
  const { type, xy, ends, importance } = shape;
  if (type === pointType) return cutPoints(xy, scale, originX, originY);

  const least = (tolerance / scale) ** 2;
  let vertex = 0;
  /** A line or ring of the shape in tile units, without the vertices that make no difference. */
  const next = (end: number): Flat => {
    const flat: Flat = [];
    for (; vertex < end; vertex++) {
      if (importance[vertex]! < least) continue;
      flat.push(xy[vertex * 2]! * scale - originX, xy[vertex * 2 + 1]! * scale - originY);
    }
    return flat;
  };
  if (type === lineType) return Array.from(ends, next).flatMap(cutLine);
  let ring = 0;
  return Array.from(shape.polygons, (end) => {
    const rings: Flat[] = [];
    for (; ring < end; ring++) rings.push(next(ends[ring]!));
    return cutPolygon(rings);
  }).flat();
}

function cutLine(line: Flat): Part[] {
  const pieces = clipLine(line, -buffer, extent + buffer).map(rounded);
  return pieces.filter((piece) => piece.length >= 4).map((piece) => ({ xy: piece }));
}

/** The shell and holes of a polygon; nothing when the tile lies wholly in a hole, or what is left has no area. */
function cutPolygon(rings: readonly Flat[]): Part[] {
  const parts: Part[] = [];
  let area = 0;
  for (const [i, ring] of rings.entries()) {
    const cut = openRing(rounded(clipRing(ring, -buffer, extent + buffer)));
    const signed = cut.length >= 6 ? signedArea(cut) : 0;
    const hole = i > 0;
    if (signed === 0) {
      if (hole) continue;
      return [];
    }
    area += hole ? -Math.abs(signed) : Math.abs(signed);
    parts.push({ xy: signed > 0 === hole ? reversed(cut) : cut });
  }
  return area > 0 ? parts : [];
}

function cutPoints(xy: Uint32Array, scale: number, originX: number, originY: number): Part[] {
  const inside: Flat = [];
  for (let i = 0; i < xy.length; i += 2) {
    const px = Math.floor(xy[i]! * scale) - originX;
    const py = Math.floor(xy[i + 1]! * scale) - originY;
    if (px >= 0 && px < extent && py >= 0 && py < extent) inside.push(px, py);
  }
  return inside.length > 0 ? [{ xy: inside }] : [];
}

/** Whole units, without vertices that fall on the one before. */
function rounded(flat: Flat): Flat {
  const result: Flat = [];
  for (let i = 0; i < flat.length; i += 2) {
    const x = Math.round(flat[i]!);
    const y = Math.round(flat[i + 1]!);
    const end = result.length;
    if (end === 0 || result[end - 2] !== x || result[end - 1] !== y) result.push(x, y);
  }
  return result;
}

function openRing(ring: Flat): Flat {
  const end = ring.length;
  return end >= 4 && ring[0] === ring[end - 2] && ring[1] === ring[end - 1] ? ring.slice(0, end - 2) : ring;
}

/** Twice the area by the surveyor's formula; positive when clockwise on a screen whose y runs down. */
export function signedArea(ring: readonly number[]): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    sum += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!;
  return sum;
}

function reversed(ring: Flat): Flat {
  const result: Flat = [];
  for (let i = ring.length - 2; i >= 0; i -= 2) result.push(ring[i]!, ring[i + 1]!);
  return result;
}
