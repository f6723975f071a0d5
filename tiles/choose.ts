import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveCopy } from '../server/live/copy.ts';
import type { LiveLayer } from '../server/live/live_layer.ts';
import type { Matches } from '../server/live/matcher.ts';
import { Problem } from '../server/registry/problem.ts';
import { tileBox } from './cut.ts';
import type { TileAddress } from './mercator.ts';

/** How long a filter is asked without a pause, in milliseconds: everybody else is answered in the pauses. */
const sliceMs = 8;
/** Rows asked between two looks at the clock. */
const stride = 32;
/** How long a filter may work on one tile, in milliseconds of its own; and how long with all the waiting. */
const workLimitMs = 5_000;
const waitLimitMs = 10_000;
/** Tiles that may be worked on in turn; each holds a few bytes for every row of its layer. */
const maxUnderWay = 32;

const [unasked, yes, no] = [0, 1, 2];

/** The rows that a tile may show, and what the filter said of those that were asked. */
interface Work {
  readonly of: LiveLayer;
  readonly slots: Uint32Array;
  /** By slot. */
  readonly answers: Uint8Array;
  next: number;
}

/**
 * Draws a tile of the rows that a filter chooses. A filter of hundreds of conditions over all rows of a layer takes
 * seconds: it is asked in slices, those of different tiles in turn. `draw` is given the answers and called once, without
 * a pause; rows that changed meanwhile are asked again, so that the tile is true at the position it is drawn at.
 * @param signal of who waits for the tile: nobody works on for one who left.
 * @throws Problem `timed_out` after 5 s of work, `too_many` when too many others are under way.
 */
export async function chooseRows<T>(
  live: LiveCopy,
  id: string,
  tile: TileAddress,
  matches: Matches,
  draw: (chosen: Matches) => T,
  signal?: () => AbortSignal,
): Promise<T> {
  const begun = performance.now();
  if (underWay > 0) await myTurn();
  let work = begin(live.layer(id), tile);
  const chosen: Matches = (slot) => {
    const answer = work.answers[slot] ?? unasked;
    return answer === unasked ? matches(slot) : answer === yes;
  };
  if (ask(work, matches)) return draw(chosen);

  if (underWay >= maxUnderWay)
    throw new Problem('too_many', 'Too many filters are being worked on. Try again in a moment.');
  const gone = signal?.();
  underWay++;
  const unwatch = live.watch({
    advanced({ touched }) {
      for (const { slot } of touched.get(work.of) ?? []) if (slot < work.answers.length) work.answers[slot] = unasked;
    },
    reloaded() {
      work = begin(live.layer(id), tile);
    },
  });
  try {
    let spent = sliceMs;
    while (spent < workLimitMs && performance.now() - begun < waitLimitMs) {
      await myTurn();
      if (gone?.aborted) break;
      const start = performance.now();
      if (ask(work, matches)) return draw(chosen);
      spent += performance.now() - start;
    }
  } finally {
    unwatch();
    underWay--;
  }
  throw new Problem('timed_out', 'The filter takes too long here. Ask for a smaller area or fewer conditions.');
}

/** Asks on for one slice; whether all rows are asked. */
function ask(work: Work, matches: Matches): boolean {
  const { slots, answers } = work;
  const end = performance.now() + sliceMs;
  while (work.next < slots.length) {
    const stop = Math.min(work.next + stride, slots.length);
    for (; work.next < stop; work.next++) {
      const slot = slots[work.next]!;
      answers[slot] = matches(slot) ? yes : no;
    }
    if (performance.now() > end) break;
  }
  return work.next === slots.length;
}

function begin(of: LiveLayer, tile: TileAddress): Work {
  const found: number[] = [];
  const { fullZoom, below } = of.layer;
  if (tile.z >= fullZoom || below !== 'hide') {
    const { places } = of;
    if (places.kind === 'points') places.in(tile, (slot) => found.push(slot));
    else for (const { slot } of places.in(tileBox(tile))) found.push(slot);
  }
  let end = 0;
  for (const slot of found) end = Math.max(end, slot + 1);
  return { of, slots: new Uint32Array(found), answers: new Uint8Array(end), next: 0 };
}

let underWay = 0;
let last: Promise<void> = Promise.resolve();

/** Resolves on a turn of the event loop that no other tile has. */
function myTurn(): Promise<void> {
  last = last.then(() => nextTurn());
  return last;
}
