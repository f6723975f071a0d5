import type OlMap from 'ol/Map.js';
import { getPointResolution } from 'ol/proj.js';
import { type Store, store } from '../state.ts';

/** How large the picture is. */
export interface MapScale {
  /** Zoom of 512-px tiles, the same number as in the state. */
  readonly zoom: number;
  /** Metres on the ground a CSS pixel, in the middle of the map. */
  readonly metresPerPixel: number;
}

/** The scale of the map as it zooms and moves. */
export function mapScale(map: OlMap): Store<MapScale> {
  const view = map.getView();
  const measured = (): MapScale => ({
    zoom: view.getZoom() ?? 0,
    metresPerPixel: getPointResolution('EPSG:3857', view.getResolution() ?? 1, view.getCenter() ?? [0, 0]),
  });
  const scale = store(measured());
  const measure = () => scale.set(measured());
  view.on('change:resolution', measure);
  map.on('moveend', measure);
  return scale;
}
