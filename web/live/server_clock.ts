import { store } from '../state.ts';

/** How far the server's clock is ahead of this computer's, milliseconds; 0 until it was heard. */
export const serverClock = store({ aheadMs: 0 });

/** Steps that the clock is told in: pings take a few milliseconds more or less. */
const stepMs = 500;
/** Pings of two minutes. */
const heardAtMost = 8;
let heard: number[] = [];

/**
 * Takes what the server said its time was, RFC 3339. What comes late makes the server's clock seem behind, never ahead: the
 * largest difference of the last minutes is the nearest. `anew`: a connection began, so this computer's clock may have been set.
 */
export function hearServerTime(now: string, anew: boolean): void {
  const ahead = Date.parse(now) - Date.now();
  if (!Number.isFinite(ahead)) return;
  heard = [...(anew ? [] : heard), ahead].slice(-heardAtMost);
  const aheadMs = Math.max(...heard);
  if (Math.abs(aheadMs - serverClock.get().aheadMs) >= stepMs) serverClock.set({ aheadMs });
}

/** Now by the server's clock, milliseconds since 1970: what an observation's age is reckoned by, since a computer may be minutes off. */
export function serverNow(): number {
  return serverTime(Date.now());
}

/** A moment of this computer's clock by that of the server, milliseconds since 1970. */
export function serverTime(local: number): number {
  return local + serverClock.get().aheadMs;
}
