import GeoJSON from 'ol/format/GeoJSON.js';
import type OlMap from 'ol/Map.js';
import { transformExtent } from 'ol/proj.js';
import VectorSource from 'ol/source/Vector.js';
import { fetchJson } from '../api/fetch_json.ts';

/** What lies beside what is drawn: items of the OGC API, without one of them. */
export interface Beside {
  readonly items: string;
  readonly except?: number;
}

export interface Neighbours {
  readonly source: VectorSource;
  /** Reads what is in view, now and whenever the map comes to rest; null: nothing any more. */
  readonly show: (beside: Beside | null) => void;
}

const format = new GeoJSON({ featureProjection: 'EPSG:3857' });
/** So that a view of the whole regency does not fetch all of its boundaries. */
const mostFeatures = 300;

/** The whole geometries of a layer's features in view, to snap to: what tiles carry is cut at their edges. */
export function neighbours(map: OlMap): Neighbours {
  const source = new VectorSource();
  let shown: Beside | null = null;
  let request = new AbortController();

  function read() {
    if (!shown) return;
    const { items, except } = shown;
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const view = map.getView().calculateExtent(map.getSize());
    const bbox = transformExtent(view, 'EPSG:3857', 'EPSG:4326').map((degrees) => degrees.toFixed(6));
    fetchJson(`${items}?limit=${mostFeatures}&bbox=${bbox.join(',')}`, { signal }).then(
      (page) => {
        if (signal.aborted) return;
        source.clear();
        source.addFeatures(format.readFeatures(page).filter((feature) => feature.getId() !== except));
      },
      () => {
        // Aborted, or no connection: without neighbours there is nothing to snap to, and drawing goes on.
      },
    );
  }
  map.on('moveend', read);

  return {
    source,
    show(beside) {
      shown = beside;
      if (beside) return read();
      request.abort();
      source.clear();
    },
  };
}
