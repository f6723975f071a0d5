/** Flat coordinates x, y, x, y, … in tile units. */
export type Flat = number[];

/**
 * Cuts a ring (first vertex repeated at the end) to the square [min, max]² after Sutherland and Hodgman (1974).
 * A ring that leaves and returns runs along the edge of the square between; empty when nothing is inside.
 */
export function clipRing(ring: Flat, min: number, max: number): Flat {
  let result = ring;
  for (const axis of [0, 1] as const) {
    result = clipHalf(result, axis, min, 1);
    result = clipHalf(result, axis, max, -1);
  }
  return result;
}

/** Keeps the side of a line across `axis` (0 = x, 1 = y) where `sign * (value - edge) >= 0`. */
function clipHalf(ring: Flat, axis: 0 | 1, edge: number, sign: 1 | -1): Flat {
  const kept: Flat = [];
  for (let i = 0; i + 3 < ring.length; i += 2) {
    const ax = ring[i]!;
    const ay = ring[i + 1]!;
    const bx = ring[i + 2]!;
    const by = ring[i + 3]!;
    const a = sign * ((axis === 0 ? ax : ay) - edge);
    const b = sign * ((axis === 0 ? bx : by) - edge);
    if (a >= 0) kept.push(ax, ay);
    if (a >= 0 !== b >= 0) {
      const t = a / (a - b);
      kept.push(axis === 0 ? edge : ax + (bx - ax) * t, axis === 0 ? ay + (by - ay) * t : edge);
    }
  }
  if (kept.length > 0) kept.push(kept[0]!, kept[1]!);
  return kept;
}

/** Cuts a line to the square [min, max]² after Liang and Barsky (1984): the stretches inside, each a line. */
export function clipLine(line: Flat, min: number, max: number): Flat[] {
  const pieces: Flat[] = [];
  let piece: Flat = [];
  for (let i = 0; i + 3 < line.length; i += 2) {
    const ax = line[i]!;
    const ay = line[i + 1]!;
    const dx = line[i + 2]! - ax;
    const dy = line[i + 3]! - ay;
    let enter = 0;
    let leave = 1;
    let outside = false;
    for (const [p, q] of [
      [-dx, ax - min],
      [dx, max - ax],
      [-dy, ay - min],
      [dy, max - ay],
    ] as const) {
      if (p === 0) {
        if (q < 0) outside = true;
      } else if (p < 0) enter = Math.max(enter, q / p);
      else leave = Math.min(leave, q / p);
    }
    if (outside || enter > leave) continue;
    if (piece.length === 0 || enter > 0) {
      if (piece.length > 2) pieces.push(piece);
      piece = [ax + dx * enter, ay + dy * enter];
    }
    piece.push(ax + dx * leave, ay + dy * leave);
    if (leave < 1) {
      pieces.push(piece);
      piece = [];
    }
  }
  if (piece.length > 2) pieces.push(piece);
  return pieces;
}
