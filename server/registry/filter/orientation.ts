import type { LonLat } from './expression.ts';

/** The error bound of the determinant below in units of the sum of its terms (Shewchuk 1997, `ccwerrboundA`). */
const errorBound = (3 + 16 * Number.EPSILON) * (Number.EPSILON / 2);

/**
 * On which side of the line a→b the point p lies: 1 left, -1 right, 0 exactly on it. Exact: PostGIS is too, and a row on
 * the edge of a drawn area must be in or out on both.
 */
export function orientation(a: LonLat, b: LonLat, p: LonLat): -1 | 0 | 1 {
  const left = (a[0] - p[0]) * (b[1] - p[1]);
  const right = (a[1] - p[1]) * (b[0] - p[0]);
  const determinant = left - right;
  // Terms of different sign cannot cancel.
  if (left === 0 || right === 0 || left > 0 !== right > 0) return determinant > 0 ? 1 : determinant < 0 ? -1 : 0;
  if (Math.abs(determinant) > errorBound * (Math.abs(left) + Math.abs(right))) return determinant > 0 ? 1 : -1;
  return exact(a, b, p);
}

function exact(a: LonLat, b: LonLat, p: LonLat): -1 | 0 | 1 {
  const [px, py] = [whole(p[0]), whole(p[1])];
  const determinant = (whole(a[0]) - px) * (whole(b[1]) - py) - (whole(a[1]) - py) * (whole(b[0]) - px);
  return determinant > 0n ? 1 : determinant < 0n ? -1 : 0;
}

const view = new DataView(new ArrayBuffer(8));

/** A double times 2¹⁰⁷⁴: the smallest power that makes every double a whole number. */
function whole(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return value < 0 ? -magnitude : magnitude;
}
