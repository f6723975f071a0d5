import type { Geometry } from 'geojson';
import type { WorldBox } from '../../tiles/mercator.ts';
import type { Bbox } from '../registry/catalogue.ts';
import type { PackedRows } from './packed_rows.ts';
import type { PointPlaces } from './point_places.ts';
import type { ShapePlaces } from './shape_places.ts';

/** Where the rows of a layer are. */
export type Places = PointPlaces | ShapePlaces;

/** What both kinds of places can say and do, by slot. A row is read first and found by its place once it is added. */
export interface PlacesBySlot {
  has(slot: number): boolean;
  geometry(slot: number): Geometry | null;
  /** Degrees. */
  bbox(slot: number): Bbox | null;
  /** World units; a point's is the point. */
  box(slot: number): WorldBox | undefined;

  /** Room for so many slots. */
  reserve(capacity: number): void;
  /** Reads the next row's place into a slot that is not added. */
  read(slot: number, rows: PackedRows): void;
  /** Leaves the next row's place out. */
  skip(rows: PackedRows): void;
  /** Makes the row of a slot that has a place findable by it. */
  add(slot: number): void;
  /** The opposite, with the columns the row was added with. */
  remove(slot: number): void;
  /** Forgets the place of a slot that is not added. */
  clear(slot: number): void;
}
