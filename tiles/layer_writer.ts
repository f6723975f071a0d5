import { extent, type Part } from './cut.ts';
import { type lineType, pointType, polygonType } from './shape.ts';
import type { TextPool } from './text_pool.ts';

const encoder = new TextEncoder();

/**
 * Writes one layer of a vector tile (MVT 2.1 as protobuf). One writer serves all tiles, one at a time: its buffers and
 * the pool's notes are reused, so a feature costs no allocation.
 *
 * Call `begin`, then for each feature `feature`, any of `text`, `number`, `boolean`, then `point` or `parts`; `end`
 * returns the bytes of a `Tile.layers` entry, ready to be put behind others.
 */
export class LayerWriter {
  readonly #pool: TextPool;
  /** Finished features. */
  #bytes = new Uint8Array(1 << 16);
  #end = 0;
  readonly #tags: number[] = [];
  #id = -1;
  #values = new Uint8Array(1 << 12);
  #valuesEnd = 0;
  #valueCount = 0;
  readonly #numbers = new Map<number, number>();
  readonly #booleans: [number, number] = [-1, -1];
  #stamp = 0;
  #name = '';
  #keys: readonly string[] = [];

  constructor(pool: TextPool) {
    this.#pool = pool;
  }

  /** Starts a layer; `keys` are all attribute names its features may carry, in the order of their numbers. */
  begin(name: string, keys: readonly string[]): void {
    this.#name = name;
    this.#keys = keys;
    this.#end = 0;
    this.#valuesEnd = 0;
    this.#valueCount = 0;
    this.#numbers.clear();
    this.#booleans.fill(-1);
    if (++this.#stamp === 2 ** 32) {
      this.#pool.stamp.fill(0);
      this.#stamp = 1;
    }
  }

  /** Starts a feature; -1 for one without an id. */
  feature(id: number): void {
    this.#id = id;
    this.#tags.length = 0;
  }

  /** Adds a text by its number in the pool; 0 (null) adds nothing. */
  text(key: number, number: number): void {
    if (number === 0) return;
    const { stamp, local } = this.#pool;
    if (stamp[number] !== this.#stamp) {
      stamp[number] = this.#stamp;
      local[number] = this.#valueCount++;
      const start = this.#pool.start(number);
      const length = this.#pool.start(number + 1) - start;
      this.#roomForValue(length);
      this.#values.set(this.#pool.bytes.subarray(start, start + length), this.#valuesEnd);
      this.#valuesEnd += length;
    }
    this.#tags.push(key, local[number]!);
  }

  /** Adds a word of a vocabulary that is not a row's. */
  word(key: number, value: string): void {
    this.text(key, this.#pool.intern(value));
  }

  /** Adds a number; NaN (null) adds nothing. Whole numbers take the shorter integer form. */
  number(key: number, value: number): void {
    if (Number.isNaN(value)) return;
    let index = this.#numbers.get(value);
    if (index === undefined) {
      index = this.#valueCount++;
      this.#numbers.set(value, index);
      this.#roomForValue(12);
      if (Number.isSafeInteger(value) && value >= 0) this.#wholeValue(value);
      else this.#doubleValue(value);
    }
    this.#tags.push(key, index);
  }

  boolean(key: number, value: boolean): void {
    const which = value ? 1 : 0;
    if (this.#booleans[which] === -1) {
      this.#booleans[which] = this.#valueCount++;
      this.#roomForValue(4);
      this.#values.set([0x22, 2, 0x38, which], this.#valuesEnd); // Value.bool_value
      this.#valuesEnd += 4;
    }
    this.#tags.push(key, this.#booleans[which]!);
  }

  /** Finishes the feature as one point, in tile units. */
  point(x: number, y: number): void {
    const start = this.#startFeature(16);
    this.#put(0x18); // Feature.type
    this.#put(pointType);
    this.#put(0x22); // Feature.geometry
    this.#put(1 + varintSize(x << 1) + varintSize(y << 1));
    this.#put(9); // MoveTo, once
    this.#varint(x << 1);
    this.#varint(y << 1);
    this.#closeLength(start);
  }

  /** Finishes the feature as points, lines or rings; the caller has ordered and wound them. */
  parts(type: typeof pointType | typeof lineType | typeof polygonType, parts: readonly Part[]): void {
    const start = this.#startFeature(16);
    this.#put(0x18);
    this.#put(type);
    this.#put(0x22);
    const geometry = this.#end;
    let lastX = 0;
    let lastY = 0;
    for (const { xy } of parts) {
      this.#room(xy.length * 5 + 16);
      const moves = type === pointType ? xy.length / 2 : 1;
      this.#varint((moves << 3) | 1);
      for (let i = 0; i < xy.length; i += 2) {
        if (i === 2 && type !== pointType) this.#varint(((xy.length / 2 - 1) << 3) | 2);
        const x = xy[i]!;
        const y = xy[i + 1]!;
        this.#varint(zigzag(x - lastX));
        this.#varint(zigzag(y - lastY));
        lastX = x;
        lastY = y;
      }
      if (type === polygonType) this.#put(15); // ClosePath
    }
    this.#prefixLength(geometry);
    this.#closeLength(start);
  }

  /** The finished layer; empty when it has no feature. */
  end(): Uint8Array {
    if (this.#end === 0) return new Uint8Array(0);
    const name = encoder.encode(this.#name);
    const keys = this.#keys.map((key) => encoder.encode(key));
    const keysLength = keys.reduce((sum, key) => sum + 1 + varintSize(key.length) + key.length, 0);
    const body = 2 + 1 + varintSize(name.length) + name.length + this.#end + keysLength + this.#valuesEnd + 3;
    const layer = new Uint8Array(1 + varintSize(body) + body);
    let at = 0;
    const field = (tag: number, bytes: Uint8Array) => {
      layer[at++] = tag;
      at = putVarint(layer, at, bytes.length);
      layer.set(bytes, at);
      at += bytes.length;
    };
    layer[at++] = 0x1a; // Tile.layers
    at = putVarint(layer, at, body);
    layer[at++] = 0x78; // Layer.version
    layer[at++] = 2;
    field(0x0a, name);
    layer.set(this.#bytes.subarray(0, this.#end), at);
    at += this.#end;
    for (const key of keys) field(0x1a, key);
    layer.set(this.#values.subarray(0, this.#valuesEnd), at);
    at += this.#valuesEnd;
    layer[at++] = 0x28; // Layer.extent
    putVarint(layer, at, extent);
    return layer;
  }

  /** Writes tag, a byte for the length, id and tags; returns where the feature's body starts. */
  #startFeature(room: number): number {
    const tags = this.#tags;
    this.#room(room + 24 + tags.length * 5);
    this.#put(0x12); // Layer.features
    this.#put(0);
    const start = this.#end;
    if (this.#id >= 0) {
      this.#put(0x08); // Feature.id
      this.#varint(this.#id);
    }
    if (tags.length > 0) {
      this.#put(0x12); // Feature.tags
      this.#put(0);
      const from = this.#end;
      for (let i = 0; i < tags.length; i++) this.#varint(tags[i]!);
      this.#closeLength(from);
    }
    return start;
  }

  /** Fills the one byte kept before `start` with the length since, making room when it needs more. */
  #closeLength(start: number): void {
    const length = this.#end - start;
    const size = varintSize(length);
    if (size > 1) {
      this.#room(size);
      this.#bytes.copyWithin(start + size - 1, start, this.#end);
      this.#end += size - 1;
    }
    putVarint(this.#bytes, start - 1, length);
  }

  /** Puts the length since `start` before it. */
  #prefixLength(start: number): void {
    const length = this.#end - start;
    const size = varintSize(length);
    this.#room(size);
    this.#bytes.copyWithin(start + size, start, this.#end);
    this.#end += size;
    putVarint(this.#bytes, start, length);
  }

  #wholeValue(value: number): void {
    this.#values[this.#valuesEnd++] = 0x22;
    this.#values[this.#valuesEnd++] = 1 + varintSize(value);
    this.#values[this.#valuesEnd++] = 0x28; // Value.uint_value
    this.#valuesEnd = putVarint(this.#values, this.#valuesEnd, value);
  }

  #doubleValue(value: number): void {
    this.#values.set([0x22, 9, 0x19], this.#valuesEnd); // Value.double_value
    new DataView(this.#values.buffer).setFloat64(this.#valuesEnd + 3, value, true);
    this.#valuesEnd += 11;
  }

  #put(byte: number): void {
    this.#bytes[this.#end++] = byte;
  }

  #varint(value: number): void {
    if (value < 0x80) this.#bytes[this.#end++] = value;
    else this.#end = putVarint(this.#bytes, this.#end, value);
  }

  #room(more: number): void {
    if (this.#end + more > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#end, more);
  }

  #roomForValue(more: number): void {
    if (this.#valuesEnd + more > this.#values.length) this.#values = grown(this.#values, this.#valuesEnd, more);
  }
}

function grown(bytes: Uint8Array, used: number, more: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(bytes.length * 2, used + more));
  larger.set(bytes.subarray(0, used));
  return larger;
}

/** Base-128 varint of a safe integer; where the next byte goes. */
function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  while (rest >= 0x80) {
    bytes[to++] = (rest % 0x80) | 0x80;
    rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80);
  }
  bytes[to++] = rest;
  return to;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

function zigzag(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}
