import type OlMap from 'ol/Map.js';
import type { Catalogue, CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Language } from '../i18n/language.ts';
import { type PageState, type Store, store } from '../state.ts';
import { looksOlder } from './ageing.ts';
import { layerFilter } from './layer_filter.ts';
import type { TileStatus } from './live_tiles.ts';
import type { Surroundings } from './surroundings.ts';
import { type TileLayer, tileLayer } from './tile_layer.ts';
import { word } from './words.ts';

/** The tile layers of the catalogue, kept as the state says: which are shown, how opaque, how filtered. */
export interface CatalogueLayers {
  readonly get: (id: string) => TileLayer | undefined;
  readonly all: () => readonly TileLayer[];
  /** `untold`: nobody tells what changes, so a catalogue of a later position means that something did. */
  readonly setCatalogue: (catalogue: Catalogue, untold: boolean) => void;
  readonly refresh: (id: string) => void;
  /** Draws again what may look older by now, or everything (colours or words changed). */
  readonly restyle: (which: 'ages' | 'all') => void;
  readonly loading: Store<TileStatus>;
  /** To be called when other layers are drawn elsewhere than before. */
  readonly review: () => void;
  /** Counts the background among what could not be had, or no longer. */
  readonly groundFailed: (failed: boolean) => void;
}

/** All of a layer that may decide how it is fetched and drawn: what changes all the time does not, nor what the viewer may do. */
function drawing({ count, unlocated, bbox, newest, sources, states, actions, ...drawn }: CatalogueLayer): string {
  return JSON.stringify(drawn);
}

/** What must be said beside a layer whose rows are not what they seem. */
function credit(layer: CatalogueLayer, language: Language): string[] {
  const from = Object.keys(layer.sources);
  return [
    ...(from.includes('schematic') ? [word('schematic', language)] : []),
    ...(from.includes('demo') ? [word('demo', language)] : []),
  ];
}

/** Makes the layers as the catalogue names them; `arrived` is told once a frame when tiles came or failed. */
export function catalogueLayers(
  map: OlMap,
  state: Store<PageState>,
  surroundings: () => Surroundings,
  hides: (layer: string, id: number) => boolean,
  replaced: (layer: string) => boolean,
  arrived: () => void,
): CatalogueLayers {
  const layers = new Map<string, TileLayer>();
  const filters = new Map<string, string | undefined>();
  /** When each was last drawn for its ages. */
  const agedAt = new Map<string, number>();
  const loading = store<TileStatus>({ pending: 0, failed: 0 });
  let position = '';
  let frame = 0;
  let groundFailures = 0;

  const all = () => [...layers.values()];
  function count() {
    frame = 0;
    const shown = all().filter(({ drawn }) => drawn.getVisible());
    const sum = (key: keyof TileStatus) => shown.reduce((total, { tiles }) => total + tiles.status()[key], 0);
    loading.set({ pending: sum('pending'), failed: sum('failed') + groundFailures });
    arrived();
  }
  const changed = () => {
    if (frame === 0) frame = requestAnimationFrame(count);
  };

  function sync() {
    const { layers: wanted } = state.get();
    for (const { layer, drawn, tiles } of all()) {
      const on = replaced(layer.id) ? undefined : wanted[layer.id];
      // What changes in a layer that is off, nobody tells.
      if (on && !drawn.getVisible()) tiles.freshen(() => true);
      drawn.setVisible(on !== undefined);
      drawn.setOpacity(on?.opacity ?? 1);
      const filter = layerFilter(layer, state.get());
      if (filters.get(layer.id) !== filter) tiles.refresh();
      filters.set(layer.id, filter);
    }
    changed();
  }

  function place(layer: CatalogueLayer) {
    const existing = layers.get(layer.id);
    let entry: TileLayer;
    if (existing && drawing(existing.layer) === drawing(layer)) entry = { ...existing, layer };
    else {
      if (existing) map.removeLayer(existing.drawn);
      filters.set(layer.id, layerFilter(layer, state.get()));
      entry = tileLayer(layer, state.get, surroundings, hides, changed);
      entry.drawn.setVisible(false);
      // Once: a source that says it changed loses all its tiles, and the map would be blank until they are back.
      entry.tiles.source.setAttributions(() => credit(layers.get(layer.id)?.layer ?? layer, surroundings().language));
      map.addLayer(entry.drawn);
    }
    layers.set(layer.id, entry);
  }

  state.subscribe(sync);
  return {
    get: (id) => layers.get(id),
    all,
    setCatalogue(catalogue, untold) {
      const ids = new Set(catalogue.layers.map(({ id }) => id));
      for (const { layer, drawn } of all()) {
        if (ids.has(layer.id)) continue;
        map.removeLayer(drawn);
        layers.delete(layer.id);
      }
      catalogue.layers.forEach(place);
      // Tiles that did not change answer 304 and are left alone.
      if (untold && position !== '' && position !== catalogue.position) for (const { tiles } of all()) tiles.refresh();
      position = catalogue.position;
      sync();
    },
    refresh: (id) => layers.get(id)?.tiles.refresh(),
    restyle(which) {
      const { now } = surroundings();
      for (const { layer, drawn } of all()) {
        if (which === 'ages' && !(drawn.getVisible() && looksOlder(layer, agedAt.get(layer.id), now))) continue;
        agedAt.set(layer.id, now);
        drawn.changed();
      }
    },
    loading,
    review: sync,
    groundFailed(failed) {
      groundFailures = failed ? 1 : 0;
      changed();
    },
  };
}
