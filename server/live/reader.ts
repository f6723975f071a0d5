import type { Geometry } from 'geojson';
import type { Bbox } from '../registry/catalogue.ts';

/** A text column: every distinct value has a number, 0 is null. */
export interface TextReader {
  readonly id: (slot: number) => number;
  /** The value of a non-zero id. */
  readonly value: (id: number) => string;
  /** The id of a value, -1 when no row has it. */
  readonly lookup: (value: string) => number;
}

/**
 * How a predicate reads the rows of the live copy. A slot is a row's place in the columns.
 * Columns are the common ones (`code`, `agency`, `area_code`, `source`, `observed_at`, `updated_at`, `version`) and the
 * layer's attributes.
 */
export interface RowReader {
  /** number, integer, boolean (0 or 1) and instant (milliseconds since 1970) columns; NaN is null. */
  readonly number: (column: string) => (slot: number) => number;
  /** text, choice and date (`YYYY-MM-DD`) columns. */
  readonly text: (column: string) => TextReader;
  /** EPSG:4326, null when the row has no place. */
  readonly geometry: (slot: number) => Geometry | null;
  readonly bbox: (slot: number) => Bbox | null;
}
