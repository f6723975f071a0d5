/** Ids up to this are found in an array, later ones in a map: ids are counted up from 1, so nearly all are dense. */
const dense = 1 << 24;

/** Row id → slot, at 4 bytes a row. */
export class IdIndex {
  #slots = new Int32Array(1 << 10); // slot + 1; 0 is none
  readonly #sparse = new Map<number, number>();

  /** The slot of an id, -1 when there is none. */
  get(id: number): number {
    if (id < this.#slots.length) return (this.#slots[id] ?? 0) - 1;
    return this.#sparse.get(id) ?? -1;
  }

  set(id: number, slot: number): void {
    if (id >= dense) {
      this.#sparse.set(id, slot);
      return;
    }
    if (id >= this.#slots.length) {
      const larger = new Int32Array(Math.min(dense, 2 ** Math.ceil(Math.log2(id + 1))));
      larger.set(this.#slots);
      this.#slots = larger;
    }
    this.#slots[id] = slot + 1;
  }

  delete(id: number): void {
    if (id < this.#slots.length) this.#slots[id] = 0;
    else this.#sparse.delete(id);
  }
}
