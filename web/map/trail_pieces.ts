/** Where something was: EPSG:3857, and when in seconds since 1970. */
export interface Fix {
  readonly at: readonly [x: number, y: number];
  readonly time: number;
}

/** A stretch of a trail whose age is of one step: 0 is the newest. */
export interface TrailPiece {
  readonly step: number;
  readonly line: readonly (readonly [x: number, y: number])[];
}

/** Looks from fresh to gone. */
export const trailSteps = 8;

/**
 * The way along fixes, oldest first, of the last `seconds` before `now`, in pieces of one age step each. Between two
 * fixes further apart than `gapSeconds` nobody knows the way, and there is none.
 */
export function trailPieces(fixes: readonly Fix[], now: number, seconds: number, gapSeconds: number): TrailPiece[] {
  const pieces: { step: number; line: (readonly [number, number])[] }[] = [];
  let before: Fix | undefined;
  for (const fix of fixes) {
    const step = Math.max(0, Math.floor(((now - fix.time) / seconds) * trailSteps));
    const joins = before !== undefined && fix.time - before.time <= gapSeconds && step < trailSteps;
    if (before && joins) {
      const last = pieces.at(-1);
      if (last?.step === step && last.line.at(-1) === before.at) last.line.push(fix.at);
      else pieces.push({ step, line: [before.at, fix.at] });
    }
    before = fix;
  }
  return pieces;
}
