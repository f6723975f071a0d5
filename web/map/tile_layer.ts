import VectorTileLayer from 'ol/layer/VectorTile.js';
import type { StyleFunction } from 'ol/style/Style.js';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Severity } from '../../server/registry/severity.ts';
import type { PageState } from '../state.ts';
import { type CrowdReading, thinCrowd } from './crowd.ts';
import { condition } from './expression.ts';
import type { TileProperties } from './feature_hit.ts';
import { staleAfter } from './freshness.ts';
import { layerFilter } from './layer_filter.ts';
import { type LiveTiles, liveTiles } from './live_tiles.ts';
import { pointStyle } from './point_style.ts';
import { shapeStyle } from './shape_style.ts';
import type { Surroundings } from './surroundings.ts';
import { zIndexOf } from './z_index.ts';
import { hair, resolutionAt } from './zoom.ts';

/** A layer of the catalogue on the map. */
export interface TileLayer {
  readonly layer: CatalogueLayer;
  readonly tiles: LiveTiles;
  readonly drawn: VectorTileLayer;
  /** How its features look, wherever they are drawn. */
  readonly style: StyleFunction;
  /** How bad a feature is, by the first rule that holds for it. */
  readonly severityOf: (properties: TileProperties) => Severity;
}

/**
 * Deeper zooms draw these tiles. A shape gains nothing beyond (4,096 units on 611 m); points do, where they crowd.
 */
const deepest = { shapes: 16, points: 18 };

/** The zoom of the deepest tiles of a layer: what lies together there stays together. */
export function deepestZoom(layer: CatalogueLayer): number {
  return Math.max(isPoint(layer) ? deepest.points : deepest.shapes, layer.fullZoom);
}

/** Whether a layer is drawn as points. */
export function isPoint(layer: CatalogueLayer): boolean {
  return layer.geometry.endsWith('Point');
}

/** The style function of a layer. */
export function styleOf(layer: CatalogueLayer, surroundings: () => Surroundings): StyleFunction {
  return isPoint(layer) ? pointStyle(layer, surroundings) : shapeStyle(layer, surroundings);
}

/** A drawing of a layer's tiles: the one on the page, and others of the same tiles for print. */
export function drawTiles(layer: CatalogueLayer, tiles: LiveTiles, style: StyleFunction): VectorTileLayer {
  return new VectorTileLayer({
    source: tiles.source,
    style,
    zIndex: zIndexOf(layer.drawOrder),
    renderOrder: null as never, // null means "as they come", which the declarations forget
    // Points are vectors in any case; 'vector' spares them an empty bitmap a tile.
    renderMode: isPoint(layer) ? 'vector' : 'hybrid',
    renderBuffer: 32,
    cacheSize: 64,
    // Only the values beside symbols take part; symbols say 'none'.
    ...(isPoint(layer) && { declutter: 'label' }),
    ...(layer.below === 'hide' && { maxResolution: resolutionAt(layer.fullZoom - hair) }),
    properties: { layer: layer.id },
  });
}

/** Makes the tile layer of a catalogue layer without what is drawn elsewhere; `changed` is told when tiles arrive or fail. */
export function tileLayer(
  layer: CatalogueLayer,
  state: () => PageState,
  surroundings: () => Surroundings,
  hides: (layer: string, id: number) => boolean,
  changed: () => void,
): TileLayer {
  const rules = layer.style.map(({ filter, severity }) => ({
    holds: condition(filter),
    severity: severity ?? 'normal',
  }));
  const severityOf = (properties: TileProperties): Severity =>
    rules.find(({ holds }) => holds(properties))?.severity ?? 'unknown';
  const read = (properties: TileProperties): CrowdReading => ({
    severity: severityOf(properties),
    staleAfter: staleAfter(layer, properties),
  });
  const tiles = liveTiles({
    layer: layer.id,
    deepest: deepestZoom(layer),
    prepare: (features, extent) => (isPoint(layer) ? thinCrowd(features, extent, read) : features),
    url(z, x, y) {
      const path = layer.links.tiles.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
      const filter = layerFilter(layer, state());
      return filter === undefined ? path : `${path}?${new URLSearchParams({ filter, 'filter-lang': 'cql2-text' })}`;
    },
    changed,
  });
  const style = styleOf(layer, surroundings);
  const drawn = drawTiles(
    layer,
    tiles,
    layer.moving
      ? (feature, resolution) => (hides(layer.id, Number(feature.getId())) ? undefined : style(feature, resolution))
      : style,
  );
  tiles.bind(drawn);
  return { layer, tiles, drawn, style, severityOf };
}
