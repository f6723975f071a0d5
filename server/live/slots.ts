import { larger, permuted } from './columns.ts';
import { IdIndex } from './id_index.ts';

/** Which row is in which slot. A row keeps its slot until it is gone; then the slot is the next one's that comes. */
export class Slots {
  readonly #index = new IdIndex();
  readonly #free: number[] = [];
  #ids = new Float64Array(0); // 0: a free slot
  #size = 0;
  #end = 0;

  /** Rows. */
  get size(): number {
    return this.#size;
  }

  /** Slots from here on were never used. */
  get end(): number {
    return this.#end;
  }

  /** The slot that the next new row will have. */
  get next(): number {
    return this.#free.at(-1) ?? this.#end;
  }

  *all(): Generator<number> {
    for (let slot = 0; slot < this.#end; slot++) if (this.#ids[slot] !== 0) yield slot;
  }

  /** The slot of a row, -1 when it is not here. */
  of(id: number): number {
    return this.#index.get(id);
  }

  /** The row in a slot, 0 for none. */
  id(slot: number): number {
    return this.#ids[slot]!;
  }

  /** Gives a new row a slot; there must be room for `next`. */
  take(id: number): number {
    const slot = this.#free.pop() ?? this.#end++;
    this.#ids[slot] = id;
    this.#index.set(id, slot);
    this.#size++;
    return slot;
  }

  /** Frees the slot of a row that is gone. */
  leave(slot: number): void {
    this.#index.delete(this.id(slot));
    this.#ids[slot] = 0;
    this.#free.push(slot);
    this.#size--;
  }

  /** Puts a row behind the last one; it is not found by its id before `index` was called for its slot. */
  append(id: number): number {
    this.#ids[this.#end] = id;
    this.#size++;
    return this.#end++;
  }

  index(slot: number): void {
    this.#index.set(this.id(slot), slot);
  }

  reserve(capacity: number): void {
    this.#ids = larger(this.#ids, capacity);
  }

  /** Puts rows that are not indexed yet in a new order: slot i takes what slot `order[i]` held. */
  permute(order: Uint32Array): void {
    this.#ids = permuted(this.#ids, order);
  }
}
