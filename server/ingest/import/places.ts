import type { Geometry } from 'geojson';
import { checkGeometry } from './geometry_check.ts';
import { type Notation, parseNumber } from './numbers.ts';
import type { ImportRow, Note } from './row.ts';
import { parseWkt } from './wkt.ts';

/** The columns of a table that say where a row is. */
export type PlaceColumns =
  | { readonly longitude: string; readonly latitude: string }
  | { readonly wkt: string }
  | { readonly latitudeLongitude: string };

const longitudes = [
  'lon',
  'lng',
  'long',
  'longitude',
  'bujur',
  'x',
  'koordinatx',
  'xcoord',
  'stoplon',
  'garisbujur',
  'easting',
  'utmx',
];
const latitudes = [
  'lat',
  'latitude',
  'lintang',
  'y',
  'koordinaty',
  'ycoord',
  'stoplat',
  'garislintang',
  'northing',
  'utmy',
];
const wkts = ['wkt', 'geom', 'geometry', 'thegeom', 'wktgeom', 'geomwkt', 'geometri'];
const pairs = ['latlng', 'latlon', 'latlong', 'lintangbujur'];

/** Finds those columns by their names, in both languages; undefined when there are none. */
export function placeColumns(fields: readonly string[]): PlaceColumns | undefined {
  const byName = new Map(fields.toReversed().map((field) => [field.toLowerCase().replace(/[^a-z0-9]/g, ''), field]));
  const first = (names: readonly string[]) => names.flatMap((name) => byName.get(name) ?? [])[0];
  const wkt = first(wkts);
  if (wkt !== undefined) return { wkt };
  const longitude = first(longitudes);
  const latitude = first(latitudes);
  if (longitude !== undefined && latitude !== undefined) return { longitude, latitude };
  const latitudeLongitude = first(pairs);
  return latitudeLongitude === undefined ? undefined : { latitudeLongitude };
}

/** The row of a table with its place, read from those columns; blank columns are no place, half a place is a fault. */
export function placed(row: ImportRow, columns: PlaceColumns, notation: Notation, note: Note): ImportRow {
  if (row.fault !== undefined) return row;
  const found = place(row.properties, columns, notation, note);
  return typeof found === 'string' ? { ...row, fault: found } : { ...row, geometry: found };
}

function place(
  properties: ImportRow['properties'],
  columns: PlaceColumns,
  notation: Notation,
  note: Note,
): Geometry | null | string {
  if ('wkt' in columns) {
    const text = properties[columns.wkt];
    if (isBlank(text)) return null;
    const geometry = parseWkt(String(text));
    return geometry
      ? checkGeometry(geometry, note)
      : `${columns.wkt}: "${String(text).slice(0, 40)}" is not a WKT geometry`;
  }
  const [x, y] =
    'longitude' in columns
      ? [properties[columns.longitude], properties[columns.latitude]]
      : splitPair(properties[columns.latitudeLongitude]);
  if (isBlank(x) && isBlank(y)) return null;
  if (isBlank(x)) return 'a latitude without a longitude';
  if (isBlank(y)) return 'a longitude without a latitude';
  const longitude = parseNumber(x, notation);
  const latitude = parseNumber(y, notation);
  if (typeof longitude === 'string') return `longitude: ${longitude}`;
  if (typeof latitude === 'string') return `latitude: ${latitude}`;
  return { type: 'Point', coordinates: [longitude, latitude] };
}

/** "-8.17, 113.70" or "(-8.17, 113.70)", latitude first as its name says → longitude, latitude. */
function splitPair(value: unknown): readonly [unknown, unknown] {
  const [latitude, longitude] = isBlank(value)
    ? []
    : String(value)
        .replace(/[()\s]/g, '')
        .split(',');
  return [longitude, latitude];
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}
