import { permalink, readPermalink } from '../map/permalink.ts';
import { type PageState, type Store, store } from '../state.ts';

/** A picture that was given a name: what its address says of place, layers, filters and background. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly query: string;
}

/** The views that are kept, in the order of their keys. */
export interface SavedViews {
  readonly kept: Pick<Store<{ readonly views: readonly SavedView[] }>, 'get' | 'subscribe'>;
  /** Keeps what the page shows now, behind the others. */
  readonly keep: (name: string, state: PageState) => void;
  readonly rename: (id: string, name: string) => void;
  readonly remove: (id: string) => void;
  /** Puts a removed view back where it was. */
  readonly putBack: (view: SavedView, index: number) => void;
}

const key = 'pendopo.views';
const most = 100;
export const longestName = 80;

/** The views of this browser profile. Where it refuses storage they last as long as the page. */
export function savedViews(storage: () => Storage): SavedViews {
  const kept = store<{ readonly views: readonly SavedView[] }>({ views: read() });
  function read(): SavedView[] {
    try {
      return viewsOf(JSON.parse(storage().getItem(key) ?? '[]'));
    } catch {
      return [];
    }
  }
  function write(views: readonly SavedView[]): void {
    kept.set({ views: views.slice(0, most) });
    try {
      storage().setItem(key, JSON.stringify(kept.get().views));
    } catch {
      // They are on the page, and the page tells nothing else.
    }
  }
  // Another tab has written.
  globalThis.addEventListener?.('storage', (event) => {
    if (event.key === key) kept.set({ views: read() });
  });
  return {
    kept,
    keep(name, state) {
      const plain: PageState = { ...state, selected: null, replay: null };
      write([...read(), { id: crypto.randomUUID(), name: name.slice(0, longestName), query: permalink(plain) }]);
    },
    rename: (id, name) =>
      write(read().map((view) => (view.id === id ? { ...view, name: name.slice(0, longestName) } : view))),
    remove: (id) => write(read().filter((view) => view.id !== id)),
    putBack: (view, index) => write(read().toSpliced(index, 0, view)),
  };
}

/** What the page shows when a view is opened; language, theme and selection stay as they are. */
export function pictureOf({ query }: SavedView): Partial<PageState> {
  const { language: _, ...picture } = readPermalink(query);
  return { layers: {}, filters: {}, ...picture };
}

/** The views among what a storage held: others may have written there. */
function viewsOf(stored: unknown): SavedView[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((view: unknown) => {
    const { id, name, query }: Readonly<Record<string, unknown>> = { ...Object(view) };
    return typeof id === 'string' && typeof name === 'string' && typeof query === 'string' ? [{ id, name, query }] : [];
  });
}
