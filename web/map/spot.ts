import { boundingExtent, buffer, getCenter } from 'ol/extent.js';
import type OlMap from 'ol/Map.js';
import { fromLonLat, toLonLat, transformExtent } from 'ol/proj.js';
import type { Bbox, CatalogueLayer } from '../../server/registry/catalogue.ts';
import { clusterCell } from './cluster_cell.ts';
import { type FeatureHit, featureHit } from './feature_hit.ts';
import type { MovingThings } from './moving_things.ts';
import { deepestZoom, isPoint, type TileLayer } from './tile_layer.ts';
import { resolutionAt, tileSize, tileZoom } from './zoom.ts';

/** Several things on one spot of the map: those that are known, or a cluster that no zoom opens, by its cell. */
export type Spot =
  | { readonly kind: 'things'; readonly at: FeatureHit['lonLat']; readonly hits: readonly FeatureHit[] }
  | { readonly kind: 'cell'; readonly at: FeatureHit['lonLat']; readonly layer: string; readonly bbox: Bbox };

/** Units that a tile's edge has: places are rounded to them. */
const tileUnits = 4096;
/** Symbols whose places are no further apart than this (CSS pixels) hide each other: nobody can say which was meant. */
const together = 8;

/** The cell of a cluster that cannot be opened further; undefined where a closer look takes it apart. */
export function closedCluster(hit: FeatureHit, layer: CatalogueLayer | undefined, zoom: number): Spot | undefined {
  if (!layer || !hit.cluster) return undefined;
  const deepest = deepestZoom(layer);
  const shown = tileZoom(zoom, deepest);
  if (!hit.cluster.oneSpot && shown < deepest) return undefined;
  const cell = hit.cluster.oneSpot ? [...hit.lonLat, ...hit.lonLat] : clusterCell(hit.lonLat, shown);
  // A tile rounds: what lies on the edge may be told on either side of it.
  const [west = 0, south = 0, east = 0, north = 0] = buffer(
    transformExtent([...cell], 'EPSG:4326', 'EPSG:3857'),
    (resolutionAt(shown) * tileSize) / tileUnits,
  );
  const [[left = 0, bottom = 0], [right = 0, top = 0]] = [toLonLat([west, south]), toLonLat([east, north])];
  return { kind: 'cell', at: hit.lonLat, layer: layer.id, bbox: [left, bottom, right, top] };
}

/** The points of all visible layers on the spot of one of them, that one first; undefined when it is alone there. */
export function pointsTogether(
  map: OlMap,
  layers: readonly TileLayer[],
  moving: MovingThings,
  hit: FeatureHit,
): Spot | undefined {
  const view = map.getView();
  const reach = together * (view.getResolution() ?? 1);
  const near = buffer(boundingExtent([fromLonLat([...hit.lonLat])]), reach);
  const [west = 0, south = 0, east = 0, north = 0] = near;
  const isNear = ([x = 0, y = 0]: readonly number[]) => x >= west && x <= east && y >= south && y <= north;
  const found = new Map([[`${hit.layer}/${hit.id}`, hit]]);
  const add = (other: FeatureHit) => {
    const key = `${other.layer}/${other.id}`;
    if (other.id !== null && !found.has(key)) found.set(key, other);
  };
  for (const { of, things } of moving.shown())
    for (const { feature, at } of things) if (isNear(at)) add(featureHit(of.layer, feature));
  for (const { layer, drawn, tiles } of layers) {
    if (!isPoint(layer) || !drawn.getVisible()) continue;
    for (const feature of tiles.features(view.getZoom() ?? 0, near)) {
      if (moving.hides(layer.id, Number(feature.getId())) || !isNear(getCenter(feature.getExtent()))) continue;
      add(featureHit(layer, feature));
    }
  }
  return found.size > 1 ? { kind: 'things', at: hit.lonLat, hits: [...found.values()] } : undefined;
}
