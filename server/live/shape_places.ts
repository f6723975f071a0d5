import type { Geometry } from 'geojson';
import RBush from 'rbush';
import { latitude, longitude, type WorldBox } from '../../tiles/mercator.ts';
import { type Shape, shapeFromWkb, shapeGeometry } from '../../tiles/shape.ts';
import type { Bbox } from '../registry/catalogue.ts';
import type { PackedRows } from './packed_rows.ts';
import type { PlacesBySlot } from './places.ts';

/** A shape in the tree. */
interface Entry extends WorldBox {
  readonly slot: number;
  readonly shape: Shape;
}

/** The places of a layer of lines, polygons or several points: shapes by slot, in a tree by their boxes. */
export class ShapePlaces implements PlacesBySlot {
  readonly kind = 'shapes';
  readonly #shapes: (Entry | undefined)[] = [];
  readonly #tree = new RBush<Entry>();

  has(slot: number): boolean {
    return this.#shapes[slot] !== undefined;
  }

  shape(slot: number): Shape | undefined {
    return this.#shapes[slot]?.shape;
  }

  geometry(slot: number): Geometry | null {
    const shape = this.shape(slot);
    return shape ? shapeGeometry(shape) : null;
  }

  bbox(slot: number): Bbox | null {
    const box = this.box(slot);
    return box ? [longitude(box.minX), latitude(box.maxY), longitude(box.maxX), latitude(box.minY)] : null;
  }

  box(slot: number): WorldBox | undefined {
    return this.shape(slot)?.box;
  }

  /** Rows whose box touches the given one, by slot. */
  in(box: WorldBox): readonly { readonly slot: number; readonly shape: Shape }[] {
    return this.#tree.search(box).sort((a, b) => a.slot - b.slot);
  }

  reserve(): void {} // an array of shapes grows by itself

  read(slot: number, rows: PackedRows): void {
    const { end, length } = rows.span();
    const shape = length < 0 ? undefined : shapeFromWkb(rows.bytes.subarray(end - length, end));
    this.#shapes[slot] = shape && { ...shape.box, slot, shape };
  }

  skip(rows: PackedRows): void {
    rows.span();
  }

  add(slot: number): void {
    this.#tree.insert(this.#shapes[slot]!);
  }

  /** Adds everything that was read; faster than one by one, and the tree becomes a better one. */
  addAll(): void {
    this.#tree.load(this.#shapes.filter((entry) => entry !== undefined));
  }

  remove(slot: number): void {
    this.#tree.remove(this.#shapes[slot]!);
  }

  clear(slot: number): void {
    this.#shapes[slot] = undefined;
  }
}
