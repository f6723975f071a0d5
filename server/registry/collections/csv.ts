import type { Geometry } from 'geojson';
import { queryables } from '../schema.ts';
import type { View } from '../view.ts';
import { propertiesOf } from './feature.ts';
import type { FeatureRow } from './items.ts';

/** Spreadsheets take a file without it for the letters of their own country. */
const byteOrderMark = '\uFEFF';

/** Points have two columns of degrees, anything else its geometry as WKT: what the importer reads as well. */
function placeColumns(view: View): readonly string[] {
  return view.layer.geometry === 'Point' ? ['lon', 'lat'] : ['wkt'];
}

/** The first line of a view's features as CSV (RFC 4180): the keys of their properties. */
export function csvHead(view: View): string {
  return `${byteOrderMark}${line(['id', ...queryables(view).keys(), ...placeColumns(view)])}`;
}

/** A feature as a line of CSV. */
export function csvLine(view: View, row: FeatureRow): string {
  const geometry: Geometry | null = row.geometry === null ? null : JSON.parse(row.geometry);
  const place = geometry?.type === 'Point' ? geometry.coordinates.slice(0, 2) : [geometry && wkt(geometry)];
  const cells = placeColumns(view).map((_, i) => place[i] ?? null);
  return line([row.id, ...Object.values(propertiesOf(view, row)), ...cells]);
}

type Cell = string | number | boolean | null;

function line(cells: readonly Cell[]): string {
  return `${cells.map(written).join(',')}\r\n`;
}

function written(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '');
  const text = isFormula(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether a spreadsheet would run a text instead of showing it; "+62 812-345" only looks like it. */
function isFormula(text: string): boolean {
  return /^[=@\t\r]/.test(text) || (/^[+-]/.test(text) && !/^[+-][\d\s.,()-]*$/.test(text));
}

type Nested = number | readonly Nested[];

function wkt(geometry: Geometry): string {
  const name = geometry.type.toUpperCase();
  if (geometry.type === 'GeometryCollection') return `${name} (${geometry.geometries.map(wkt).join(', ')})`;
  const positions = nested(geometry.coordinates);
  return `${name} ${geometry.type === 'Point' ? `(${positions})` : positions}`;
}

/** A position as `lon lat`, several in brackets. */
function nested(coordinates: Nested): string {
  if (typeof coordinates === 'number') return String(coordinates);
  return typeof coordinates[0] === 'number' ? coordinates.join(' ') : `(${coordinates.map(nested).join(', ')})`;
}
