/** Format information of level L by mask (ISO/IEC 18004:2015, table C.1), highest bit first. */
const formats = [
  ...['111011111000100', '111001011110011', '111110110101010', '111100010011101'],
  ...['110011000101111', '110001100011000', '110110001000001', '110100101110110'],
];
/** Blocks of level L by version: data codewords of each, and codewords of error correction (table 9). */
const blocks: readonly (readonly [data: readonly number[], ecc: number])[] = [
  [[], 0],
  [[19], 7],
  [[34], 10],
  [[55], 15],
  [[80], 20],
  [[108], 26],
  [[68, 68], 18],
  [[78, 78], 20],
  [[97, 97], 24],
  [[116, 116], 30],
  [[68, 68, 69, 69], 18],
];
const conditions: readonly ((i: number, j: number) => number)[] = [
  (i, j) => (i + j) % 2,
  (i) => i % 2,
  (_, j) => j % 3,
  (i, j) => (i + j) % 3,
  (i, j) => ((i >> 1) + Math.trunc(j / 3)) % 2,
  (i, j) => ((i * j) % 2) + ((i * j) % 3),
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2,
  (i, j) => (((i * j) % 3) + ((i + j) % 2)) % 2,
];

/** Reads a QR code of level L in byte mode as a camera's program does; throws where anything of it is not as the standard has it. */
export function readQr(dark: readonly (readonly boolean[])[]): string {
  const size = dark.length;
  const version = (size - 17) / 4;
  const bit = (i: number, j: number) => (dark[i]![j] ? 1 : 0);
  const around: readonly (readonly [number, number])[] = [
    ...[0, 1, 2, 3, 4, 5, 7, 8].map((j) => [8, j] as const),
    ...[7, 5, 4, 3, 2, 1, 0].map((i) => [i, 8] as const),
  ];
  const format = around.map(([i, j]) => bit(i, j)).join('');
  const mask = formats.indexOf(format);
  if (mask < 0) throw new Error(`no format of level L: ${format}`);

  const words: number[] = [];
  let word = '';
  for (let j = size - 1, up = true; j > 0; j -= 2, up = !up) {
    if (j === 6) j--;
    for (let step = 0; step < size; step++) {
      const i = up ? size - 1 - step : step;
      for (const column of [j, j - 1]) {
        if (isFixed(i, column, size, version)) continue;
        word += bit(i, column) ^ (conditions[mask]!(i, column) === 0 ? 1 : 0);
        if (word.length < 8) continue;
        words.push(Number.parseInt(word, 2));
        word = '';
      }
    }
  }
  const [lengths, ecc] = blocks[version]!;
  const data = lengths.map(() => [] as number[]);
  let at = 0;
  for (let i = 0; i < Math.max(...lengths); i++)
    for (const [b, block] of data.entries()) if (i < lengths[b]!) block.push(words[at++]!);
  const whole = data.map((block) => [...block]);
  for (let i = 0; i < ecc; i++) for (const block of whole) block.push(words[at++]!);
  for (const block of whole)
    for (let power = 0; power < ecc; power++)
      if (valueAt(block, power) !== 0) throw new Error('the error correction does not fit the data');
  const bits = data
    .flat()
    .map((each) => each.toString(2).padStart(8, '0'))
    .join('');
  if (!bits.startsWith('0100')) throw new Error('not in byte mode');
  const counted = version < 10 ? 8 : 16;
  const count = Number.parseInt(bits.slice(4, 4 + counted), 2);
  const bytes = Array.from({ length: count }, (_, i) =>
    Number.parseInt(bits.slice(4 + counted + 8 * i, 12 + counted + 8 * i), 2),
  );
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
}

/** Whether a module belongs to a pattern, the format or the version, not to the data. */
function isFixed(i: number, j: number, size: number, version: number): boolean {
  if (i === 6 || j === 6) return true;
  if ((i < 9 && (j < 9 || j >= size - 8)) || (i >= size - 8 && j < 9)) return true;
  if (version >= 7 && ((i < 6 && j >= size - 11) || (j < 6 && i >= size - 11))) return true;
  const centres = version === 1 ? [] : version < 7 ? [6, size - 7] : [6, (size - 1) / 2, size - 7];
  const near = (k: number) => centres.find((centre) => Math.abs(centre - k) <= 2);
  const [a, b] = [near(i), near(j)];
  return a !== undefined && b !== undefined && !isCorner(a, b, size);
}

function isCorner(a: number, b: number, size: number): boolean {
  const last = size - 7;
  return (a === 6 && b === 6) || (a === 6 && b === last) || (a === last && b === 6);
}

/** A block as a polynomial at α^power in GF(2⁸) modulo 285: 0 at each of its roots. */
function valueAt(block: readonly number[], power: number): number {
  const exponents: number[] = [];
  for (let value = 1, i = 0; i < 255; i++, value = value & 128 ? (value << 1) ^ 285 : value << 1) exponents.push(value);
  const multiply = (a: number) => (a === 0 ? 0 : exponents[(exponents.indexOf(a) + power) % 255]!);
  return block.reduce((sum, word) => multiply(sum) ^ word, 0);
}
