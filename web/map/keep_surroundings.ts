import type OlMap from 'ol/Map.js';
import { serverClock, serverNow } from '../live/server_clock.ts';
import type { PageState, Store } from '../state.ts';
import { readPalette } from './palette.ts';
import type { Surroundings } from './surroundings.ts';
import { symbolSheet } from './symbol_sheet.ts';
import { watchLook } from './watch_look.ts';

/** How often it is asked whether a layer's ages want to be drawn again (`ageing.ts`). */
const tickMs = 5000;
/** On a wall the map is read from afar. */
const wallScale = 4 / 3;

/** What of the surroundings became different: colours and bitmaps, the language, where areas are named, which layers are labelled, how old things are. */
export type Changed = 'look' | 'language' | 'names' | 'labels' | 'ages';

function unlabelledOf({ layers }: PageState): ReadonlySet<string> {
  return new Set(Object.keys(layers).filter((id) => layers[id]?.unlabelled));
}

/** The surroundings as they are now. */
export interface KeptSurroundings {
  readonly get: () => Surroundings;
  /** Looks whether colours or the pixel ratio are others now: the map is in another element, or its element changed. */
  readonly lookAgain: () => void;
  readonly setNamed: (named: Surroundings['named']) => void;
}

/** Keeps the surroundings as theme, screen, language and time go; `changed` is told after each change. */
export function keepSurroundings(
  map: OlMap,
  state: Store<PageState>,
  changed: (what: Changed) => void,
): KeptSurroundings {
  const sheetNow = () => symbolSheet(readPalette(map.getTargetElement() ?? document.documentElement), devicePixelRatio);
  let surroundings: Surroundings = {
    sheet: sheetNow(),
    language: state.get().language,
    now: serverNow(),
    scale: new URLSearchParams(location.search).has('wall') ? wallScale : 1,
    unlabelled: unlabelledOf(state.get()),
    named: [],
  };
  function set(change: Partial<Surroundings>, what: Changed) {
    surroundings = { ...surroundings, ...change };
    changed(what);
  }

  /** Bitmaps are made anew only when they would differ: scroll locks and the like touch the root element as well. */
  function look(fontsChanged: boolean) {
    const sheet = sheetNow();
    const { palette, pixelRatio } = surroundings.sheet;
    if (!fontsChanged && sheet.palette.id === palette.id && sheet.pixelRatio === pixelRatio) return;
    set({ sheet }, 'look');
  }
  watchLook(look);
  const tick = () => set({ now: serverNow() }, 'ages');
  setInterval(tick, tickMs);
  serverClock.subscribe(tick);
  state.subscribe(() => {
    const { language } = state.get();
    if (language !== surroundings.language) set({ language }, 'language');
    const unlabelled = unlabelledOf(state.get());
    if ([...unlabelled].join() !== [...surroundings.unlabelled].join()) set({ unlabelled }, 'labels');
  });
  return {
    get: () => surroundings,
    lookAgain: () => look(false),
    setNamed(named) {
      if (JSON.stringify(named) !== JSON.stringify(surroundings.named)) set({ named }, 'names');
    },
  };
}
