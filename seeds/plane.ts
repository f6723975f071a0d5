import type { Position } from 'geojson';

/** A point in the plane of the regency: kilometres east and north of its middle. */
export type Km = readonly [east: number, north: number];

const middle = { lon: 113.65, lat: -8.2 };
const kmPerDegree = { lon: 111.32 * Math.cos((middle.lat * Math.PI) / 180), lat: 110.6 };

/** Degrees to the plane; the error over a regency (100 km) is under 0.1 %. */
export function toKm([lon = Number.NaN, lat = Number.NaN]: Position): Km {
  return [(lon - middle.lon) * kmPerDegree.lon, (lat - middle.lat) * kmPerDegree.lat];
}

/** The plane to degrees, rounded to 6 decimals (0.1 m), so that equal places are equal numbers. */
export function toDegrees([east, north]: Km): [lon: number, lat: number] {
  return [round6(middle.lon + east / kmPerDegree.lon), round6(middle.lat + north / kmPerDegree.lat)];
}

/** Kilometres between two points of the plane. */
export function distance(a: Km, b: Km): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** The point at a fraction 0–1 of the way from `a` to `b`. */
export function between(a: Km, b: Km, fraction: number): Km {
  return [a[0] + (b[0] - a[0]) * fraction, a[1] + (b[1] - a[1]) * fraction];
}

/** Six decimals of a degree: 0.1 m. */
export function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
