/** The zoom whose tiles the cells are. */
export const cellZoom = 14;
const shift = 32 - cellZoom;

interface Cell {
  readonly x: number;
  readonly y: number;
  slots: Uint32Array;
  count: number;
}

/** Points of a layer by the tile of `cellZoom` they lie in: the slots of a cell are one short list, so a tile reads only its own. */
export class PointCells {
  readonly #cells = new Map<number, Cell>();
  /** Where in its cell's list a slot stands, so that leaving costs the same as arriving. */
  #place = new Uint32Array(1 << 10);

  /** Adds a slot at world `x`, `y`. */
  add(slot: number, x: number, y: number): void {
    const cell = this.#at(x, y);
    if (cell.count === cell.slots.length) {
      const larger = new Uint32Array(cell.count * 2);
      larger.set(cell.slots);
      cell.slots = larger;
    }
    if (slot >= this.#place.length) {
      const larger = new Uint32Array(Math.max(this.#place.length * 2, slot + 1));
      larger.set(this.#place);
      this.#place = larger;
    }
    this.#place[slot] = cell.count;
    cell.slots[cell.count++] = slot;
  }

  /** Removes a slot that was added at world `x`, `y`. */
  remove(slot: number, x: number, y: number): void {
    const key = (x >>> shift) * 2 ** cellZoom + (y >>> shift);
    const cell = this.#cells.get(key);
    if (!cell) throw new RangeError(`slot ${slot} is not in its cell`);
    const moved = cell.slots[--cell.count]!;
    const place = this.#place[slot]!;
    cell.slots[place] = moved;
    this.#place[moved] = place;
    if (cell.count === 0) this.#cells.delete(key);
  }

  /** Calls `visit` with the slots of every cell that touches the tile; some may lie outside it when z > `cellZoom`. */
  forTile(z: number, tileX: number, tileY: number, visit: (slots: Uint32Array, count: number) => void): void {
    if (z >= cellZoom) {
      const down = z - cellZoom;
      const cell = this.#cells.get((tileX >>> down) * 2 ** cellZoom + (tileY >>> down));
      if (cell) visit(cell.slots, cell.count);
      return;
    }
    const up = cellZoom - z;
    const side = 2 ** up;
    if (side * side > this.#cells.size) {
      for (const cell of this.#cells.values())
        if (cell.x >>> up === tileX && cell.y >>> up === tileY) visit(cell.slots, cell.count);
      return;
    }
    for (let x = tileX * side; x < (tileX + 1) * side; x++)
      for (let y = tileY * side; y < (tileY + 1) * side; y++) {
        const cell = this.#cells.get(x * 2 ** cellZoom + y);
        if (cell) visit(cell.slots, cell.count);
      }
  }

  #at(x: number, y: number): Cell {
    const cellX = x >>> shift;
    const cellY = y >>> shift;
    const key = cellX * 2 ** cellZoom + cellY;
    let cell = this.#cells.get(key);
    if (!cell) {
      cell = { x: cellX, y: cellY, slots: new Uint32Array(4), count: 0 };
      this.#cells.set(key, cell);
    }
    return cell;
  }
}
