import type { Store } from '../state.ts';
import type { TileStatus } from './live_tiles.ts';

/** A map that is empty, or whose tiles do not come, holds nothing up for longer. */
const longestMs = 5000;

/** Resolves when all tiles of the first picture have come or failed: until then nothing else should be asked for. */
export function firstMap(loading: Store<TileStatus>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, longestMs);
    let begun = false;
    const stop = loading.subscribe(() => {
      const { pending } = loading.get();
      begun ||= pending > 0;
      if (begun && pending === 0) end();
    });
    function end() {
      clearTimeout(timer);
      stop();
      resolve();
    }
  });
}
