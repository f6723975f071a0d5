/** Changes a second over the last few seconds. */
export interface ChangeRate {
  readonly add: (count: number, now: number) => void;
  /** Rounded to a tenth below ten. */
  readonly perSecond: (now: number) => number;
}

const seconds = 5;

/** Counts changes; times in milliseconds, going forward. */
export function changeRate(): ChangeRate {
  const counts = new Map<number, number>();
  return {
    add(count, now) {
      const second = Math.floor(now / 1000);
      counts.set(second, (counts.get(second) ?? 0) + count);
    },
    perSecond(now) {
      const second = Math.floor(now / 1000);
      let sum = 0;
      for (const [at, count] of counts) {
        if (second - at > seconds) counts.delete(at);
        else if (at < second) sum += count; // the present second is not over
      }
      const rate = sum / seconds;
      return rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
    },
  };
}
