import type { CatalogueLayer } from '../../server/registry/catalogue.ts';

/** A limit is seen to have passed within so much of it … */
const share = 1 / 6;
/** … and within this, milliseconds, however long it is. */
const longestMs = 60_000;

/**
 * Whether a layer that was drawn for its ages at `drawnAt` (never: undefined) should be drawn again at `now`, milliseconds since
 * 1970: a traffic light that is stale after ten seconds soon, a shelter that is after an hour once a minute, as what is due.
 */
export function looksOlder(
  {
    staleAfterMinutes,
    staleAfterBy,
    due,
    ends,
  }: Pick<CatalogueLayer, 'staleAfterMinutes' | 'staleAfterBy' | 'due' | 'ends'>,
  drawnAt: number | undefined,
  now: number,
): boolean {
  const limits = [staleAfterMinutes, ...Object.values(staleAfterBy?.minutes ?? {})].filter((limit) => limit != null);
  if (limits.length === 0 && !due && !ends) return false;
  // Also when the clock went back.
  return drawnAt === undefined || Math.abs(now - drawnAt) >= Math.min(longestMs, Math.min(...limits) * 60_000 * share);
}
