/**
 * The first `count` places in the order of their Morton codes: neighbours on the map become neighbours in the order.
 * `x` and `y` in world units; the result tells for each position which place stands there.
 */
export function mortonOrder(x: Uint32Array, y: Uint32Array, count: number): Uint32Array {
  // Code and index in one number, so that the engine sorts numbers; as many bits of an axis as 53 leave room for.
  const indexBits = Math.ceil(Math.log2(count + 1));
  const axisBits = Math.min(16, Math.floor((53 - indexBits) / 2));
  const shift = 32 - axisBits;
  const factor = 2 ** indexBits;
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i++) keys[i] = morton(x[i]! >>> shift, y[i]! >>> shift) * factor + i;
  keys.sort();
  return Uint32Array.from(keys, (key) => key % factor);
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
