import { textLiteral } from '../server/registry/text_literal.ts';
import type { Language } from './i18n/language.ts';
import type { Area } from './map/area.ts';

/** What the page shows, in one place: the map and the panels read it and write it, the address in the URL mirrors it. */
export interface PageState {
  /** Longitude and latitude in degrees. */
  readonly center: readonly [lon: number, lat: number];
  readonly zoom: number;
  /** Visible layers, their opacity (0 to 1), and whether nothing is written beside their symbols; a layer that is not here is off. */
  readonly layers: Readonly<Record<string, { readonly opacity: number; readonly unlabelled?: boolean }>>;
  /** Chosen values per layer and attribute; an attribute without choices is not filtered. */
  readonly filters: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Where the list and the acts on many look, if not everywhere. */
  readonly area?: Area | null;
  readonly selected: { readonly layer: string; readonly id: number } | null;
  /** The moment that is replayed, milliseconds since 1970; null or absent: now. */
  readonly replay?: number | null;
  readonly basemap: string;
  readonly language: Language;
  readonly theme: 'light' | 'dark' | 'auto';
}

type Listener = () => void;

/** A value that can be watched: fits React's `useSyncExternalStore` and plain map code alike. */
export interface Store<T> {
  readonly get: () => T;
  /** Merges and tells the listeners, at once, if anything is different. */
  readonly set: (change: Partial<T> | ((current: T) => Partial<T>)) => void;
  readonly subscribe: (listener: Listener) => () => void;
}

/** Makes a store. */
export function store<T extends object>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<Listener>();
  return {
    get: () => value,
    set(change) {
      const next = { ...value, ...(typeof change === 'function' ? change(value) : change) };
      if ((Object.keys(next) as (keyof T)[]).every((key) => Object.is(next[key], value[key]))) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The CQL2 text of a layer's chosen values, for `?filter=`; undefined when nothing is filtered. `isBoolean`: which
 * attributes have `true` and `false` for values, not texts.
 */
export function filterText(
  chosen: PageState['filters'][string] | undefined,
  isBoolean: (attribute: string) => boolean = () => false,
): string | undefined {
  const terms = Object.entries(chosen ?? {})
    .filter(([, values]) => values.length > 0)
    .map(([attribute, values]) =>
      isBoolean(attribute)
        ? `(${values.map((value) => `${attribute} = ${value === 'true'}`).join(' OR ')})`
        : `${attribute} IN (${values.map(textLiteral).join(', ')})`,
    );
  return terms.length > 0 ? terms.join(' AND ') : undefined;
}
