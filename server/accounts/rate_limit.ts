/** How often something may be asked: `max` times in `window` seconds. */
interface Rule {
  readonly window: number;
  readonly max: number;
}

const mostKept = 10_000;

/** Counts requests by key in this process, each window from its first request. What guards one account is in `lock_out.ts`. */
export function rateLimit() {
  const counts = new Map<string, { from: number; count: number; windowMs: number }>();
  return {
    async consume(key: string, { window, max }: Rule) {
      const now = Date.now();
      const windowMs = window * 1000;
      const known = counts.get(key);
      if (!known || now - known.from >= windowMs) {
        if (counts.size >= mostKept) forgetOld(counts, now);
        counts.set(key, { from: now, count: 1, windowMs });
        return { allowed: true, retryAfter: null };
      }
      known.count++;
      const retryAfter = Math.ceil((known.from + windowMs - now) / 1000);
      return known.count <= max ? { allowed: true, retryAfter: null } : { allowed: false, retryAfter };
    },
  };
}

/** Drops what has run out, and if that is nothing, the oldest half: memory is bounded whoever asks. */
function forgetOld(counts: Map<string, { from: number; windowMs: number }>, now: number): void {
  for (const [key, { from, windowMs }] of counts) if (now - from >= windowMs) counts.delete(key);
  if (counts.size < mostKept) return;
  for (const key of [...counts.keys()].slice(0, mostKept / 2)) counts.delete(key);
}
