import { buildPage } from '../../server/page_build.ts';
import { chromiumPath } from './chromium.ts';

/** Before the browser tests: the page as users get it, built if its sources are newer. */
export async function setup(): Promise<void> {
  if (chromiumPath !== undefined) await buildPage((message) => console.log(message));
}
