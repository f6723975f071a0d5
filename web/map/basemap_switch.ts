import type BaseLayer from 'ol/layer/Base.js';
import type OlMap from 'ol/Map.js';
import type { Basemap } from '../../server/registry/catalogue.ts';
import type { PageState, Store } from '../state.ts';
import { basemapLayer } from './basemap.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The background of the map, the one that the state names; the first there is when it names none that exists.
 * `changed` is told whether it can be read.
 */
export function basemapSwitch(
  map: OlMap,
  state: Store<PageState>,
  surroundings: () => Surroundings,
  changed: (failed: boolean) => void,
): {
  readonly setBasemaps: (basemaps: readonly Basemap[]) => void;
  readonly current: () => Basemap | undefined;
  /** Tries an archive again that could not be read. */
  readonly retry: () => void;
  /** Draws it again in other colours. */
  readonly redraw: () => void;
} {
  let basemaps: readonly Basemap[] = [];
  let shown: Basemap | undefined;
  let layer: BaseLayer | null = null;

  let missing = false;
  function tell(failed: boolean) {
    missing = failed;
    changed(failed);
  }
  const current = () => basemaps.find(({ id }) => id === state.get().basemap) ?? basemaps[0];
  function sync() {
    const wanted = current();
    if (JSON.stringify(wanted) === JSON.stringify(shown)) return;
    if (layer) map.removeLayer(layer);
    tell(false);
    shown = wanted;
    layer = wanted ? basemapLayer(wanted, surroundings, () => shown === wanted && tell(true)) : null;
    if (layer) map.addLayer(layer);
  }
  state.subscribe(sync);
  return {
    setBasemaps(next) {
      basemaps = next;
      sync();
    },
    current,
    retry() {
      if (!missing) return;
      shown = undefined;
      sync();
    },
    redraw: () => layer?.changed(),
  };
}
