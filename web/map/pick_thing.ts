import type OlMap from 'ol/Map.js';
import { clusterSize } from './cluster_symbol.ts';
import { clusterOf, type FeatureHit, featureHit, propertiesOf } from './feature_hit.ts';
import type { ShownThings } from './moving_things.ts';
import { symbolForm } from './point_style.ts';
import { zoomAt } from './zoom.ts';

/** The nearest of these things within a tolerance (CSS pixels) of its symbol's edge, or null; `scale`: of the symbols. */
export function pickThing(
  map: OlMap,
  shown: readonly ShownThings[],
  [px = 0, py = 0]: readonly number[],
  tolerance: number,
  scale: number,
): FeatureHit | null {
  const resolution = map.getView().getResolution() ?? 1;
  let nearest: FeatureHit | null = null;
  let distance = Number.POSITIVE_INFINITY;
  for (const { of, things } of shown) {
    const { size } = symbolForm(of.layer, zoomAt(resolution), scale);
    for (const { feature, at } of things) {
      const cluster = clusterOf(propertiesOf(feature));
      const radius = (cluster ? clusterSize(cluster.count) * scale : size) / 2 + tolerance;
      const [x = Number.NaN, y = Number.NaN] = map.getPixelFromCoordinate([...at]) ?? []; // none before the first frame
      const away = Math.hypot(x - px, y - py);
      if (!(away <= radius && away < distance)) continue;
      distance = away;
      nearest = featureHit(of.layer, feature);
    }
  }
  return nearest;
}
