import type { Geometry, Position } from 'geojson';

type Nested = readonly (Nested | Position)[];

/**
 * A geometry whose lines jump over longitude 180 (from 170 to −170) is unrolled: its longitudes go on beyond 180, so that it
 * is one shape again and the database can cut it there (RFC 7946 §3.1.9). Others come back as they are.
 */
export function unroll(geometry: Geometry): { readonly geometry: Geometry; readonly crosses: boolean } {
  if (geometry.type === 'GeometryCollection' || geometry.type === 'Point' || geometry.type === 'MultiPoint')
    return { geometry, crosses: false };
  const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type];
  const coordinates = geometry.coordinates as unknown as Nested; // the four types differ in depth only
  if (!lines(coordinates, depth).some(leaves)) return { geometry, crosses: false };
  const unrolled = each(coordinates, depth, (line) => unrollLine(line, geometry.type.endsWith('Polygon')));
  return { geometry: { type: geometry.type, coordinates: unrolled } as unknown as Geometry, crosses: true };
}

function lines(coordinates: Nested, depth: number): (readonly Position[])[] {
  return depth === 0 ? [coordinates as Position[]] : coordinates.flatMap((part) => lines(part as Nested, depth - 1));
}

function each(coordinates: Nested, depth: number, change: (line: readonly Position[]) => Position[]): Nested {
  if (depth === 0) return change(coordinates as Position[]);
  return coordinates.map((part) => each(part as Nested, depth - 1, change));
}

/** Whether a line leaves the map at one side: it jumps, or it has longitudes beyond 180. */
function leaves(line: readonly Position[]): boolean {
  return line.some((position, i) => Math.abs(position[0] ?? 0) > 180 || jumps(line[i - 1] ?? position, position));
}

/**
 * A step of more than half the globe went the other way round. From −180 to 180 on one latitude is a band round the
 * earth; on two latitudes it is an edge along the antimeridian.
 */
function jumps([x0 = 0, y0 = 0]: Position, [x1 = 0, y1 = 0]: Position): boolean {
  const step = Math.abs(x1 - x0);
  return (step > 180 && step < 360) || (step === 360 && y0 !== y1);
}

function unrollLine(line: readonly Position[], closed: boolean): Position[] {
  let turns = 0;
  const unrolled = line.map((position, i): Position => {
    const before = line[i - 1] ?? position;
    const [x = 0, y = 0] = position;
    if (jumps(before, position)) turns += x < (before[0] ?? 0) ? 360 : -360;
    return [x + turns, y];
  });
  return closed && turns !== 0 ? overThePole(unrolled) : unrolled;
}

/** A ring that comes back one turn further encloses a pole: it is closed along the pole's edge of the map. */
function overThePole(ring: readonly Position[]): Position[] {
  const first = ring[0];
  const last = ring.at(-1);
  if (!first || !last) return [...ring];
  const pole = ring.reduce((sum, [, y = 0]) => sum + y, 0) >= 0 ? 90 : -90;
  return [...ring, [last[0] ?? 0, pole], [first[0] ?? 0, pole], first];
}
