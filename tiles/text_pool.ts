/**
 * Every text of the live copy, once, as the bytes of the MVT `values` entry it becomes in a tile: encoding a tile copies
 * bytes and never touches a JavaScript string. Text number 0 is null. Open addressing over byte hashes keeps 650,000
 * names at about 30 bytes each, a fifth of a Map of strings.
 */
export class TextPool {
  #bytes = new Uint8Array(1 << 16);
  #end = 0;
  /** Start of entry n, and of entry n + 1 = end of n. Entry 0 is empty. */
  #starts = new Uint32Array(1 << 10);
  #count = 1;
  /** Numbers by hash, 0 = free. Never more than half full. */
  #table = new Uint32Array(1 << 11);
  /** What `tiles/encode.ts` remembers of each text while it writes one layer of one tile. */
  stamp = new Uint32Array(1 << 10);
  local = new Uint32Array(1 << 10);

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Numbers handed out so far, null included. */
  get size(): number {
    return this.#count;
  }

  /** The number of a text, a new one if it was never seen. */
  intern(value: string): number {
    const bytes = encoder.encode(value);
    return this.internBytes(bytes, 0, bytes.length);
  }

  /** The number of a text given as UTF-8 bytes. */
  internBytes(source: Uint8Array, start: number, size: number): number {
    const length = this.#write(source, start, size);
    const slot = this.#find(length);
    const known = this.#table[slot]!;
    if (known !== 0) return known;
    const number = this.#count++;
    this.#end += length;
    if (number + 1 >= this.#starts.length) {
      this.#starts = grown(this.#starts, Uint32Array);
      this.stamp = grown(this.stamp, Uint32Array);
      this.local = grown(this.local, Uint32Array);
    }
    this.#starts[number + 1] = this.#end;
    this.#table[slot] = number;
    if (this.#count * 2 > this.#table.length) this.#rehash();
    return number;
  }

  /** The number of a text, -1 when it was never seen. */
  lookup(value: string): number {
    const bytes = encoder.encode(value);
    return this.#table[this.#find(this.#write(bytes, 0, bytes.length))]! || -1;
  }

  /** The text of a number above 0. */
  text(number: number): string {
    const start = this.#starts[number]!;
    const end = this.#starts[number + 1]!;
    // The entry is tag, length, tag, length, text; each length takes as many bytes as a varint needs.
    const outer = varintBytes(this.#bytes, start + 1);
    const inner = varintBytes(this.#bytes, start + 2 + outer);
    return decoder.decode(this.#bytes.subarray(start + 2 + outer + inner, end));
  }

  /** Start of a number's entry in `bytes`. */
  start(number: number): number {
    return this.#starts[number]!;
  }

  /** Writes the entry behind the last one without keeping it; its length in bytes. */
  #write(source: Uint8Array, start: number, size: number): number {
    const inner = varintSize(size);
    const outer = varintSize(1 + inner + size);
    const length = 2 + outer + inner + size;
    if (this.#end + length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#end + length));
      larger.set(this.#bytes.subarray(0, this.#end));
      this.#bytes = larger;
    }
    const bytes = this.#bytes;
    let at = this.#end;
    bytes[at++] = 0x22; // Layer.values, length-delimited
    at = putVarint(bytes, at, 1 + inner + size);
    bytes[at++] = 0x0a; // Value.string_value
    at = putVarint(bytes, at, size);
    for (let i = 0; i < size; i++) bytes[at + i] = source[start + i]!;
    return length;
  }

  /** The table slot of the entry just written: its own or a free one. */
  #find(length: number): number {
    const mask = this.#table.length - 1;
    let slot = hash(this.#bytes, this.#end, length) & mask;
    for (;;) {
      const number = this.#table[slot]!;
      if (number === 0 || this.#same(number, length)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #same(number: number, length: number): boolean {
    const start = this.#starts[number]!;
    if (this.#starts[number + 1]! - start !== length) return false;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== bytes[this.#end + i]) return false;
    return true;
  }

  #rehash(): void {
    const table = new Uint32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let number = 1; number < this.#count; number++) {
      const start = this.#starts[number]!;
      let slot = hash(this.#bytes, start, this.#starts[number + 1]! - start) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = number;
    }
    this.#table = table;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** FNV-1a, 32 bits, with a final mix because the table uses the low bits. */
function hash(bytes: Uint8Array, start: number, length: number): number {
  let value = 0x811c9dc5;
  for (let i = start; i < start + length; i++) value = Math.imul(value ^ bytes[i]!, 0x01000193);
  value ^= value >>> 15;
  return Math.imul(value, 0x2c1b3c6d) >>> 1;
}

function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
}

function varintBytes(bytes: Uint8Array, at: number): number {
  let size = 1;
  while (bytes[at + size - 1]! >= 0x80) size++;
  return size;
}

/** Writes a varint; where the next byte goes. */
function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  while (rest >= 0x80) {
    bytes[to++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[to++] = rest;
  return to;
}

function grown<T extends { set(from: T): void; length: number }>(from: T, make: new (length: number) => T): T {
  const larger = new make(from.length * 2);
  larger.set(from);
  return larger;
}
