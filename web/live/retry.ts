const first = 500;
const longest = 15_000;

/**
 * Milliseconds to wait before the next attempt after so many failures in a row, up to 15 s; `random` (0 to 1) spreads
 * those that lost their connection together.
 */
export function retryMs(failures: number, random: number): number {
  return Math.min(longest, first * 2 ** Math.max(0, failures - 1)) * (0.5 + random / 2);
}
