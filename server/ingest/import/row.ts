import type { Geometry } from 'geojson';
import type { Encoding } from './text_file.ts';

/** One row of a file: a feature, or a line of a table. Numbers count from 1 in the order of the file. */
export interface ImportRow {
  readonly number: number;
  /** Values by field; members of nested objects are fields of their own (`report_data.flood_depth`). */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Longitude and latitude in degrees; null when the row says nothing of a place. */
  readonly geometry: Geometry | null;
  /** Why the row cannot be used, found while reading it. */
  readonly fault?: string;
}

/** Told of irregularities that do no harm (a ring that runs the other way): they are accepted and counted. */
export type Note = (text: string) => void;

/** An opened file. It can be read several times; `close` removes what was written aside for it. */
export interface Source {
  /** What the file turned out to be, for people: `GeoJSON`, `CSV (;)`, `ESRI Shapefile`. */
  readonly format: string;
  /** What its coordinates were, for people: `EPSG:4326`, `EPSG:3785`, `not stated, taken as EPSG:4326`. */
  readonly crs: string;
  /** How its text was read, where the file did not say. */
  readonly encoding?: Encoding;
  /** The layer read, where a file holds several. */
  readonly layerName?: string;
  /** A table has no geometries, only columns that may hold coordinates. */
  readonly tabular: boolean;
  /** The columns of a table that say where a row is. */
  readonly place?: readonly string[];
  rows(note: Note): AsyncGenerator<ImportRow>;
  close(): Promise<void>;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value read from JSON is an object: no list, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Puts the members of nested objects beside the others, their names joined by a dot; a list becomes its JSON text. */
export function flatten(value: JsonObject, prefix = '', into: Record<string, unknown> = {}): Record<string, unknown> {
  for (const [key, member] of Object.entries(value)) {
    if (isObject(member)) flatten(member, `${prefix}${key}.`, into);
    else into[prefix + key] = Array.isArray(member) ? JSON.stringify(member) : member;
  }
  return into;
}
