import type { Catalogue, CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { LayerSeries } from '../../server/registry/series_of_layer.ts';
import { fetchJson } from '../api/fetch_json.ts';
import { serverNow } from '../live/server_clock.ts';
import { type PageState, type Store, store } from '../state.ts';
import { type History, historyOf } from './history.ts';
import type { ReplayedLayers } from './replayed_layers.ts';

/** Lengths of time that can be replayed, hours. */
export const lengths = [1, 3, 6, 12, 24] as const;
/** Seconds of then in a second of now. */
export const speeds = [1, 10, 60, 300] as const;

export interface ReplayState {
  readonly open: boolean;
  readonly hours: (typeof lengths)[number];
  /** Milliseconds since 1970: what can be replayed, and the moment that is shown. */
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly playing: boolean;
  readonly speed: (typeof speeds)[number];
  /** Layers that show that moment; all others show now. */
  readonly layers: readonly string[];
  /** Layers that are being read. */
  readonly loading: readonly string[];
  /** Why a layer could not be read. */
  readonly failed: string | null;
}

/** The map as it was: a moment of the last hours, for the layers that keep a series. */
export interface Replay {
  readonly state: Store<ReplayState>;
  /** Opens at a moment (milliseconds since 1970), without one at the beginning of the last hour. */
  readonly open: (at?: number) => void;
  /** Back to now. */
  readonly close: () => void;
  readonly toggle: () => void;
  readonly seek: (at: number) => void;
  readonly play: (playing: boolean) => void;
  readonly setSpeed: (speed: ReplayState['speed']) => void;
  readonly setHours: (hours: ReplayState['hours']) => void;
  /** Reads again what could not be read. */
  readonly retry: () => void;
}

const hourMs = 3_600_000;
/** Pictures a second are no more than this apart when it plays; more nobody sees. */
const frameMs = 50;
/** After so long a rest the address tells the moment. */
const settleMs = 400;

/** Whether a layer can be replayed: it keeps a series, and its things are points. */
export function isReplayable({ series, geometry }: CatalogueLayer): boolean {
  return series !== undefined && geometry === 'Point';
}

/** Makes the replay of a page; `catalogue` is the newest there is. */
export function pageReplay(
  replayed: ReplayedLayers,
  page: Store<PageState>,
  catalogue: () => Catalogue | undefined,
): Replay {
  const state = store<ReplayState>({
    ...{ open: false, hours: 1, from: 0, to: 0, at: 0, playing: false, speed: 60 },
    ...{ layers: [], loading: [], failed: null },
  });
  const histories = new Map<string, History>();
  let reading = new AbortController();
  let frame = 0;
  let settling: ReturnType<typeof setTimeout> | undefined;

  const wanted = () =>
    (catalogue()?.layers ?? []).filter((layer) => isReplayable(layer) && page.get().layers[layer.id]);

  function show() {
    const shown = new Map([...histories].filter(([id]) => page.get().layers[id]));
    state.set({ layers: [...shown.keys()] });
    replayed.show(shown, state.get().at);
  }

  /** Reads the layers that are shown and not read yet. */
  function read() {
    const { signal } = reading;
    const { open, from, to, loading } = state.get();
    if (!open) return;
    const missing = wanted().filter(({ id }) => !histories.has(id) && !loading.includes(id));
    state.set({ loading: [...loading, ...missing.map(({ id }) => id)], failed: null });
    const window = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
    for (const { id } of missing) {
      fetchJson<LayerSeries>(`/api/layers/${id}/series?${window}`, { signal })
        .then(
          (series) => void histories.set(id, historyOf(series)),
          (error: Error) => {
            if (!signal.aborted) state.set({ failed: error.message });
          },
        )
        .finally(() => {
          if (signal.aborted) return;
          state.set((now) => ({ loading: now.loading.filter((each) => each !== id) }));
          show();
        });
    }
    show();
  }

  function again() {
    reading.abort();
    reading = new AbortController();
    histories.clear();
    state.set({ loading: [], failed: null, layers: [] });
  }

  function goTo(at: number) {
    const { from, to } = state.get();
    state.set({ at: Math.max(from, Math.min(to, at)) });
    replayed.draw(state.get().at);
    clearTimeout(settling);
    settling = setTimeout(tell, settleMs);
  }

  /** The address tells the moment where it rests. */
  function tell() {
    const { open, at, playing } = state.get();
    if (!playing) page.set({ replay: open ? Math.round(at / 1000) * 1000 : null });
  }

  function play(playing: boolean) {
    cancelAnimationFrame(frame);
    const { at, from, to, open } = state.get();
    if (playing && at >= to) goTo(from);
    state.set({ playing: playing && open });
    if (!state.get().playing) return tell();
    let before = performance.now();
    const next = (now: number) => {
      frame = requestAnimationFrame(next);
      if (now - before < frameMs) return;
      const { at: from, speed, to: end } = state.get();
      // A page that slept goes on from where it was.
      goTo(from + Math.min(now - before, 10 * frameMs) * speed);
      before = now;
      if (state.get().at >= end) play(false);
    };
    frame = requestAnimationFrame(next);
  }

  function open(at?: number) {
    // Whole seconds, as the slider and the address have them.
    const now = Math.floor(serverNow() / 1000) * 1000;
    const hours = lengths.find((each) => at === undefined || at >= now - each * hourMs);
    // What is longer ago than a day is shown with what was around it.
    const to = at !== undefined && hours === undefined ? at + hourMs / 2 : now;
    again();
    const from = to - (hours ?? 1) * hourMs;
    state.set({ open: true, hours: hours ?? 1, from, to, at: Math.min(at ?? from, to) });
    read();
    tell();
  }

  function close() {
    play(false);
    again();
    state.set({ open: false });
    clearTimeout(settling);
    tell();
    show();
  }

  let layers = page.get().layers;
  page.subscribe(() => {
    if (layers === page.get().layers) return;
    layers = page.get().layers;
    if (state.get().open) read();
  });

  return {
    state,
    open,
    close,
    toggle: () => (state.get().open ? close() : open()),
    seek: goTo,
    play,
    setSpeed: (speed) => state.set({ speed }),
    setHours(hours) {
      const { to, at } = state.get();
      again();
      state.set({ hours, from: to - hours * hourMs, at: Math.max(at, to - hours * hourMs) });
      read();
      tell();
    },
    retry: read,
  };
}
