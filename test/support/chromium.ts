import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The browser of the tests: `CHROMIUM`, or a `chromium` on the PATH; undefined when there is none. */
export const chromiumPath: string | undefined = find();

/** Why browser tests are skipped, and how they come to run. */
export const noChromium = 'no Chromium found: apt-get install chromium, or set CHROMIUM to one';

function find(): string | undefined {
  const { CHROMIUM } = process.env;
  if (CHROMIUM) return existsSync(CHROMIUM) ? CHROMIUM : undefined;
  try {
    return execFileSync('which', ['chromium'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
