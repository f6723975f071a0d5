import type { View } from '../registry/view.ts';
import type { LiveLayer } from './live_layer.ts';

/** A column's value of a row as JSON, in the form tiles carry it; '' when the row has none. */
export type JsonColumn = (slot: number) => string;

/** Reads a column that is kept: texts, numbers, booleans, and instants as whole seconds since 1970. */
export function jsonColumn(live: LiveLayer, key: string): JsonColumn {
  const column = live.columns.get(key);
  if (column.kind === 'text') {
    const { value } = live.columns.text(key);
    return (slot) => {
      const id = column.ids[slot]!;
      return id === 0 ? '' : JSON.stringify(value(id));
    };
  }
  const { kind } = column;
  return (slot) => {
    const value = column.values[slot]!;
    if (Number.isNaN(value)) return '';
    if (kind === 'boolean') return value === 1 ? 'true' : 'false';
    // An infinity is no JSON.
    return Number.isFinite(value) ? String(kind === 'instant' ? Math.floor(value / 1000) : value) : '';
  };
}

/** Writes the properties of a view's rows as JSON objects, without those that a row has no value for. */
export function jsonProperties(live: LiveLayer, view: View): (slot: number) => string {
  const columns = view.tile.map((key) => [`${JSON.stringify(key)}:`, jsonColumn(live, key)] as const);
  return (slot) => {
    let text = '';
    for (const [name, column] of columns) {
      const value = column(slot);
      if (value !== '') text += `${text === '' ? '' : ','}${name}${value}`;
    }
    return `{${text}}`;
  };
}

/** Degrees to 1 cm. */
export function jsonDegrees(degrees: number): string {
  return String(Math.round(degrees * 1e7) / 1e7);
}

/** A row's place: `"at":[lon,lat]` of a point, `"bbox":[west,south,east,north]` of a shape, null when it has none. */
export function jsonPlace(live: LiveLayer, slot: number): string {
  const box = live.places.bbox(slot);
  if (live.places.kind === 'points') return `"at":${box ? `[${jsonDegrees(box[0])},${jsonDegrees(box[1])}]` : 'null'}`;
  return `"bbox":${box ? `[${box.map(jsonDegrees).join()}]` : 'null'}`;
}
