import { containsCoordinate, type Extent, getCenter } from 'ol/extent.js';
import type RenderFeature from 'ol/render/Feature.js';
import { shownTiles } from './ol_internals.ts';
import { isPoint, type TileLayer } from './tile_layer.ts';

/**
 * The features of a layer that are on the screen within an extent: of the tiles of the zoom, or, while some of those are
 * missing, of the coarser and finer ones that are drawn in their place.
 */
export function drawnFeatures({ layer, drawn, tiles }: TileLayer, zoom: number, extent: Extent): RenderFeature[] {
  if (tiles.holds(zoom, extent)) return tiles.features(zoom, extent);
  return tilesAsSeen(drawn).flatMap(({ features, isSeen }) =>
    features.filter((feature) => {
      const at = getCenter(feature.getExtent());
      return !isPoint(layer) || (containsCoordinate(extent, at) && isSeen(at));
    }),
  );
}

/** The tiles that the last frame showed, and where each is seen: a coarser one only where no finer one lies. */
export function tilesAsSeen(drawn: TileLayer['drawn']): {
  readonly z: number;
  readonly features: readonly RenderFeature[];
  readonly isSeen: (at: readonly number[]) => boolean;
}[] {
  const tiles = shownTiles(drawn);
  return tiles.map(({ z, features }) => ({
    ...{ z, features },
    isSeen: (at) => !tiles.some((other) => other.z > z && containsCoordinate(other.extent, [...at])),
  }));
}
