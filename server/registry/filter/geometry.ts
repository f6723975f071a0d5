import { type FilterGeometry, type LonLat, refuse } from './expression.ts';
import { orientation } from './orientation.ts';
import { insideOf, within } from './relate.ts';
import { bboxesMeet, boxesMeet, locate, onSegment, type Ring, type Rings, segmentsMeet, shapeOf } from './shape.ts';

/**
 * Refuses a geometry that PostGIS would answer differently from version to version: outside the world, open rings, areas
 * that cross themselves. Answers the geometry without repeated positions.
 */
export function checkFilterGeometry(geometry: FilterGeometry, at: string): FilterGeometry {
  switch (geometry.type) {
    case 'Point':
      return { type: 'Point', coordinates: checkPosition(geometry.coordinates, at) };
    case 'MultiPoint':
      for (const position of geometry.coordinates) checkPosition(position, at);
      return geometry;
    case 'LineString':
      return { type: 'LineString', coordinates: checkLine(geometry.coordinates, at) };
    case 'MultiLineString':
      return { type: 'MultiLineString', coordinates: geometry.coordinates.map((line) => checkLine(line, at)) };
    case 'Polygon':
      return { type: 'Polygon', coordinates: checkArea(geometry.coordinates, at) };
    case 'MultiPolygon': {
      const areas = geometry.coordinates.map((rings) => checkArea(rings, at));
      checkApart(areas, at);
      return { type: 'MultiPolygon', coordinates: areas };
    }
  }
}

/**
 * BBOX(west, south, east, north) as a geometry. West beyond east crosses the antimeridian and gives two boxes; a box
 * without width or height gives the line or point that it is. Six numbers carry heights, which nothing here has.
 */
export function bboxGeometry(numbers: readonly number[], at: string): FilterGeometry {
  const four = numbers.length === 6 ? [numbers[0], numbers[1], numbers[3], numbers[4]] : numbers;
  const [west, south, east, north] = four;
  if (four.length !== 4 || west === undefined || south === undefined || east === undefined || north === undefined)
    throw refuse(at, 'A bbox is four numbers: west, south, east, north in degrees');
  checkPosition([west, south], at);
  checkPosition([east, north], at);
  if (south > north) throw refuse(at, 'The bbox has its south above its north');
  if (west <= east) return box(west, south, east, north);
  if (west === 180 || east === -180 || south === north)
    throw refuse(at, 'A bbox across the antimeridian needs width on both sides, and height');
  return { type: 'MultiPolygon', coordinates: [[frame(west, south, 180, north)], [frame(-180, south, east, north)]] };
}

function box(west: number, south: number, east: number, north: number): FilterGeometry {
  if (west === east && south === north) return { type: 'Point', coordinates: [west, south] };
  if (west === east || south === north)
    return {
      type: 'LineString',
      coordinates: [
        [west, south],
        [east, north],
      ],
    };
  return { type: 'Polygon', coordinates: [frame(west, south, east, north)] };
}

function frame(west: number, south: number, east: number, north: number): Ring {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

function checkPosition(position: LonLat, at: string): LonLat {
  const [lon, lat] = position;
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
    throw refuse(at, `${lon} ${lat} is not on earth: longitude (-180 to 180) comes first, latitude (-90 to 90) second`);
  return position;
}

function checkLine(line: readonly LonLat[], at: string): LonLat[] {
  const distinct = line.filter((p, i) => !same(checkPosition(p, at), line[i - 1]));
  if (distinct.length < 2) throw refuse(at, 'A line needs two different positions');
  return distinct;
}

function checkArea(rings: Rings, at: string): Ring[] {
  const distinct = rings.map((ring) => checkRing(ring, at));
  checkEdges(distinct, at);
  const [shell, ...holes] = distinct;
  const whole = shapeOf({ type: 'Polygon', coordinates: [shell!] });
  for (const hole of holes)
    if (!within(shapeOf({ type: 'Polygon', coordinates: [hole] }), whole))
      throw refuse(at, "A polygon's hole lies outside it");
  checkApart(
    holes.map((hole) => [hole]),
    at,
  );
  return distinct;
}

function checkRing(ring: Ring, at: string): LonLat[] {
  const distinct = checkLine(ring, at);
  if (!same(distinct[0]!, distinct.at(-1))) throw refuse(at, 'A ring of a polygon must end where it begins');
  if (distinct.length < 4) throw refuse(at, 'A ring of a polygon needs three different positions');
  return distinct;
}

/** Edges may meet at the ends of neighbours, and one ring may touch another at a point; nothing else. */
function checkEdges(rings: readonly Ring[], at: string): void {
  interface Edge {
    readonly ring: Ring;
    readonly i: number;
    readonly a: LonLat;
    readonly b: LonLat;
    readonly west: number;
    readonly east: number;
  }
  const edges: Edge[] = rings.flatMap((ring) =>
    ring.slice(1).map((b, i) => {
      const a = ring[i]!;
      return { ring, i, a, b, west: Math.min(a[0], b[0]), east: Math.max(a[0], b[0]) };
    }),
  );
  edges.sort((p, q) => p.west - q.west);
  edges.forEach((one, k) => {
    for (let m = k + 1; m < edges.length; m++) {
      const other = edges[m]!;
      if (other.west > one.east) break;
      if (!boxesMeet(one.a, one.b, other.a, other.b)) continue;
      const apart = Math.abs(one.i - other.i);
      const neighbours = one.ring === other.ring && (apart === 1 || apart === one.ring.length - 2);
      const crosses =
        one.ring === other.ring && !neighbours
          ? segmentsMeet(one.a, one.b, other.a, other.b)
          : overlaps(one.a, one.b, other.a, other.b) || properlyCross(one.a, one.b, other.a, other.b);
      if (crosses) throw refuse(at, `The polygon crosses or touches itself near ${one.a[0]} ${one.a[1]}`);
    }
  });
}

/** Whether two edges in one line share more than a point. */
function overlaps(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  if (orientation(a, b, c) !== 0 || orientation(a, b, d) !== 0) return false;
  const common = [a, b].filter((p) => onSegment(p, c, d)).concat([c, d].filter((p) => onSegment(p, a, b)));
  return common.some((p) => !same(p, common[0]));
}

function properlyCross(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  return orientation(a, b, c) * orientation(a, b, d) < 0 && orientation(c, d, a) * orientation(c, d, b) < 0;
}

/** Areas of one geometry may touch at points only. */
function checkApart(areas: readonly Rings[], at: string): void {
  const shapes = areas.map((rings) => shapeOf({ type: 'Polygon', coordinates: rings }));
  for (const [i, one] of shapes.entries())
    for (const other of shapes.slice(i + 1)) {
      if (!bboxesMeet(one.bbox, other.bbox)) continue;
      const [p, q] = [one.areas[0]!, other.areas[0]!];
      checkEdges([...p, ...q], at);
      const inside = (inner: Rings, outer: Rings) =>
        [insideOf(inner), ...inner.flat(), ...middles(inner)].some((point) => locate(point, [outer]) > 0);
      if (inside(p, q) || inside(q, p)) throw refuse(at, 'Parts of the geometry lie over each other');
    }
}

function middles(rings: Rings): LonLat[] {
  return rings.flatMap((ring) =>
    ring.slice(1).map((b, i): LonLat => [(ring[i]![0] + b[0]) / 2, (ring[i]![1] + b[1]) / 2]),
  );
}

function same(p: LonLat, q: LonLat | undefined): boolean {
  return q !== undefined && p[0] === q[0] && p[1] === q[1];
}
