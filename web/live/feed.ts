import type { Severity } from '../../server/registry/severity.ts';
import { type Store, store } from '../state.ts';
import type { Told } from './describe_change.ts';

/** One line of what happened. */
export interface FeedEntry {
  readonly key: number;
  readonly layer: string;
  readonly id: number;
  /** By the server's clock, milliseconds since 1970: when it was heard, of what was missed when it was observed. */
  readonly time: number;
  /** It happened while nobody here could hear it. */
  readonly missed?: boolean;
  readonly name: string;
  readonly at: readonly [lon: number, lat: number] | null;
  readonly severity: Severity;
  readonly told: Told;
}

/** What happened, the newest first. */
export interface Feed {
  readonly store: Store<{ readonly entries: readonly FeedEntry[] }>;
  readonly add: (entry: Omit<FeedEntry, 'key'>) => void;
}

export const mostEntries = 500;
/** Lines that come faster are shown together. */
const publishMs = 400;
/** A reading that goes on changing is one line, from its first value to its last. */
const sameMs = 10 * 60_000;

/** Two lines as one where the later goes on with the earlier; null where each tells its own. */
export function joined(earlier: FeedEntry, later: Omit<FeedEntry, 'key'>): Omit<FeedEntry, 'key'> | null {
  const [a, b] = [earlier.told, later.told];
  if (a.kind !== 'changed' || b.kind !== 'changed' || a.attribute !== b.attribute) return null;
  if (typeof b.to !== 'number' || later.severity !== earlier.severity || later.time - earlier.time > sameMs)
    return null;
  return { ...later, told: { ...b, from: a.from } };
}

/** Makes an empty feed. */
export function feed(): Feed {
  const shown = store<{ readonly entries: readonly FeedEntry[] }>({ entries: [] });
  let entries: FeedEntry[] = [];
  let keys = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    store: shown,
    add(entry) {
      const index = entries.findIndex(({ layer, id }) => layer === entry.layer && id === entry.id);
      const before = entries[index];
      const sum = before && joined(before, entry);
      if (sum) entries.splice(index, 1);
      entries.unshift({ ...(sum ?? entry), key: before && sum ? before.key : ++keys });
      if (entries.length > mostEntries) entries = entries.slice(0, mostEntries);
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        shown.set({ entries: [...entries] });
      }, publishMs);
    },
  };
}
