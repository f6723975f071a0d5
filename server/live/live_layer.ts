import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { WorldBox } from '../../tiles/mercator.ts';
import type { TextPool } from '../../tiles/text_pool.ts';
import type { Layer } from '../registry/layer.ts';
import { Columns } from './columns.ts';
import { expiry } from './expiry.ts';
import { columnKinds, type PackedRows } from './packed_rows.ts';
import type { Places } from './places.ts';
import { PointPlaces } from './point_places.ts';
import type { RowReader } from './reader.ts';
import { SeverityRanks } from './severity_ranks.ts';
import { ShapePlaces } from './shape_places.ts';
import { Slots } from './slots.ts';

/** What a change did to a row. Boxes are in world units, undefined where the row had or has no place. */
export interface Touched {
  readonly id: number;
  /** Where the row is, or was when it is gone: its slot may then be another row's by now. */
  readonly slot: number;
  readonly op: 'insert' | 'update' | 'delete';
  readonly before: WorldBox | undefined;
  readonly after: WorldBox | undefined;
  /** The kept columns that are different now ({@link Columns.bits}). */
  readonly changed: number;
}

/** Rows indexed without a pause: some ten milliseconds. */
const indexedAtOnce = 10_000;

/** One layer's rows in memory: columns by slot, found by id and by place, with the clusters of all its low zooms. */
export class LiveLayer {
  readonly layer: Layer;
  readonly columns: Columns;
  readonly places: Places;
  readonly reader: RowReader;
  /** Milliseconds since 1970, NaN when never observed. */
  readonly observedAt: (slot: number) => number;
  /** Counts changes of this copy; caches built from it compare it. */
  revision = 0;
  /** The last number of the change log that touched a row. */
  changedSeq = 0;
  /** The copy was loaded anew and this is its old picture: slots mean something else in the new one. */
  replaced = false;
  readonly #slots = new Slots();
  readonly #severities: SeverityRanks;
  #capacity = 0;

  constructor(layer: Layer, pool: TextPool) {
    this.layer = layer;
    this.columns = new Columns(pool);
    this.keep(['source', 'observed_at', ...(layer.state ? [layer.state] : []), ...layer.tile]);
    this.observedAt = this.columns.number('observed_at');
    this.#severities = new SeverityRanks(layer, this.columns);
    const severity = (slot: number) => this.severity(slot);
    const told = { severity, observedAt: this.observedAt, expires: expiry(layer, this.columns) };
    this.places =
      layer.geometry === 'Point'
        ? new PointPlaces(layer.below === 'cluster' ? layer.fullZoom : 0, told)
        : new ShapePlaces();
    this.reader = {
      number: (column) => this.columns.number(column),
      text: (column) => this.columns.text(column),
      geometry: (slot) => this.places.geometry(slot),
      bbox: (slot) => this.places.bbox(slot),
    };
  }

  /** How many rows there are. */
  get size(): number {
    return this.#slots.size;
  }

  /** All rows, by slot. */
  slots(): Generator<number> {
    return this.#slots.all();
  }

  /** The slot of a row, -1 when it is not here. */
  slotOf(id: number): number {
    return this.#slots.of(id);
  }

  id(slot: number): number {
    return this.#slots.id(slot);
  }

  /** Index into `severities`. */
  severity(slot: number): number {
    return this.#severities.of(slot);
  }

  /** Starts to keep columns that are not kept yet; those, to be read from the database. */
  keep(columns: readonly string[]): readonly string[] {
    const kinds = columnKinds(this.layer);
    const missing = [...new Set(columns)].filter((key) => !this.columns.has(key));
    for (const key of missing) {
      const kind = kinds.get(key);
      if (!kind) throw new RangeError(`'${this.layer.id}' has no column '${key}'`);
      this.columns.add(key, kind);
    }
    return missing;
  }

  /** Fills columns that were added late. */
  fill(rows: PackedRows): void {
    // Rows that are not here are read all the same, into a slot that nobody has.
    this.reserve(this.#slots.end + 1);
    while (rows.more) {
      const slot = this.#slots.of(rows.number());
      this.places.skip(rows);
      this.columns.read(slot < 0 ? this.#slots.end : slot, rows);
    }
    this.revision++;
  }

  /** Room for this many rows, before a load. */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    const capacity = Math.max(rows, this.#capacity * 2, 64);
    for (const part of [this.columns, this.#slots, this.#severities, this.places]) part.reserve(capacity);
    this.#capacity = capacity;
  }

  /** Takes rows in without indexing them; `index` must follow. For the first load of an empty copy. */
  load(rows: PackedRows): void {
    while (rows.more) {
      this.reserve(this.#slots.end + 1);
      this.#read(this.#slots.append(rows.number()), rows);
    }
  }

  /** Orders the loaded points by place, so that a tile's rows lie together in memory, and builds all indexes. */
  async index(): Promise<void> {
    const { places } = this;
    if (places.kind === 'points') {
      const order = places.order(this.#slots.end);
      for (const part of [this.columns, this.#slots, this.#severities, places]) part.permute(order);
    } else places.addAll();
    for (let slot = 0; slot < this.#slots.end; slot++) {
      if (slot % indexedAtOnce === 0) await letOthersRun();
      this.#slots.index(slot);
      if (places.kind === 'points' && places.has(slot)) places.add(slot);
    }
    this.revision++;
  }

  /** Inserts or replaces the next row. */
  upsert(rows: PackedRows): Touched {
    const id = rows.number();
    const known = this.#slots.of(id);
    const before = known < 0 ? undefined : this.#unplace(known);
    if (known < 0) this.reserve(this.#slots.next + 1);
    const slot = known < 0 ? this.#slots.take(id) : known;
    const changed = this.#read(slot, rows);
    if (this.places.has(slot)) this.places.add(slot);
    this.revision++;
    return { id, slot, op: known < 0 ? 'insert' : 'update', before, after: this.places.box(slot), changed };
  }

  /** Removes a row; undefined when it is not here. */
  remove(id: number): Touched | undefined {
    const slot = this.#slots.of(id);
    if (slot < 0) return undefined;
    const before = this.#unplace(slot);
    this.places.clear(slot);
    this.columns.clear(slot);
    this.#slots.leave(slot);
    this.revision++;
    return { id, slot, op: 'delete', before, after: undefined, changed: -1 };
  }

  #read(slot: number, rows: PackedRows): number {
    this.places.read(slot, rows);
    const changed = this.columns.read(slot, rows);
    this.#severities.read(slot);
    return changed;
  }

  /** Takes a row out of the indexes by place; where it was. */
  #unplace(slot: number): WorldBox | undefined {
    const box = this.places.box(slot);
    if (box) this.places.remove(slot);
    return box;
  }
}
