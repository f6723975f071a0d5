import { getArea, getIntersection } from 'ol/extent.js';
import Feature from 'ol/Feature.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import type OlMap from 'ol/Map.js';
import type RenderFeature from 'ol/render/Feature.js';
import VectorSource from 'ol/source/Vector.js';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import { featureHit } from './feature_hit.ts';
import { labelRoom, type ScreenBox } from './label_room.ts';
import { fontFamily, labelStyle } from './label_text.ts';
import type { Surroundings } from './surroundings.ts';
import type { TileLayer } from './tile_layer.ts';
import { zIndexOf } from './z_index.ts';

/** How an area is named: from which zoom, and how it is set. */
interface Rank {
  readonly from: number;
  readonly pixels: number;
  readonly weight: number;
  readonly capitals: boolean;
  readonly ink: 'ink-2' | 'ink-3';
}

/** Few and large areas come first: districts before villages before zones. */
function rankOf(layer: CatalogueLayer): Rank {
  if (layer.group !== 'boundary') return { from: 13, pixels: 12, weight: 500, capitals: false, ink: 'ink-2' };
  if (layer.count <= 100) return { from: 8.5, pixels: 12, weight: 600, capitals: true, ink: 'ink-2' };
  return { from: 11.5, pixels: 11, weight: 500, capitals: false, ink: 'ink-3' };
}

/** Where administrative areas among these layers are named; layers that are off are not asked. */
export function namedAreas(
  layers: readonly TileLayer[],
  unlabelled: Surroundings['unlabelled'],
): Surroundings['named'] {
  return layers.flatMap(({ layer, drawn }) =>
    layer.group === 'boundary' && layer.bbox && drawn.getVisible() && !unlabelled.has(layer.id)
      ? [{ from: rankOf(layer).from, bbox: layer.bbox }]
      : [],
  );
}

interface Place {
  readonly of: CatalogueLayer;
  readonly rank: Rank;
  readonly piece: RenderFeature;
  readonly area: number;
}

/** CSS pixels kept free around a name. */
const margin = 5;

/**
 * Names of areas, one for each area whatever number of tiles it is cut into, placed in its largest piece in view, so
 * that the name of the district one looks at is on the screen. No two overlap; they lie under the symbols, because a
 * state matters more than a name. A click on a name is a click on its area.
 */
export function labelLayer(
  map: OlMap,
  layers: () => readonly TileLayer[],
  surroundings: () => Surroundings,
): { readonly layer: VectorLayer; readonly update: () => void } {
  const source = new VectorSource();
  const layer = new VectorLayer({ source, zIndex: zIndexOf('name'), properties: { layer: '' } });
  const context = document.createElement('canvas').getContext('2d');

  function places(): Place[] {
    const extent = map.getView().calculateExtent(map.getSize());
    const zoom = map.getView().getZoom() ?? 0;
    const found = new Map<string, Place>();
    for (const { layer: of, drawn, tiles } of layers()) {
      const rank = rankOf(of);
      if (!of.geometry.endsWith('Polygon') || !drawn.getVisible() || zoom < rank.from) continue;
      if (surroundings().unlabelled.has(of.id)) continue;
      for (const piece of tiles.features(zoom, extent)) {
        const key = `${of.id}/${piece.getId()}`;
        const area = getArea(getIntersection(piece.getExtent(), extent));
        if (area > (found.get(key)?.area ?? 0)) found.set(key, { of, rank, piece, area });
      }
    }
    // Districts before villages, then the larger area: the first one takes the room.
    return [...found.values()].sort((a, b) => a.rank.from - b.rank.from || b.area - a.area);
  }

  function boxOf(text: string, { pixels: deskPixels, weight }: Rank, at: readonly number[]): ScreenBox {
    const pixels = deskPixels * surroundings().scale;
    const [x = 0, y = 0] = map.getPixelFromCoordinate([...at]) ?? [];
    if (context) context.font = `${weight} ${pixels}px ${fontFamily}`;
    const half = (context?.measureText(text).width ?? text.length * pixels) / 2 + margin;
    return [x - half, y - pixels / 2 - margin, x + half, y + pixels / 2 + margin];
  }

  function update() {
    const { scale, sheet } = surroundings();
    const { palette } = sheet;
    const size = map.getSize();
    const room = labelRoom(size ?? []);
    const labels: Feature[] = [];
    for (const { of, rank, piece } of size ? places() : []) {
      const hit = featureHit(of, piece);
      const text = rank.capitals ? hit.name.toUpperCase() : hit.name;
      const at = (piece.getType() === 'Polygon' ? piece.getFlatInteriorPoint() : piece.getFlatInteriorPoints()).slice(
        0,
        2,
      );
      if (text === '' || !room.takeIfFree(boxOf(text, rank, at))) continue;
      const feature = new Feature({ geometry: new Point(at), hit: { ...hit, named: true } });
      feature.setStyle(
        labelStyle({ text, color: palette[rank.ink], weight: rank.weight, pixels: rank.pixels }, palette, scale),
      );
      labels.push(feature);
    }
    source.clear(true);
    source.addFeatures(labels);
  }
  return { layer, update };
}
