import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const freshMs = 15_000;

/** Who of two simulators on one machine drives the city: the one a person started, while it does. */
export interface Baton {
  /** Says that one drives; to be said again at each step. */
  readonly hold: () => void;
  readonly release: () => void;
  /** Whether somebody held it within the last 15 seconds. */
  readonly isHeld: () => boolean;
}

/** The baton of a server: a file in its `DATA_DIR`. */
export function baton(dataDir: string): Baton {
  const file = join(dataDir, 'simulating');
  return {
    hold() {
      try {
        writeFileSync(file, '');
      } catch {
        // No such folder: the server is on another machine, and its own simulator is not asked to wait.
      }
    },
    release: () => rmSync(file, { force: true }),
    isHeld() {
      const modified = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
      return modified !== undefined && Date.now() - modified < freshMs;
    },
  };
}
