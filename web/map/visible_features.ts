import { containsCoordinate } from 'ol/extent.js';
import type OlMap from 'ol/Map.js';
import { fromLonLat } from 'ol/proj.js';
import { drawnFeatures } from './drawn_features.ts';
import { type FeatureHit, featureHit } from './feature_hit.ts';
import type { MovingThings } from './moving_things.ts';
import type { TileLayer } from './tile_layer.ts';

/** Features and clusters of a layer whose place is in view, each once, whether a tile or an event told of them. */
export function visibleFeatures(map: OlMap, of: TileLayer | undefined, moving: MovingThings): FeatureHit[] {
  if (!of?.drawn.getVisible()) return [];
  const view = map.getView();
  const extent = view.calculateExtent(map.getSize());
  const hits = new Map<string, FeatureHit>();
  for (const { of: shown, things } of moving.shown()) {
    if (shown.layer.id !== of.layer.id) continue;
    for (const { feature } of things) {
      const hit = featureHit(of.layer, feature);
      if (containsCoordinate(extent, fromLonLat([...hit.lonLat]))) hits.set(String(hit.id), hit);
    }
  }
  for (const feature of drawnFeatures(of, view.getZoom() ?? 0, extent)) {
    if (moving.hides(of.layer.id, Number(feature.getId()))) continue;
    const hit = featureHit(of.layer, feature);
    const key = hit.id === null ? hit.lonLat.join() : String(hit.id);
    if (!hits.has(key)) hits.set(key, hit);
  }
  return [...hits.values()];
}
