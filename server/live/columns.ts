import type { TextPool } from '../../tiles/text_pool.ts';
import type { PackedRows } from './packed_rows.ts';
import type { TextReader } from './reader.ts';

/** How a column is kept: numbers with NaN for null (booleans 0 and 1, instants in milliseconds), texts as pool numbers. */
export type ColumnKind = 'number' | 'boolean' | 'instant' | 'text';

/** One column of a layer's rows, by slot. `bit`: what stands for it in a set of columns; beyond 31 some share one. */
export type Column = { readonly bit: number } & (
  | { readonly kind: Exclude<ColumnKind, 'text'>; values: Float64Array }
  | { readonly kind: 'text'; ids: Uint32Array }
);

/** The columns of one layer's rows, growing together. */
export class Columns {
  readonly #columns = new Map<string, Column>();
  readonly #pool: TextPool;
  #capacity = 0;
  #added = 0;
  #names: readonly string[] | undefined;
  #list: readonly Column[] = [];

  constructor(pool: TextPool) {
    this.#pool = pool;
  }

  /** The names of the columns that are kept. */
  get keys(): readonly string[] {
    return [...this.#columns.keys()];
  }

  has(key: string): boolean {
    return this.#columns.has(key);
  }

  /** Starts to keep a column; every row has null in it. */
  add(key: string, kind: ColumnKind): void {
    const length = this.#capacity;
    const bit = 1 << (this.#added++ % 31);
    this.#names = undefined;
    if (kind === 'text') this.#columns.set(key, { bit, kind, ids: new Uint32Array(length) });
    else this.#columns.set(key, { bit, kind, values: new Float64Array(length).fill(Number.NaN) });
  }

  /** Stops to keep columns. */
  drop(keys: readonly string[]): void {
    for (const key of keys) this.#columns.delete(key);
    this.#names = undefined;
  }

  /** Room for `capacity` slots. */
  reserve(capacity: number): void {
    if (capacity <= this.#capacity) return;
    for (const column of this.#columns.values()) {
      if (column.kind === 'text') column.ids = larger(column.ids, capacity);
      else column.values = larger(column.values, capacity).fill(Number.NaN, this.#capacity);
    }
    this.#capacity = capacity;
  }

  /** Reads the next row's columns into a slot. Answers the columns that are different there from before. */
  read(slot: number, rows: PackedRows): number {
    let changed = 0;
    for (const column of this.#inRow(rows.columns)) {
      if (column.kind === 'text') {
        const { end, length } = rows.span();
        const id = length < 0 ? 0 : this.#pool.internBytes(rows.bytes, end - length, length);
        if (column.ids[slot] !== id) changed |= column.bit;
        column.ids[slot] = id;
      } else {
        const value = rows.number();
        if (!Object.is(column.values[slot], value)) changed |= column.bit; // NaN is null, and the same as null
        column.values[slot] = value;
      }
    }
    return changed;
  }

  /** The columns that a row brings, found once for all rows that come together. */
  #inRow(names: readonly string[]): readonly Column[] {
    if (names !== this.#names) {
      this.#list = names.map((name) => this.get(name));
      this.#names = names;
    }
    return this.#list;
  }

  /** Those of some columns that are kept, as a set. */
  bits(keys: Iterable<string>): number {
    let bits = 0;
    for (const key of keys) bits |= this.#columns.get(key)?.bit ?? 0;
    return bits;
  }

  /** Makes a slot's columns null. */
  clear(slot: number): void {
    for (const column of this.#columns.values()) {
      if (column.kind === 'text') column.ids[slot] = 0;
      else column.values[slot] = Number.NaN;
    }
  }

  get(key: string): Column {
    const column = this.#columns.get(key);
    if (!column) throw new RangeError(`the column '${key}' is not kept`);
    return column;
  }

  /** Reads a number column by slot. */
  number(key: string): (slot: number) => number {
    const column = this.get(key);
    if (column.kind === 'text') throw new TypeError(`'${key}' is a text`);
    return (slot) => column.values[slot]!;
  }

  /** Reads a text column by slot. */
  text(key: string): TextReader {
    const column = this.get(key);
    if (column.kind !== 'text') throw new TypeError(`'${key}' is a number`);
    const pool = this.#pool;
    return { id: (slot) => column.ids[slot]!, value: (id) => pool.text(id), lookup: (value) => pool.lookup(value) };
  }

  /** Puts the rows in a new order: slot i takes what slot `order[i]` held. */
  permute(order: Uint32Array): void {
    for (const column of this.#columns.values()) {
      if (column.kind === 'text') column.ids = permuted(column.ids, order);
      else column.values = permuted(column.values, order);
    }
  }
}

type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** A copy of a typed array with more room. */
export function larger<T extends Numbers | Float64Array | Uint32Array | Uint8Array>(from: T, length: number): T {
  const result = new (from.constructor as new (length: number) => T)(length); // of the same kind as `from`
  result.set(from);
  return result;
}

/** A typed array in a new order; what lies beyond the order keeps its place. */
export function permuted<T extends Float64Array | Uint32Array | Uint8Array>(values: T, order: Uint32Array): T {
  const result = larger(values, values.length);
  for (let i = 0; i < order.length; i++) result[i] = values[order[i]!]!;
  return result;
}
