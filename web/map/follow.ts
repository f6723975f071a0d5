import type OlMap from 'ol/Map.js';
import { type PageState, type Store, store } from '../state.ts';

type Place = readonly [x: number, y: number];

/** Keeps a selected thing that moves in the middle, until somebody moves the map or selects something else. */
export interface Follow {
  /** What is followed. */
  readonly following: Store<{ readonly layer: string | null; readonly id: number | null }>;
  /** Follows what is selected, or stops; false when what is selected does not move. */
  readonly toggle: () => boolean;
  readonly stop: () => void;
  /** To be called when something moved. */
  readonly moved: () => void;
}

const durationMs = 300;

/** `place` is where a feature is (EPSG:3857); `canMove` tells layers whose things move. */
export function follow(
  map: OlMap,
  state: Store<PageState>,
  canMove: (layer: string) => boolean,
  place: (layer: string, id: number) => Place | undefined,
): Follow {
  const following = store<{ readonly layer: string | null; readonly id: number | null }>({ layer: null, id: null });
  const stop = () => following.set({ layer: null, id: null });

  function moved() {
    const { layer, id } = following.get();
    const at = layer !== null && id !== null ? place(layer, id) : undefined;
    if (!at) return;
    const view = map.getView();
    const [x = 0, y = 0] = view.getCenter() ?? [];
    if (x === at[0] && y === at[1]) return;
    view.cancelAnimations();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    view.animate({ center: [...at], duration: still ? 0 : durationMs });
  }

  map.on('pointerdrag', stop);
  // The keys go to the element that the map is in, which comes later.
  document.addEventListener('keydown', ({ key, target }) => {
    if (key.startsWith('Arrow') && target === map.getTargetElement()) stop();
  });
  state.subscribe(() => {
    const { selected } = state.get();
    const { layer, id } = following.get();
    if (layer !== null && (selected?.layer !== layer || selected.id !== id)) stop();
  });
  return {
    following,
    toggle() {
      const { selected } = state.get();
      if (following.get().layer !== null) stop();
      else if (!selected || !canMove(selected.layer)) return false;
      else {
        following.set({ layer: selected.layer, id: selected.id });
        moved();
      }
      return true;
    },
    stop,
    moved,
  };
}
