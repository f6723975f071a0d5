import { severities } from '../server/registry/severity.ts';
import { type ClusterCell, emptyCell } from './cluster_cell.ts';

/** Zooms between a tile and its cluster cells: a tile of zoom z holds the 8 × 8 cells of level z + 3. */
const cellLevels = 3;

/** What a pyramid must know of a point: the columns of its layer, by slot. */
export interface PointColumns {
  readonly x: (slot: number) => number;
  readonly y: (slot: number) => number;
  /** Index into `severities`. */
  readonly severity: (slot: number) => number;
  /** Milliseconds since 1970, NaN when never observed. */
  readonly observedAt: (slot: number) => number;
  /** When that goes stale, in milliseconds since 1970: 0 when there is none, Infinity of what does not age. */
  readonly expires: (slot: number) => number;
}

/**
 * Clusters of all zooms below a layer's full zoom, kept as points come, go and change: a tile of any zoom reads at most
 * 64 ready cells. Sums over a zoom therefore always equal the number of points.
 */
export class Pyramid {
  /** Occupied cells, by zoom. */
  readonly #levels: Cells[];
  readonly #points: PointColumns;
  /** Slots of the points in a finest cell, to find the stalest again after it left. */
  readonly #inFinest: (level: number, x: number, y: number) => Iterable<number>;

  /**
   * For zooms 0 to `fullZoom - 1`. `slotsIn(level, x, y)` lists the slots inside one cell of the finest level.
   */
  constructor(
    fullZoom: number,
    points: PointColumns,
    slotsIn: (level: number, x: number, y: number) => Iterable<number>,
  ) {
    this.#levels = Array.from({ length: fullZoom }, () => new Cells());
    this.#points = points;
    this.#inFinest = slotsIn;
  }

  /** Counts a point in; its columns are read now. */
  add(slot: number): void {
    const point = read(this.#points, slot);
    for (let z = 0; z < this.#levels.length; z++) count(this.#levels[z]!, z, point);
  }

  /** Counts a point out, with the columns it was counted in with. */
  remove(slot: number): void {
    const { worldX, worldY, rank, expires } = read(this.#points, slot);
    for (let z = 0; z < this.#levels.length; z++) {
      const cells = this.#levels[z]!;
      const key = cellKey(z, worldX, worldY);
      const cell = cells.get(key);
      if (!cell) throw new RangeError(`slot ${slot} is not in the pyramid`);
      if (cell.count === 1) {
        cells.delete(key);
        continue;
      }
      cell.count--;
      cell.sumX -= offset(z, worldX);
      cell.sumY -= offset(z, worldY);
      cell.sumSlot -= slot;
      cell.bySeverity[rank]!--;
      if (expires !== Number.POSITIVE_INFINITY && expires <= cell.expires) cell.stalestKnown = false;
    }
  }

  /** The occupied cells of a tile, in a fixed order. */
  cells(z: number, tileX: number, tileY: number): ClusterCell[] {
    const cells = this.#levels[z]!;
    const side = 1 << cellLevels;
    const found: ClusterCell[] = [];
    for (let y = tileY * side; y < (tileY + 1) * side; y++)
      for (let x = tileX * side; x < (tileX + 1) * side; x++) {
        const cell = cells.get(x * 2 ** (z + cellLevels) + y);
        if (!cell) continue;
        this.#refreshStalest(z, x, y, cell);
        found.push(cell);
      }
    return found;
  }

  /** Every cell of a zoom by its key: for tests and for comparing two copies. */
  level(z: number): ReadonlyMap<number, ClusterCell> {
    const cells = this.#levels[z]!;
    const size = 2 ** (z + cellLevels);
    for (const [key, cell] of cells.byKey) this.#refreshStalest(z, Math.floor(key / size), key % size, cell);
    return cells.byKey;
  }

  /** What goes stale first in a cell that the stalest left: asked of the four cells below, or of the points. */
  #refreshStalest(z: number, x: number, y: number, cell: ClusterCell): void {
    if (cell.stalestKnown) return;
    cell.expires = Number.POSITIVE_INFINITY;
    cell.oldest = Number.POSITIVE_INFINITY;
    if (z === this.#levels.length - 1) {
      for (const slot of this.#inFinest(z + cellLevels, x, y)) note(cell, read(this.#points, slot));
    } else {
      const below = this.#levels[z + 1]!;
      const size = 2 ** (z + 1 + cellLevels);
      for (let quarter = 0; quarter < 4; quarter++) {
        const childX = x * 2 + (quarter & 1);
        const childY = y * 2 + (quarter >> 1);
        const child = below.get(childX * size + childY);
        if (!child) continue;
        this.#refreshStalest(z + 1, childX, childY, child);
        note(cell, child);
      }
    }
    cell.stalestKnown = true;
  }
}

/** Cells by key. Points mostly come in the order of their places, so the one asked for last is at hand: a map costs more. */
class Cells {
  readonly byKey = new Map<number, ClusterCell>();
  #key = -1;
  #cell: ClusterCell | undefined;

  get(key: number): ClusterCell | undefined {
    if (key !== this.#key) {
      this.#cell = this.byKey.get(key);
      this.#key = key;
    }
    return this.#cell;
  }

  set(key: number, cell: ClusterCell): void {
    this.byKey.set(key, cell);
    this.#key = key;
    this.#cell = cell;
  }

  delete(key: number): void {
    this.byKey.delete(key);
    this.#key = -1;
  }
}

/** What is counted of a point. */
interface Counted {
  readonly slot: number;
  readonly worldX: number;
  readonly worldY: number;
  /** Index into `severities`. */
  readonly rank: number;
  readonly expires: number;
  /** When it was observed, 0 when never. */
  readonly oldest: number;
}

function read({ x, y, severity, expires, observedAt }: PointColumns, slot: number): Counted {
  const at = observedAt(slot);
  const oldest = Number.isNaN(at) ? 0 : at;
  return { slot, worldX: x(slot), worldY: y(slot), rank: severity(slot), expires: expires(slot), oldest };
}

/** Keeps what goes stale first, of two at once the older: the same whatever order they came in. */
function note(cell: ClusterCell, { expires, oldest }: Pick<Counted, 'expires' | 'oldest'>): void {
  if (expires === Number.POSITIVE_INFINITY || expires > cell.expires) return;
  cell.oldest = expires === cell.expires ? Math.min(oldest, cell.oldest) : oldest;
  cell.expires = expires;
}

/** The key of the cell of zoom `z` that a world point lies in. */
function cellKey(z: number, worldX: number, worldY: number): number {
  const shift = 32 - z - cellLevels;
  return (worldX >>> shift) * 2 ** (z + cellLevels) + (worldY >>> shift);
}

/** How far a world coordinate lies inside its cell: sums of these stay exact where sums of world coordinates would not. */
function offset(z: number, world: number): number {
  return world & ((1 << (32 - z - cellLevels)) - 1);
}

function count(cells: Cells, z: number, point: Counted): void {
  const { worldX, worldY, slot, rank } = point;
  const key = cellKey(z, worldX, worldY);
  let cell = cells.get(key);
  if (!cell) {
    const mask = ~((1 << (32 - z - cellLevels)) - 1);
    cell = emptyCell((worldX & mask) >>> 0, (worldY & mask) >>> 0);
    cells.set(key, cell);
  }
  cell.count++;
  cell.sumX += offset(z, worldX);
  cell.sumY += offset(z, worldY);
  cell.sumSlot += slot;
  cell.bySeverity[rank]!++;
  note(cell, point);
}

/** The cells of one tile counted from given slots: for a view or a filter that has no pyramid of its own. */
export function countCells(z: number, slots: Iterable<number>, points: PointColumns): ClusterCell[] {
  const cells = new Cells();
  for (const slot of slots) count(cells, z, read(points, slot));
  return [...cells.byKey].sort(([a], [b]) => a - b).map(([, cell]) => cell);
}

/** The worst severity present in a cell. */
export function worstOf(cell: ClusterCell): (typeof severities)[number] {
  let worst = 0;
  for (let rank = 0; rank < severities.length; rank++) if (cell.bySeverity[rank]! > 0) worst = rank;
  return severities[worst]!;
}
