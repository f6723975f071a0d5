import type { Due } from '../../server/registry/point_signs.ts';
import type { TileProperties } from './feature_hit.ts';

/** Whether what was to be done with a thing by a time is still to be done after it; `now` in milliseconds since 1970. */
export function isOverdue(due: Due | undefined, properties: TileProperties, now: number): boolean {
  const by = due && properties[due.attribute];
  if (!due || typeof by !== 'number' || now / 1000 < by) return false;
  return due.when.values.includes(String(properties[due.when.attribute]));
}
