import { useMediaQuery } from '@mantine/hooks';
import { useSyncExternalStore } from 'react';
import type { Bilingual } from '../../server/registry/attribute.ts';
import type { Language } from '../i18n/language.ts';
import { serverNow } from '../live/server_clock.ts';
import { pageState } from '../page.ts';
import type { PageState, Store } from '../state.ts';

/** A part of a store, kept up to date. `select` must give the same value for the same state: a field, not a new object. */
export function useStore<T, S>(store: Pick<Store<T>, 'get' | 'subscribe'>, select: (value: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

/** A field of the page's state. */
export function usePage<K extends keyof PageState>(key: K): PageState[K] {
  return useStore(pageState, (state) => state[key]);
}

export function useLanguage(): Language {
  return usePage('language');
}

/** Picks the language of the page out of a bilingual text. */
export function useBilingual(): (text: Bilingual) => string {
  const language = useLanguage();
  return (text) => text[language];
}

const clocks = new Map<number, { subscribe: (listener: () => void) => () => void; get: () => number }>();

/** One timer per interval for the whole page, stopped when nobody looks. */
function clock(intervalMs: number) {
  const found = clocks.get(intervalMs);
  if (found) return found;
  const listeners = new Set<() => void>();
  let now = serverNow();
  let timer: ReturnType<typeof setInterval> | undefined;
  const made = {
    get: () => now,
    subscribe(listener: () => void) {
      listeners.add(listener);
      now = serverNow();
      timer ??= setInterval(() => {
        now = serverNow();
        for (const tell of listeners) tell();
      }, intervalMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
  clocks.set(intervalMs, made);
  return made;
}

/** The time by the server's clock in milliseconds since 1970, ticking. */
export function useNow(intervalMs: number): number {
  const { subscribe, get } = clock(intervalMs);
  return useSyncExternalStore(subscribe, get);
}

export type Layout = 'desk' | 'wall' | 'phone';

const wall = new URLSearchParams(location.search).has('wall');

/** Which of the three arrangements the screen asks for; the wall is asked for by `?wall`. */
export function useLayout(): Layout {
  const small = useMediaQuery('(max-width: 767px), (max-height: 479px)', undefined, { getInitialValueInEffect: false });
  if (wall) return 'wall';
  return small ? 'phone' : 'desk';
}
