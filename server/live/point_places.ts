import type { Point } from 'geojson';
import { type TileAddress, type WorldBox, worldX, worldY } from '../../tiles/mercator.ts';
import { cellZoom, PointCells } from '../../tiles/point_cells.ts';
import { type PointColumns, Pyramid } from '../../tiles/pyramid.ts';
import type { Bbox } from '../registry/catalogue.ts';
import { larger, permuted } from './columns.ts';
import { mortonOrder } from './morton.ts';
import type { PackedRows } from './packed_rows.ts';
import type { PlacesBySlot } from './places.ts';

/** The places of a layer of single points: columns by slot, in lists by tile, and counted in clusters. */
export class PointPlaces implements PlacesBySlot {
  readonly kind = 'points';
  /** What clusters are made of. */
  readonly columns: PointColumns;
  /** Undefined where the layer shows no clusters. */
  readonly pyramid: Pyramid | undefined;
  readonly #cells = new PointCells();
  #lon = new Float64Array(0); // NaN: no place
  #lat = new Float64Array(0);
  #x = new Uint32Array(0);
  #y = new Uint32Array(0);

  /** With clusters for the zooms below `clusterZooms`; 0 for none. */
  constructor(clusterZooms: number, told: Omit<PointColumns, 'x' | 'y'>) {
    this.columns = { x: (slot) => this.#x[slot]!, y: (slot) => this.#y[slot]!, ...told };
    if (clusterZooms > 0)
      this.pyramid = new Pyramid(clusterZooms, this.columns, (level, x, y) => this.#inCell(level, x, y));
  }

  has(slot: number): boolean {
    return !Number.isNaN(this.#lon[slot]!);
  }

  geometry(slot: number): Point | null {
    return this.has(slot) ? { type: 'Point', coordinates: [this.#lon[slot]!, this.#lat[slot]!] } : null;
  }

  bbox(slot: number): Bbox | null {
    const lon = this.#lon[slot]!;
    const lat = this.#lat[slot]!;
    return Number.isNaN(lon) ? null : [lon, lat, lon, lat];
  }

  box(slot: number): WorldBox | undefined {
    if (!this.has(slot)) return undefined;
    const x = this.#x[slot]!;
    const y = this.#y[slot]!;
    return { minX: x, minY: y, maxX: x, maxY: y };
  }

  /** Points inside a tile: exactly those whose tile it is. */
  in({ z, x, y }: TileAddress, visit: (slot: number) => void): void {
    const shift = 32 - z;
    this.#cells.forTile(z, x, y, (slots, count) => {
      if (z <= cellZoom) for (let i = 0; i < count; i++) visit(slots[i]!);
      else
        for (let i = 0; i < count; i++) {
          const slot = slots[i]!;
          if (this.#x[slot]! >>> shift === x && this.#y[slot]! >>> shift === y) visit(slot);
        }
    });
  }

  /** The order in which the first `count` slots lie best in memory: a tile's rows together. */
  order(count: number): Uint32Array {
    return mortonOrder(this.#x, this.#y, count);
  }

  /** Puts rows that are not added yet in a new order: slot i takes what slot `order[i]` held. */
  permute(order: Uint32Array): void {
    this.#lon = permuted(this.#lon, order);
    this.#lat = permuted(this.#lat, order);
    this.#x = permuted(this.#x, order);
    this.#y = permuted(this.#y, order);
  }

  reserve(capacity: number): void {
    this.#lon = larger(this.#lon, capacity);
    this.#lat = larger(this.#lat, capacity);
    this.#x = larger(this.#x, capacity);
    this.#y = larger(this.#y, capacity);
  }

  read(slot: number, rows: PackedRows): void {
    const lon = rows.number();
    const lat = rows.number();
    this.#lon[slot] = lon;
    this.#lat[slot] = lat;
    this.#x[slot] = Number.isNaN(lon) ? 0 : worldX(lon);
    this.#y[slot] = Number.isNaN(lon) ? 0 : worldY(lat);
  }

  skip(rows: PackedRows): void {
    rows.number();
    rows.number();
  }

  add(slot: number): void {
    this.#cells.add(slot, this.#x[slot]!, this.#y[slot]!);
    this.pyramid?.add(slot);
  }

  remove(slot: number): void {
    this.#cells.remove(slot, this.#x[slot]!, this.#y[slot]!);
    this.pyramid?.remove(slot);
  }

  clear(slot: number): void {
    this.#lon[slot] = this.#lat[slot] = Number.NaN;
  }

  *#inCell(level: number, cellX: number, cellY: number): Generator<number> {
    const found: number[] = [];
    const shift = 32 - level;
    const z = Math.min(level, cellZoom);
    const tile = { z, x: cellX >>> (level - z), y: cellY >>> (level - z) };
    this.in(tile, (slot) => {
      if (this.#x[slot]! >>> shift === cellX && this.#y[slot]! >>> shift === cellY) found.push(slot);
    });
    yield* found;
  }
}
