import type { Layer } from './layer.ts';

/**
 * Minutes after which an observation of a layer is stale: its own limit, or the one it names for this value of the
 * attribute that decides (`staleAfterBy`), if it has one. Undefined: it does not age.
 */
export function staleAfter(
  { staleAfterMinutes, staleAfterBy }: Pick<Layer, 'staleAfterMinutes' | 'staleAfterBy'>,
  value: unknown,
): number | undefined {
  const named = staleAfterBy?.minutes[String(value)];
  return named === undefined ? staleAfterMinutes : (named ?? undefined);
}
