import type { LonLat } from './expression.ts';
import { orientation } from './orientation.ts';
import { bboxesMeet, boxesMeet, locate, onSegment, type Rings, type Shape, segmentsMeet } from './shape.ts';

/** Whether two shapes have a point in common (OGC 06-103r4 `Intersects`), edges and ends included. */
export function intersects(a: Shape, b: Shape): boolean {
  if (!bboxesMeet(a.bbox, b.bbox)) return false;
  return (
    a.points.some((point) => touches(point, b)) ||
    b.points.some((point) => touches(point, a)) ||
    edgesMeet(a, b) ||
    // No edges meet: then one is wholly inside the other or they are apart, and any vertex tells.
    starts(a).some((point) => locate(point, b.areas) >= 0) ||
    starts(b).some((point) => locate(point, a.areas) >= 0)
  );
}

/**
 * Whether `a` lies in `b`, which must be made of areas (OGC 06-103r4 `Within`): no point of `a` outside, and not all of
 * it on the edge.
 */
export function within(a: Shape, b: Shape): boolean {
  const [west, south, east, north] = b.bbox;
  if (a.bbox[0] < west || a.bbox[1] < south || a.bbox[2] > east || a.bbox[3] > north) return false;
  let inside = false;
  for (const point of a.points) {
    const place = locate(point, b.areas);
    if (place < 0) return false;
    inside ||= place > 0;
  }
  for (const path of paths(a))
    for (let i = 1; i < path.length; i++)
      for (const place of piecePlaces(path[i - 1]!, path[i]!, b.areas)) {
        if (place < 0) return false;
        inside ||= place > 0;
      }
  if (a.areas.length === 0) return inside;
  // The edge of `a` lies in `b`. What is left to rule out: an edge of `b` through the inside of `a`, and `a` filling a hole.
  for (const path of paths(b))
    for (let i = 1; i < path.length; i++)
      if (piecePlaces(path[i - 1]!, path[i]!, a.areas).some((place) => place > 0)) return false;
  return a.areas.every((rings) => locate(insideOf(rings), b.areas) > 0);
}

/** A point inside an area: the middle of the widest stretch on a level that has no vertex. */
export function insideOf(rings: Rings): LonLat {
  const levels = [...new Set(rings[0]!.map(([, y]) => y))].toSorted((p, q) => p - q);
  const middle = Math.max(1, levels.length >> 1);
  const y = (levels[middle - 1]! + levels[middle]!) / 2;
  const crossings: number[] = [];
  for (const ring of rings)
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1]!, ring[i]!];
      if (a[1] > y !== b[1] > y) crossings.push(a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
    }
  crossings.sort((p, q) => p - q);
  let best: LonLat = [crossings[0]!, y];
  let width = -1;
  for (let i = 1; i < crossings.length; i += 2) {
    const [from, to] = [crossings[i - 1]!, crossings[i]!];
    if (to - from > width) {
      width = to - from;
      best = [(from + to) / 2, y];
    }
  }
  return best;
}

/** Lines and rings: whatever has edges. */
function paths(shape: Shape): (readonly LonLat[])[] {
  return [...shape.lines, ...shape.areas.flat()];
}

function starts(shape: Shape): LonLat[] {
  return [...shape.lines.map((line) => line[0]!), ...shape.areas.map((rings) => rings[0]![0]!)];
}

function touches(point: LonLat, shape: Shape): boolean {
  return (
    shape.points.some(([x, y]) => x === point[0] && y === point[1]) ||
    shape.lines.some((line) => line.some((end, i) => i > 0 && onSegment(point, line[i - 1]!, end))) ||
    locate(point, shape.areas) >= 0
  );
}

function edgesMeet(a: Shape, b: Shape): boolean {
  const others = paths(b);
  if (others.length === 0) return false;
  const [west, south, east, north] = b.bbox;
  for (const path of paths(a))
    for (let i = 1; i < path.length; i++) {
      const [p, q] = [path[i - 1]!, path[i]!];
      if (!boxesMeet(p, q, [west, south], [east, north])) continue;
      for (const other of others)
        for (let k = 1; k < other.length; k++) if (segmentsMeet(p, q, other[k - 1]!, other[k]!)) return true;
    }
  return false;
}

/** Cuts the segment p–q at every edge of the areas and says of each piece where it lies: 1 inside, 0 on an edge, -1 outside. */
function piecePlaces(p: LonLat, q: LonLat, areas: readonly Rings[]): number[] {
  // How far along p–q, by the axis in which it is longer.
  const axis = Math.abs(q[0] - p[0]) >= Math.abs(q[1] - p[1]) ? 0 : 1;
  const along = (v: LonLat) => (v[axis] - p[axis]) / (q[axis] - p[axis]);
  const cuts = [0, 1];
  const shared: [from: number, to: number][] = [];
  for (const ring of areas.flat())
    for (let i = 1; i < ring.length; i++) {
      const [c, d] = [ring[i - 1]!, ring[i]!];
      if (!boxesMeet(p, q, c, d)) continue;
      const [cp, cq] = [orientation(c, d, p), orientation(c, d, q)];
      const [pc, pd] = [orientation(p, q, c), orientation(p, q, d)];
      if (pc === 0 && pd === 0) {
        const [from, to] = [along(c), along(d)].toSorted((s, t) => s - t);
        cuts.push(from!, to!);
        shared.push([from!, to!]);
      } else if (cp * cq <= 0 && pc * pd <= 0) {
        if (pc === 0) cuts.push(along(c));
        else if (pd === 0) cuts.push(along(d));
        else if (cp !== 0 && cq !== 0) cuts.push(crossing(p, q, c, d));
      }
    }
  const inOrder = cuts.filter((t) => t >= 0 && t <= 1).toSorted((s, t) => s - t);
  const places: number[] = [];
  for (let i = 1; i < inOrder.length; i++) {
    const [from, to] = [inOrder[i - 1]!, inOrder[i]!];
    if (to - from < 1e-12) continue; // one cut found twice, by two edges that meet there
    const middle = (from + to) / 2;
    if (shared.some(([start, end]) => start <= middle && middle <= end)) places.push(0);
    else places.push(locate([p[0] + middle * (q[0] - p[0]), p[1] + middle * (q[1] - p[1])], areas));
  }
  return places;
}

/** How far along p–q the line through c–d crosses it. */
function crossing(p: LonLat, q: LonLat, c: LonLat, d: LonLat): number {
  const [ex, ey] = [d[0] - c[0], d[1] - c[1]];
  return ((c[0] - p[0]) * ey - (c[1] - p[1]) * ex) / ((q[0] - p[0]) * ey - (q[1] - p[1]) * ex);
}
