import { seededRandom } from './random.ts';

/** What stands between the texts of a body that holds several. */
export interface Framing {
  readonly before: string;
  readonly after: string;
}

/** Values that somebody's program has written in place of another. */
const values = [
  null,
  true,
  '',
  ' ',
  0,
  -0,
  -1,
  1e308,
  2 ** 53,
  'NaN',
  '１２',
  '\0',
  '\ud800',
  [],
  {},
  [[]],
  [1, 2],
  ['A', 'A'],
].concat([
  ...[
    'Feature',
    'FeatureCollection',
    'Polygon',
    'GeometryCollection',
    '2026-13-40T25:61:00Z',
    '1970-01-01T00:00:00Z',
    'x'.repeat(5_000),
  ],
]);
const names = [
  'code',
  'id',
  'type',
  'geometry',
  'properties',
  'coordinates',
  'observed_at',
  'lon',
  'speed_km_h',
  '__proto__',
  'constructor',
  '',
];
const bits = [
  '\n',
  '\r\n',
  '\u001e',
  '"',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '\\u0000',
  '\\',
  'null',
  'NaN',
  '1e400',
  '9'.repeat(400),
  '\uFEFF',
];

/**
 * Makes bodies that are nearly `texts` (JSON, framed one after the other), always the same of the same seed: half of them
 * well-formed with other members and values, half with other bytes.
 */
export function mutations(
  texts: readonly unknown[],
  { before, after }: Framing,
  seed: number,
): () => Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const body = (of: readonly unknown[]) => of.map((each) => `${before}${JSON.stringify(each)}${after}`).join('');
  const times = <T>(first: T, change: (last: T) => T): T =>
    Array.from({ length: 1 + below(3) }).reduce<T>(change, first);

  /** Somewhere in a value: something else, one member less, one twice, or one by another name. */
  function altered(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || random() < 0.1) return pick(values);
    if (Array.isArray(value)) {
      const at = below(value.length);
      const ways = [() => [], () => [value[at], value[at]], () => [altered(value[at])], () => [altered(value[at])]];
      return value.toSpliced(at, 1, ...pick(ways)());
    }
    const entries = Object.entries(value);
    const at = below(entries.length);
    const [name = 'type', inner] = entries[at] ?? [];
    const ways = [
      () => [],
      () => [[pick(names), inner]],
      () => [[name, altered(inner)]],
      () => [[name, altered(inner)]],
    ];
    return Object.fromEntries(entries.toSpliced(at, 1, ...(pick(ways)() as [string, unknown][]))); // of names and values
  }
  function broken(whole: Buffer): Buffer {
    const [from, to] = [below(whole.length), below(whole.length)].toSorted((a, b) => a - b) as [number, number];
    const [head, tail] = [whole.subarray(0, from), whole.subarray(from)];
    const ways = [
      () => Buffer.concat([head, Buffer.from(pick(bits)), tail]),
      () => Buffer.concat([head, Buffer.from([below(256)]), tail.subarray(1)]),
      () => head,
      () => Buffer.concat([whole.subarray(0, to), tail]), // a part twice
      () => Buffer.concat([head, whole.subarray(to)]), // a part lost
    ];
    return pick(ways)();
  }
  return () => {
    const bytes =
      random() < 0.5
        ? Buffer.from(body(times(texts, (last) => last.map((each) => (random() < 0.5 ? altered(each) : each)))))
        : times(Buffer.from(body(texts)), broken);
    return new Uint8Array(bytes);
  };
}
