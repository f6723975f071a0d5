import type OlMap from 'ol/Map.js';

/** CSS pixels within which a corner is meant. */
export const nearPixels = 14;

/** CSS pixels between two places (EPSG:3857) on the screen; infinite before the first frame. */
export function pixelsBetween(map: OlMap, a: readonly number[], b: readonly number[]): number {
  const [one, other] = [map.getPixelFromCoordinate([...a]), map.getPixelFromCoordinate([...b])];
  return one && other ? Math.hypot(one[0]! - other[0]!, one[1]! - other[1]!) : Number.POSITIVE_INFINITY;
}
