import { fromLonLat } from 'ol/proj.js';
import type { EventProperties } from '../live/event.ts';
import { clusterOf, propertiesOf } from './feature_hit.ts';
import type { TileLayer } from './tile_layer.ts';
import { resolutionAt } from './zoom.ts';

/** What the loaded tiles of the present zoom hold of a feature at a place (degrees). */
export function knownFeature(
  of: TileLayer | undefined,
  id: number,
  at: readonly [lon: number, lat: number],
): EventProperties | undefined {
  if (!of) return undefined;
  const zoom = of.drawn.getMapInternal()?.getView().getZoom() ?? 0;
  const [x = 0, y = 0] = fromLonLat([...at]);
  const near = resolutionAt(Math.floor(zoom)); // a tile rounds to an eighth of a pixel
  const found = of.tiles
    .features(zoom, [x - near, y - near, x + near, y + near])
    .find((feature) => feature.getId() === id);
  const properties = found && propertiesOf(found);
  return properties && !clusterOf(properties) ? properties : undefined;
}
