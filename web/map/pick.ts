import type OlMap from 'ol/Map.js';
import type { Pixel } from 'ol/pixel.js';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { type FeatureHit, featureHit } from './feature_hit.ts';

type LayerOf = (id: string) => CatalogueLayer | undefined;

/**
 * What is under a pixel, the topmost first found, or null. `tolerance` in CSS pixels. Only layers that name a
 * catalogue layer (property `layer`) take part; a label may carry the hit of what it names (property `hit`).
 */
export function pick(map: OlMap, pixel: Pixel, tolerance: number, layerOf: LayerOf): FeatureHit | null {
  return look(map, pixel, tolerance, layerOf, (hit) => hit) ?? null;
}

/** All that is under a pixel, each once, the topmost first. */
export function pickAll(map: OlMap, pixel: Pixel, tolerance: number, layerOf: LayerOf): FeatureHit[] {
  const found = new Map<string, FeatureHit>();
  look(map, pixel, tolerance, layerOf, (hit) => {
    const key = `${hit.layer}/${hit.id ?? hit.lonLat.join()}`;
    if (!found.has(key)) found.set(key, hit);
    return undefined;
  });
  return [...found.values()];
}

/** Shows hits one by one until `seen` answers. */
function look(
  map: OlMap,
  pixel: Pixel,
  tolerance: number,
  layerOf: LayerOf,
  seen: (hit: FeatureHit) => FeatureHit | undefined,
): FeatureHit | undefined {
  return map.forEachFeatureAtPixel(
    pixel,
    (feature, drawnBy): FeatureHit | undefined => {
      const carried: unknown = feature.get('hit');
      if (carried) return seen(carried as FeatureHit); // only the label layer sets it
      const layer = layerOf(String(drawnBy?.get('layer')));
      return layer && seen(featureHit(layer, feature));
    },
    { hitTolerance: tolerance, layerFilter: (layer) => layer.get('layer') !== undefined },
  );
}
