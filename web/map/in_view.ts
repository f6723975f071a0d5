import { containsCoordinate } from 'ol/extent.js';
import type OlMap from 'ol/Map.js';
import type { Severity } from '../../server/registry/severity.ts';
import { drawnFeatures } from './drawn_features.ts';
import { clusterOf, type FeatureHit, propertiesOf, type TileProperties } from './feature_hit.ts';
import type { MovingThings } from './moving_things.ts';
import type { TileLayer } from './tile_layer.ts';

/** How many features of a layer are in view, alone or in clusters, and how many in which state. */
export interface InView {
  readonly count: number;
  readonly states: Readonly<Partial<Record<Severity, number>>>;
}

/**
 * Counts what the loaded tiles hold of a layer in view; undefined of a layer that is off. `replayed`: what is shown in
 * its place. A cluster counts where its middle is. What counts the same as `before` is the same object.
 */
export function inView(
  map: OlMap,
  of: TileLayer,
  moving: MovingThings,
  replayed: readonly FeatureHit[] | undefined,
  before: InView | undefined,
): InView | undefined {
  const counted = countInView(map, of, moving, replayed);
  return counted && JSON.stringify(counted) === JSON.stringify(before) ? before : counted;
}

function countInView(
  map: OlMap,
  of: TileLayer,
  moving: MovingThings,
  replayed: readonly FeatureHit[] | undefined,
): InView | undefined {
  const { layer, drawn, severityOf } = of;
  if (!replayed && !drawn.getVisible()) return undefined;
  let count = 0;
  const states: Partial<Record<Severity, number>> = {};
  const add = (severity: Severity, more: number) => {
    states[severity] = (states[severity] ?? 0) + more;
  };
  const take = (properties: TileProperties) => {
    const cluster = clusterOf(properties);
    count += cluster?.count ?? 1;
    if (!cluster) return add(severityOf(properties), 1);
    for (const [severity, inside] of Object.entries(cluster.bySeverity)) add(severity as Severity, inside); // its keys are
  };
  if (replayed) {
    for (const { properties } of replayed) take(properties);
    return { count, states };
  }
  const view = map.getView();
  const extent = view.calculateExtent(map.getSize());
  for (const { of: shown, things } of moving.shown()) {
    if (shown.layer.id !== layer.id) continue;
    for (const { feature, at } of things) if (containsCoordinate(extent, [...at])) take(propertiesOf(feature));
  }
  // A shape comes in as many pieces as tiles cut it into.
  const seen = new Set<unknown>();
  for (const feature of drawnFeatures(of, view.getZoom() ?? 0, extent)) {
    const id = feature.getId();
    if (id !== undefined && (seen.has(id) || moving.hides(layer.id, Number(id)))) continue;
    if (id !== undefined) seen.add(id);
    take(propertiesOf(feature));
  }
  return { count, states };
}
