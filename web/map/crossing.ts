type Point = readonly number[];
export type Path = readonly Point[];

/** Twice the area of a triangle, positive where it turns left. */
function turn(a: Point, b: Point, c: Point): number {
  return (b[0]! - a[0]!) * (c[1]! - a[1]!) - (b[1]! - a[1]!) * (c[0]! - a[0]!);
}

function isBetween(a: Point, b: Point, c: Point): boolean {
  return (
    Math.min(a[0]!, b[0]!) <= c[0]! &&
    c[0]! <= Math.max(a[0]!, b[0]!) &&
    Math.min(a[1]!, b[1]!) <= c[1]! &&
    c[1]! <= Math.max(a[1]!, b[1]!)
  );
}

function cross(a: Point, b: Point, c: Point, d: Point): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  return (
    cross(a, b, c, d) ||
    (turn(a, b, c) === 0 && isBetween(a, b, c)) ||
    (turn(a, b, d) === 0 && isBetween(a, b, d)) ||
    (turn(c, d, a) === 0 && isBetween(c, d, a)) ||
    (turn(c, d, b) === 0 && isBetween(c, d, b))
  );
}

/** From `a` to `b`, the `index`th of so many edges of a path. */
interface Edge {
  readonly a: Point;
  readonly b: Point;
  readonly path: number;
  readonly index: number;
  readonly edges: number;
  readonly isRing: boolean;
  readonly west: number;
  readonly east: number;
}

function edgesOf(path: Path, of: number): Edge[] {
  const points = path.filter((point, i) => i === 0 || point[0] !== path[i - 1]![0] || point[1] !== path[i - 1]![1]);
  const edges = points.length - 1;
  const [first, last] = [points[0], points[edges]];
  const isRing = edges > 2 && first![0] === last![0] && first![1] === last![1];
  return points.slice(1).map((b, index) => {
    const a = points[index]!;
    return { ...{ a, b, path: of, index, edges, isRing }, west: Math.min(a[0]!, b[0]!), east: Math.max(a[0]!, b[0]!) };
  });
}

/** Whether the second edge, which follows the first, runs back over it. */
function runsBack({ a, b }: Edge, { b: next }: Edge): boolean {
  return turn(a, b, next) === 0 && (b[0]! - a[0]!) * (next[0]! - b[0]!) + (b[1]! - a[1]!) * (next[1]! - b[1]!) < 0;
}

function isFault(one: Edge, other: Edge): boolean {
  if (one.path !== other.path) return cross(one.a, one.b, other.a, other.b);
  const [first, second] = one.index < other.index ? [one, other] : [other, one];
  // Neighbours share a point; they only may not run back over each other.
  if (second.index === first.index + 1 && !(first.isRing && first.edges === 2)) return runsBack(first, second);
  if (first.isRing && first.index === 0 && second.index === second.edges - 1) return runsBack(second, first);
  return meet(first.a, first.b, second.a, second.b);
}

/**
 * Whether one of the paths crosses or touches itself (of a ring, whose last point is its first, the end may meet the
 * beginning), or two of them cross. From west to east, so that only edges above each other are compared.
 */
export function crosses(paths: readonly Path[]): boolean {
  const edges = paths.flatMap(edgesOf).toSorted((one, other) => one.west - other.west);
  let open: Edge[] = [];
  for (const edge of edges) {
    open = open.filter(({ east }) => east >= edge.west);
    if (open.some((other) => isFault(edge, other))) return true;
    open.push(edge);
  }
  return false;
}

/** The same of one path. */
export function crossesItself(path: Path): boolean {
  return crosses([path]);
}

/** Whether a path crosses one of the others, whatever these do among themselves. */
export function crossesOthers(path: Path, others: readonly Path[]): boolean {
  const own = edgesOf(path, 0);
  return others.some((other) => edgesOf(other, 1).some((edge) => own.some((each) => isFault(each, edge))));
}

/** 1 where a point lies inside a ring, -1 outside, 0 on it. */
function side([x = 0, y = 0]: Point, ring: Path): number {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1]!, ring[i]!];
    if (turn(a, b, [x, y]) === 0 && isBetween(a, b, [x, y])) return 0;
    if (a[1]! > y !== b[1]! > y && x < ((b[0]! - a[0]!) * (y - a[1]!)) / (b[1]! - a[1]!) + a[0]!) inside = !inside;
  }
  return inside ? 1 : -1;
}

/**
 * 1 where a path lies inside a ring, -1 outside, for paths that do not cross it: where most of its corners and the middles of
 * its edges do, because a corner that was put on the ring lies a hair beside it.
 */
export function sideOf(path: Path, ring: Path): number {
  const middles = path.slice(1).map((b, i) => [(b[0]! + path[i]![0]!) / 2, (b[1]! + path[i]![1]!) / 2]);
  return Math.sign([...path, ...middles].reduce((sum, point) => sum + side(point, ring), 0));
}

/**
 * Whether polygons, each its outline and its holes, are none that can be stored: one crosses itself or another, a hole
 * lies outside its outline or in another hole, a part lies over another.
 */
export function isTangled(parts: readonly (readonly Path[])[]): boolean {
  if (crosses(parts.flat())) return true;
  const within = (path: Path, [outline = [], ...holes]: readonly Path[]) =>
    sideOf(path, outline) >= 0 && holes.every((hole) => sideOf(path, hole) < 0);
  return parts.some(([outline = [], ...holes], at) => {
    if (
      holes.some(
        (hole, i) => sideOf(hole, outline) < 0 || holes.some((other, j) => i !== j && sideOf(hole, other) >= 0),
      )
    )
      return true;
    return parts.some((other, i) => i !== at && within(outline, other));
  });
}
