import { hash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.ts';

/** The configuration that says which senders are trusted without a key of their own. */
export type SharedKey = Pick<Config, 'INGEST_KEY' | 'DEMO'>;

/** Whether senders need no key: in the demo regency, whose things are nobody's, unless it has one. */
export function isKeyless({ INGEST_KEY, DEMO }: SharedKey): boolean {
  return DEMO && INGEST_KEY === undefined;
}

/**
 * Whether a sender knows the shared key, or needs none. Where none is set nobody knows it. Takes as long for a near miss as
 * for a far one.
 */
export function knowsKey(shared: SharedKey, given: string | undefined): boolean {
  const { INGEST_KEY } = shared;
  if (INGEST_KEY === undefined) return isKeyless(shared);
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(INGEST_KEY), digest(given ?? ''));
}
