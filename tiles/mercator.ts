/**
 * World coordinates of the live copy: Web Mercator (EPSG:3857) on a square of 2^32 units, x to the east, y to the south,
 * the origin at the top left of tile 0/0/0. One unit is 9 mm at the equator; a tile of zoom z is `1 << (32 - z)` units
 * wide, so the tile of a point is a shift, and a point on an edge belongs to exactly one tile.
 */
export const worldSize = 2 ** 32;
/** Latitudes beyond this have no place on a square Mercator map; they are drawn at the edge. */
const maxLatitude = 85.0511287798066;
const last = worldSize - 1;

/** World x of a longitude in degrees, clamped to the world. */
export function worldX(lon: number): number {
  return Math.min(last, Math.max(0, Math.floor((lon / 360 + 0.5) * worldSize)));
}

/** World y of a latitude in degrees, clamped to the world. */
export function worldY(lat: number): number {
  const sin = Math.sin((Math.min(maxLatitude, Math.max(-maxLatitude, lat)) * Math.PI) / 180);
  return Math.min(last, Math.max(0, Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * worldSize)));
}

/** Longitude in degrees of a world x. */
export function longitude(x: number): number {
  return (x / worldSize - 0.5) * 360;
}

/** Latitude in degrees of a world y. */
export function latitude(y: number): number {
  return (Math.atan(Math.exp((0.5 - y / worldSize) * 2 * Math.PI)) * 360) / Math.PI - 90;
}

/** Highest zoom served: one tile unit (1/4096 of a tile) is then one world unit. */
export const maxZoom = 20;

/** A tile address in the XYZ scheme. */
export interface TileAddress {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** A tile's place among all tiles of all zooms, a safe integer: the key of caches. */
export function tileNumber({ z, x, y }: TileAddress): number {
  return (4 ** z - 1) / 3 + x * 2 ** z + y;
}

/** A box in world units, both ends inclusive. */
export interface WorldBox {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}
