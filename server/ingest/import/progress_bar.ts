const width = 30;
const everyMs = 100;
const everyWithoutTerminalMs = 5_000;

/** How an import goes on, for people. */
export interface ProgressBar {
  /** `done` of `total`. */
  show(done: number, total: number): void;
  /** While there is no total yet. */
  say(text: string): void;
  /** Leaves a clean line. */
  end(): void;
}

/** A bar on a terminal that is drawn over itself, a line every few seconds in a log. */
export function progressBar(out: NodeJS.WriteStream): ProgressBar {
  let begun: number | undefined;
  let shown = out.isTTY ? Number.NEGATIVE_INFINITY : performance.now();
  const isDue = () => {
    const now = performance.now();
    if (now - shown < (out.isTTY ? everyMs : everyWithoutTerminalMs)) return false;
    shown = now;
    return true;
  };
  return {
    say(text) {
      if (isDue()) out.write(out.isTTY ? `\r${text}\x1b[K` : `${text}\n`);
    },
    show(done, total) {
      begun ??= performance.now();
      if (!isDue()) return;
      const share = total > 0 ? Math.min(1, done / total) : 1;
      const rate = Math.round(done / Math.max(0.001, (performance.now() - begun) / 1000));
      const text = `${Math.floor(share * 100)} % · ${rate.toLocaleString('en')} rows/s`;
      const full = Math.round(share * width);
      out.write(out.isTTY ? `\r[${'█'.repeat(full)}${' '.repeat(width - full)}] ${text}\x1b[K` : `${text}\n`);
    },
    end() {
      if (out.isTTY) out.write('\r\x1b[K');
    },
  };
}
