import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { staleAfter as limitOf } from '../../server/registry/stale_after.ts';

/** How old an observation looks: the line of a symbol's ring (solid, dashed, dotted, none with a hatch). */
export type Freshness = 'fresh' | 'ageing' | 'stale' | 'silent';

/**
 * The freshness of an observation made at `observedAt` (seconds since 1970), seen at `now` (milliseconds since 1970):
 * ageing from half of the layer's limit, stale from the limit, silent when it was never observed.
 * A layer without a limit does not age.
 */
export function freshness(observedAt: number | null, staleAfterMinutes: number | undefined, now: number): Freshness {
  if (staleAfterMinutes === undefined) return 'fresh';
  if (observedAt === null) return 'silent';
  const ageMinutes = (now / 1000 - observedAt) / 60;
  if (ageMinutes >= staleAfterMinutes) return 'stale';
  return ageMinutes >= staleAfterMinutes / 2 ? 'ageing' : 'fresh';
}

/** Minutes after which an observation of a feature with these properties is stale; undefined: it does not age. */
export function staleAfter(
  layer: Pick<CatalogueLayer, 'staleAfterMinutes' | 'staleAfterBy'>,
  properties: Readonly<Record<string, unknown>>,
): number | undefined {
  return limitOf(layer, properties[layer.staleAfterBy?.attribute ?? '']);
}
