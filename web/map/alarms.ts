import { getCenter } from 'ol/extent.js';
import type { FeatureLike } from 'ol/Feature.js';
import type OlMap from 'ol/Map.js';
import { tilesAsSeen } from './drawn_features.ts';
import { clusterOf, propertiesOf } from './feature_hit.ts';
import type { PlacedThing, ShownThings } from './moving_things.ts';
import { isPoint, type TileLayer } from './tile_layer.ts';

/**
 * What is critical on the screen, and clusters that hold it, of all point layers: to be drawn over all other points. Of
 * the tiles just those that the last frame drew, so that both are of one moment.
 */
export function alarms(
  map: OlMap,
  layers: () => readonly TileLayer[],
  hides: (layer: string, id: number) => boolean,
  others: () => readonly ShownThings[],
): () => ShownThings[] {
  /** By what a tile holds, which is another array once the tile is renewed. */
  const found = new WeakMap<readonly FeatureLike[], readonly PlacedThing[]>();

  function inTile(of: TileLayer, features: readonly FeatureLike[]): readonly PlacedThing[] {
    let things = found.get(features);
    if (!things) {
      things = features
        .filter((feature) => isCritical(of, feature))
        .map((feature) => {
          const [x = 0, y = 0] = getCenter(feature.getGeometry()?.getExtent() ?? []);
          return { feature, at: [x, y] };
        });
      found.set(features, things);
    }
    return things;
  }

  function inTiles(of: TileLayer): PlacedThing[] {
    const resolution = map.getView().getResolution() ?? 0;
    if (!isPoint(of.layer) || !of.drawn.getVisible() || resolution >= of.drawn.getMaxResolution()) return [];
    return tilesAsSeen(of.drawn).flatMap(({ features, isSeen }) =>
      inTile(of, features).filter(({ feature, at }) => !hides(of.layer.id, Number(feature.getId())) && isSeen(at)),
    );
  }

  return () =>
    [
      ...layers().map((of) => ({ of, style: of.style, things: inTiles(of) })),
      ...others().map(({ of, style, things }) => ({
        ...{ of, style },
        things: things.filter(({ feature }) => isCritical(of, feature)),
      })),
    ].filter(({ things }) => things.length > 0);
}

function isCritical(of: TileLayer, feature: FeatureLike): boolean {
  const properties = propertiesOf(feature);
  return (clusterOf(properties)?.worst ?? of.severityOf(properties)) === 'critical';
}
