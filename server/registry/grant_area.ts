import type { MultiPolygon } from 'geojson';
import type { FilterGeometry } from './filter/expression.ts';
import { checkFilterGeometry } from './filter/geometry.ts';
import { within } from './filter/relate.ts';
import { type Shape, shapeOf } from './filter/shape.ts';
import { Problem } from './problem.ts';
import { textLiteral } from './text_literal.ts';
import type { Grant } from './viewer.ts';

/** Where a thing lies: its village or district, and its geometry as GeoJSON text. */
export interface Where {
  readonly area_code: string | null;
  readonly geometry: string | null;
}

/** What limits a grant to an area; nothing: the whole region. */
type Area = Pick<Grant, 'areas' | 'polygon'>;

/**
 * Whether a thing lies in the area of a grant: its `area_code` is one of the codes or of a village in such a district, or all
 * of it lies in the polygon. The same as {@link areaText} says in CQL2.
 */
export function liesIn({ areas, polygon }: Area, { area_code, geometry }: Where): boolean {
  if (!areas && !polygon) return true;
  // Codes are digits and dots; those of a village begin with its district's.
  if (areas?.some((code) => area_code === code || (area_code?.startsWith(`${code}.`) ?? false))) return true;
  return polygon !== undefined && geometry !== null && within(shapeOf(JSON.parse(geometry)), outlineOf(polygon));
}

/** CQL2 text of {@link liesIn}; undefined where a grant is for the whole region. */
export function areaText({ areas, polygon }: Area): string | undefined {
  if (!areas && !polygon) return undefined;
  const codes = (areas ?? []).map(
    (code) => `area_code = ${textLiteral(code)} OR area_code LIKE ${textLiteral(`${code}.%`)}`,
  );
  const inside = [...codes, ...(polygon ? [`S_WITHIN(geom, ${wktOf(polygon)})`] : [])];
  return inside.length === 0 ? 'false' : `(${inside.join(' OR ')})`;
}

/** The most corners of an outline, all rings together: each row that is shown is compared with it. */
export const mostCorners = 1000;
/** Decimals that an outline keeps: a centimetre. Views compare what is stored, so it is rounded before it is. */
const decimals = 7;

/**
 * An outline as it is stored, of GeoJSON: a Polygon or MultiPolygon, also as a Feature or a FeatureCollection of one, in degrees.
 * Answers what is wrong with it as a text.
 */
export function polygonOf(given: unknown): MultiPolygon | string {
  const geometry = geometryIn(given);
  const parts = geometry && coordinatesOf(geometry);
  if (!parts) return 'must be a GeoJSON Polygon or MultiPolygon in degrees';
  const corners = parts.flat().reduce((sum, ring) => sum + ring.length, 0);
  if (corners > mostCorners) return `has ${corners} corners, at most ${mostCorners}: simplify it`;
  const rounded = parts.map((rings) => rings.map((ring) => ring.map(([x, y]) => [round(x!), round(y!)] as const)));
  try {
    // What crosses itself, lies over itself or off the earth, or is not closed.
    const checked = checkFilterGeometry(
      { type: 'MultiPolygon', coordinates: rounded },
      'the polygon',
    ) as FilterGeometry & {
      type: 'MultiPolygon'; // it answers the kind that it was given
    };
    return {
      type: 'MultiPolygon',
      coordinates: checked.coordinates.map((rings) => rings.map((ring) => ring.map((p) => [...p]))),
    };
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

function geometryIn(given: unknown): object | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  if ('geometry' in given) return geometryIn(given.geometry);
  if ('features' in given)
    return Array.isArray(given.features) && given.features.length === 1 ? geometryIn(given.features[0]) : undefined;
  return given;
}

/** The rings of each part; undefined when it is none, or a position is no two numbers (heights are passed over). */
function coordinatesOf(geometry: object): number[][][][] | undefined {
  if (!('type' in geometry) || !('coordinates' in geometry)) return undefined;
  const { type, coordinates } = geometry;
  const parts = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? coordinates : undefined;
  const isList = (value: unknown, of: (each: unknown) => boolean): value is unknown[] =>
    Array.isArray(value) && value.length > 0 && value.every(of);
  const isPosition = (value: unknown) =>
    Array.isArray(value) && value.length >= 2 && value.length <= 4 && value.every(Number.isFinite);
  const isRing = (value: unknown) => isList(value, isPosition);
  return isList(parts, (part) => isList(part, isRing)) ? (parts as number[][][][]) : undefined; // just looked at
}

function round(degrees: number): number {
  return Number(degrees.toFixed(decimals));
}

function wktOf({ coordinates }: MultiPolygon): string {
  const ring = (positions: readonly (readonly number[])[]) => `(${positions.map((p) => p.join(' ')).join(', ')})`;
  return `MULTIPOLYGON(${coordinates.map((rings) => `(${rings.map(ring).join(', ')})`).join(', ')})`;
}

/** Outlines as they are compared: a grant is asked about many things. */
const outlines = new WeakMap<MultiPolygon, Shape>();

function outlineOf(polygon: MultiPolygon): Shape {
  const known = outlines.get(polygon) ?? shapeOf(polygon);
  outlines.set(polygon, known);
  return known;
}
