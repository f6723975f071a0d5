/** One figure of a bench; `target` in the same unit. */
export interface Measure {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number | null;
  readonly better: 'higher' | 'lower';
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that `run` takes. */
export async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Prints the measures as a Markdown table, with what was reached against what must be. */
export function printTable(measures: readonly Measure[]): void {
  console.log('| bench | what | measured | target | |\n|---|---|---:|---:|---|');
  for (const { bench, metric, value, unit, target, better } of measures) {
    const reached = target === null ? '' : (better === 'higher' ? value >= target : value <= target) ? '✓' : '✗';
    const sign = better === 'higher' ? '≥' : '≤';
    console.log(
      `| ${bench} | ${metric} | ${figure(value)} ${unit} | ${target === null ? '' : `${sign} ${target} ${unit}`} | ${reached} |`,
    );
  }
}

function figure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
