import type { Entry } from '../../audit/record.ts';
import { attributesOf, type Layer } from '../layer.ts';
import type { Changes, StoredRow } from './row.ts';

/** What changes, as it was and as it is; geometries as GeoJSON. */
export function beforeAfter(row: StoredRow, { values, geometry }: Changes): Required<Pick<Entry, 'before' | 'after'>> {
  const was = Object.fromEntries(Object.keys(values).map((key) => [key, row.values[key] ?? null]));
  if (geometry === undefined) return { before: was, after: values };
  const parsed = (text: string | null) => (text === null ? null : JSON.parse(text));
  return { before: { ...was, geometry: parsed(row.geometry) }, after: { ...values, geometry: parsed(geometry) } };
}

/** What the trail has in the place of a value that never leaves the server. */
export const unsaid = '•••';

/** Values as the audit trail keeps them: what never leaves the server, as a password, does not stand in it either. */
export function told<T>(layer: Layer, values: Readonly<Record<string, T>>): Readonly<Record<string, T | string>> {
  const attributes = attributesOf(layer);
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, attributes.get(key)?.serverOnly && value !== null ? unsaid : value]),
  );
}
