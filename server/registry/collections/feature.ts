import { queryables } from '../schema.ts';
import type { View } from '../view.ts';
import type { FeatureRow } from './items.ts';

/** The properties of a row as GeoJSON shows them: instants as RFC 3339 in UTC, nothing as null. */
export function propertiesOf(view: View, row: FeatureRow): Record<string, string | number | boolean | null> {
  const entries = [...queryables(view).keys()].map((key) => [key, plain(row[key])] as const);
  return Object.fromEntries(entries);
}

/** A GeoJSON feature (RFC 7946) as text: the database's geometry is JSON already and is not read again. */
export function featureText(view: View, row: FeatureRow, more: Readonly<Record<string, unknown>> = {}): string {
  const properties = JSON.stringify(propertiesOf(view, row));
  const rest = Object.entries(more).map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{"type":"Feature","id":${row.id},"geometry":${row.geometry ?? 'null'},"properties":${properties}${rest.join('')}}`;
}

function plain(value: unknown): string | number | boolean | null {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}
