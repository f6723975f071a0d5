import type { Geometry, Position } from 'geojson';
import type { Bbox } from '../../registry/catalogue.ts';
import type { GeometryKind } from '../../registry/layer.ts';
import { unroll } from './antimeridian.ts';

/** A geometry as the staging statement takes it: a point by its numbers, others as GeoJSON text. */
export type Fitted =
  | { readonly x: number; readonly y: number }
  | { readonly shape: string /** To be cut at longitude 180. */; readonly crosses: boolean };

const notDegrees = 'coordinates outside EPSG:4326 (are they metres? use --srs)';
type Nested = readonly (Nested | number)[];

/** Fits a geometry to a layer's kind and region; answers in words why it does not. `region` undefined: anywhere on earth. */
export function fitGeometry(geometry: Geometry, kind: GeometryKind, region: Bbox | undefined): Fitted | string {
  if (geometry.type === 'GeometryCollection') return `a GeometryCollection where the layer has ${kind}`;
  const same = toKind(geometry, kind);
  if (!same) return `a ${geometry.type} where the layer has ${kind}`;
  const box = boxOf(geometry.coordinates);
  const [west, south, east, north] = box;
  // Up to a turn more than 180 is a shape across the antimeridian.
  if (west < -360 || east > 360 || south < -90 || north > 90) return notDegrees;
  const { geometry: whole, crosses } = unroll(same);
  if (!crosses && (west < -180 || east > 180)) return notDegrees;
  if (region && (crosses || west < region[0] || south < region[1] || east > region[2] || north > region[3]))
    return `outside the region (${box.map((n) => Number(n.toFixed(4))).join(', ')})`;
  if (whole.type === 'Point') return { x: whole.coordinates[0] ?? 0, y: whole.coordinates[1] ?? 0 };
  return { shape: JSON.stringify(whole), crosses };
}

/** The geometry in the layer's kind: single in a layer of many becomes many of one, many of one becomes single. */
function toKind(geometry: Exclude<Geometry, { type: 'GeometryCollection' }>, kind: GeometryKind): Geometry | undefined {
  if (geometry.type === kind) return geometry;
  if (`Multi${geometry.type}` === kind) return { type: kind, coordinates: [geometry.coordinates] } as Geometry; // same family
  // Several parts: perhaps one remains after repair; the database looks again.
  if (geometry.type === `Multi${kind}` && geometry.coordinates.length === 1)
    return { type: kind, coordinates: geometry.coordinates[0] } as Geometry; // same family
  return undefined;
}

function boxOf(coordinates: Position | Nested): Bbox {
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  const visit = (part: Nested): void => {
    const [x, y] = part;
    if (typeof x === 'number' && typeof y === 'number') {
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < south) south = y;
      if (y > north) north = y;
    } else for (const inner of part) visit(inner as Nested); // not a position, so a list of lists
  };
  visit(coordinates as Nested);
  return [west, south, east, north];
}
