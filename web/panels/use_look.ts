import { useSyncExternalStore } from 'react';
import { watchLook } from '../map/watch_look.ts';

const listeners = new Set<() => void>();
let revision = 0;
let stop: (() => void) | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  stop ??= watchLook(() => {
    revision++;
    for (const tell of listeners) tell();
  });
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

/** Counts how often colours, fonts or the pixel ratio have changed: what is drawn on a canvas has to be drawn again. */
export function useLook(): number {
  return useSyncExternalStore(subscribe, () => revision);
}
