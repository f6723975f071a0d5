/**
 * For each vertex of each line or ring, its importance after Douglas and Peucker (1973): the squared distance, in world
 * units, by which the line would miss it if it were left out first. Ends are always kept (infinity). Computed once; a
 * tile then keeps the vertices above its own tolerance.
 */
export function importanceOf(xy: Uint32Array, ends: Uint32Array): Float32Array {
  const importance = new Float32Array(xy.length / 2);
  let first = 0;
  for (const end of ends) {
    if (end > first) {
      importance[first] = Number.POSITIVE_INFINITY;
      importance[end - 1] = Number.POSITIVE_INFINITY;
      split(xy, importance, first, end - 1);
    }
    first = end;
  }
  return importance;
}

function split(xy: Uint32Array, importance: Float32Array, from: number, to: number): void {
  // first, last, and the importance of the split that made the stretch: a vertex is never worth more than its parent,
  // otherwise a tolerance could keep a vertex whose stretch was already dropped.
  const stack: [number, number, number][] = [[from, to, Number.POSITIVE_INFINITY]];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [first, last, parent] = next;
    let farthest = -1;
    let distance = 0;
    for (let i = first + 1; i < last; i++) {
      const d = squaredDistance(xy, i, first, last);
      if (d > distance) {
        distance = d;
        farthest = i;
      }
    }
    if (farthest === -1) continue;
    const worth = Math.min(distance, parent);
    importance[farthest] = worth;
    stack.push([first, farthest, worth], [farthest, last, worth]);
  }
}

/** Squared distance of vertex `i` from the stretch between vertices `a` and `b`. */
function squaredDistance(xy: Uint32Array, i: number, a: number, b: number): number {
  let x = xy[a * 2]!;
  let y = xy[a * 2 + 1]!;
  const dx = xy[b * 2]! - x;
  const dy = xy[b * 2 + 1]! - y;
  const px = xy[i * 2]!;
  const py = xy[i * 2 + 1]!;
  if (dx !== 0 || dy !== 0) {
    const t = ((px - x) * dx + (py - y) * dy) / (dx * dx + dy * dy);
    if (t > 1) {
      x = xy[b * 2]!;
      y = xy[b * 2 + 1]!;
    } else if (t > 0) {
      x += dx * t;
      y += dy * t;
    }
  }
  return (px - x) ** 2 + (py - y) ** 2;
}
