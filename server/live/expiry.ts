import type { Layer } from '../registry/layer.ts';
import { staleAfter } from '../registry/stale_after.ts';
import type { Columns } from './columns.ts';

/**
 * When each row's observation goes stale, by slot, in milliseconds since 1970, from what the columns hold when it is
 * asked: Infinity of a row that does not age, else 0 where it was never observed: nothing is staler.
 */
export function expiry(layer: Layer, columns: Columns): (slot: number) => number {
  const observedAt = columns.number('observed_at');
  const after = (slot: number, minutes: number | undefined) => {
    if (minutes === undefined) return Number.POSITIVE_INFINITY;
    const at = observedAt(slot);
    return Number.isNaN(at) ? 0 : at + minutes * 60_000;
  };
  if (!layer.staleAfterBy) return (slot) => after(slot, layer.staleAfterMinutes);
  const deciding = columns.text(layer.staleAfterBy.attribute);
  /** By the pool number of the deciding text. */
  const limits = new Map<number, number | undefined>();
  return (slot) => {
    const text = deciding.id(slot);
    if (!limits.has(text)) limits.set(text, staleAfter(layer, text === 0 ? null : deciding.value(text)));
    return after(slot, limits.get(text));
  };
}
