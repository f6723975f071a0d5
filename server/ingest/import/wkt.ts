import type { Geometry, Position } from 'geojson';

type Nested = readonly (Nested | Position)[];

const types = {
  POINT: 'Point',
  LINESTRING: 'LineString',
  POLYGON: 'Polygon',
  MULTIPOINT: 'MultiPoint',
  MULTILINESTRING: 'MultiLineString',
  MULTIPOLYGON: 'MultiPolygon',
} as const;

/**
 * Reads a geometry in well-known text (OGC 06-103r4 §7; also with `SRID=4326;` before it and Z, M behind the type).
 * Undefined when it is none or is EMPTY; the numbers are not judged here.
 */
export function parseWkt(text: string): Geometry | undefined {
  const match = /^\s*(?:SRID=\d+;)?\s*([A-Z]+)\s*(?:ZM|Z|M)?\s*(\(.*\))\s*$/is.exec(text);
  const type = types[match?.[1]?.toUpperCase() as keyof typeof types];
  if (!match?.[2] || !type) return undefined;
  const coordinates = parseNested(match[2]);
  if (!coordinates) return undefined;
  // WKT wraps one level more than GeoJSON around the position of a point, and optionally of each point of a MULTIPOINT.
  if (type === 'Point') return { type, coordinates: coordinates[0] as Position };
  const flat =
    type === 'MultiPoint' ? coordinates.map((part) => (Array.isArray(part[0]) ? part[0] : part)) : coordinates;
  return { type, coordinates: flat } as Geometry; // checked by checkGeometry like every other
}

/** `(1 2, 3 4)` → `[[1,2],[3,4]]`: the same brackets and numbers as JSON writes them. */
function parseNested(text: string): Nested | undefined {
  const positions = text.replace(/[^(),]+/g, (words) =>
    words.trim() === '' ? '' : `[${words.trim().split(/\s+/).map(Number).join(',')}]`,
  );
  try {
    return JSON.parse(positions.replaceAll('(', '[').replaceAll(')', ']'));
  } catch {
    return undefined;
  }
}
