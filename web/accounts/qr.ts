/** Codewords for error correction a block, and blocks, of level L, by version (ISO/IEC 18004:2015, table 9). */
const eccPerBlock = [0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18];
const blockCount = [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4];
const maxVersion = 10;

/**
 * A QR code (ISO/IEC 18004, byte mode, level L, versions 1–10) as rows of modules, true is dark; without the quiet zone
 * of 4 modules. Throws RangeError for more than 271 bytes of UTF-8.
 */
export function qrCode(text: string): readonly (readonly boolean[])[] {
  const bytes = new TextEncoder().encode(text);
  const version = versionFor(bytes.length);
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const fixed = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const set = (x: number, y: number, value: boolean) => {
    dark[y]![x] = value;
    fixed[y]![x] = true;
  };
  drawPatterns(version, size, set);
  drawFormat(0, size, set); // reserves its place
  drawCodewords(interleaved(dataCodewords(bytes, version), version), dark, fixed);

  let best = { mask: 0, penalty: Number.POSITIVE_INFINITY };
  for (let mask = 0; mask < 8; mask++) {
    flip(mask, dark, fixed);
    drawFormat(mask, size, set);
    const penalty = penaltyOf(dark);
    if (penalty < best.penalty) best = { mask, penalty };
    flip(mask, dark, fixed); // back
  }
  flip(best.mask, dark, fixed);
  drawFormat(best.mask, size, set);
  return dark;
}

type Set = (x: number, y: number, value: boolean) => void;

/** Modules for data and error correction together. */
function rawModules(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const aligned = Math.floor(version / 7) + 2;
    modules -= (25 * aligned - 10) * aligned - 55;
    if (version >= 7) modules -= 36;
  }
  return modules;
}

function dataLength(version: number): number {
  return Math.floor(rawModules(version) / 8) - eccPerBlock[version]! * blockCount[version]!;
}

function versionFor(bytes: number): number {
  for (let version = 1; version <= maxVersion; version++)
    if (4 + (version < 10 ? 8 : 16) + 8 * bytes <= 8 * dataLength(version)) return version;
  throw new RangeError(`${bytes} bytes are too many for a QR code of version ${maxVersion}`);
}

function dataCodewords(bytes: Uint8Array, version: number): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  put(0b0100, 4); // byte mode
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  const capacity = 8 * dataLength(version);
  put(0, Math.min(4, capacity - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) put(pad, 8);
  return Uint8Array.from({ length: capacity / 8 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((byte, bit) => (byte << 1) | bit, 0),
  );
}

/** Product in GF(2⁸) modulo x⁸ + x⁴ + x³ + x² + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> i) & 1) * a;
  }
  return product;
}

function divisor(degree: number): Uint8Array {
  const result = new Uint8Array(degree);
  result[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) result[j] = times(result[j]!, root) ^ (result[j + 1] ?? 0);
    root = times(root, 2);
  }
  return result;
}

function remainder(data: Uint8Array, by: Uint8Array): Uint8Array {
  const result = new Uint8Array(by.length);
  for (const byte of data) {
    const factor = byte ^ result[0]!;
    result.copyWithin(0, 1);
    result[by.length - 1] = 0;
    for (let i = 0; i < by.length; i++) result[i]! ^= times(by[i]!, factor);
  }
  return result;
}

/** Data in blocks with their error correction, read across the blocks. */
function interleaved(data: Uint8Array, version: number): readonly number[] {
  const count = blockCount[version]!;
  const eccLength = eccPerBlock[version]!;
  const long = data.length % count;
  const short = Math.floor(data.length / count);
  const by = divisor(eccLength);
  const blocks: { data: Uint8Array; ecc: Uint8Array }[] = [];
  for (let i = 0, from = 0; i < count; i++) {
    const block = data.subarray(from, from + short + (i >= count - long ? 1 : 0)); // the longer ones come last
    from += block.length;
    blocks.push({ data: block, ecc: remainder(block, by) });
  }
  const across = (length: number, of: 'data' | 'ecc') =>
    Array.from({ length }, (_, i) => blocks.flatMap((block) => block[of][i] ?? [])).flat();
  return [...across(short + 1, 'data'), ...across(eccLength, 'ecc')];
}

function drawPatterns(version: number, size: number, set: Set): void {
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const [x, y] = [cx + dx, cy + dy];
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        if (x >= 0 && x < size && y >= 0 && y < size) set(x, y, ring !== 2 && ring !== 4);
      }
  const at = alignments(version, size);
  const last = at.length - 1;
  at.forEach((cx, i) => {
    at.forEach((cy, j) => {
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return; // finders are there
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    });
  });
  if (version < 7) return;
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
    const bit = ((bits >>> i) & 1) === 1;
    set(a, b, bit);
    set(b, a, bit);
  }
}

/** Centres of the alignment patterns, in both directions. */
function alignments(version: number, size: number): readonly number[] {
  if (version === 1) return [];
  return version < 7 ? [6, size - 7] : [6, (size - 1) / 2, size - 7];
}

function drawFormat(mask: number, size: number, set: Set): void {
  const data = (0b01 << 3) | mask; // level L
  let rest = data;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (i: number) => ((bits >>> i) & 1) === 1;
  for (let i = 0; i <= 5; i++) set(8, i, bit(i));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
  set(8, size - 8, true);
}

/** Two columns at a time from the right, up and down in turn. */
function drawCodewords(codewords: readonly number[], dark: boolean[][], fixed: readonly boolean[][]): void {
  const size = dark.length;
  let i = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5; // past the timing pattern
    const upward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++) {
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y]![x] || i >= codewords.length * 8) continue;
        dark[y]![x] = ((codewords[i >>> 3]! >>> (7 - (i & 7))) & 1) === 1;
        i++;
      }
    }
  }
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function flip(mask: number, dark: boolean[][], fixed: readonly boolean[][]): void {
  dark.forEach((row, y) => {
    row.forEach((value, x) => {
      if (!fixed[y]![x]) row[x] = value !== masks[mask]!(x, y);
    });
  });
}

/** How hard a picture is to read: long runs, blocks, what looks like a finder, and too much of one colour. */
function penaltyOf(dark: readonly (readonly boolean[])[]): number {
  const size = dark.length;
  const columns = dark.map((_, x) => dark.map((row) => row[x]!));
  let penalty = 0;
  for (const line of [...dark, ...columns]) {
    const text = line.map((value) => (value ? '1' : '0')).join('');
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
    for (const finder of ['10111010000', '00001011101'])
      for (let at = text.indexOf(finder); at >= 0; at = text.indexOf(finder, at + 1)) penalty += 40;
  }
  for (let y = 0; y + 1 < size; y++)
    for (let x = 0; x + 1 < size; x++) {
      const value = dark[y]![x];
      if (value === dark[y]![x + 1] && value === dark[y + 1]![x] && value === dark[y + 1]![x + 1]) penalty += 3;
    }
  const share = dark.flat().filter(Boolean).length / size ** 2;
  return penalty + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}
