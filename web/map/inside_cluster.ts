import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { clusterCell } from './cluster_cell.ts';
import type { FeatureHit } from './feature_hit.ts';
import type { Destination, FlyOptions } from './map_view.ts';
import { maxZoom, tileZoom } from './zoom.ts';

/** Where to fly to open a cluster seen at a zoom: its cell, deep enough to open it at least once. */
export function insideCluster(
  { lonLat }: FeatureHit,
  layer: CatalogueLayer | undefined,
  zoom: number,
): readonly [Destination, FlyOptions] {
  const cell = clusterCell(lonLat, tileZoom(zoom, maxZoom));
  const alone = layer?.fullZoom ?? maxZoom;
  // Past the zoom at which features stand alone only where they crowd.
  const deepest = zoom < alone ? Math.max(Math.ceil(zoom) + 1, alone) : maxZoom;
  return [cell, { zoom: deepest, padding: [40, 40, 40, 40] }];
}
