import { getCenter } from 'ol/extent.js';
import Feature from 'ol/Feature.js';
import VectorLayer from 'ol/layer/Vector.js';
import type OlMap from 'ol/Map.js';
import VectorSource from 'ol/source/Vector.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import { coveredGround } from './covered_ground.ts';
import { propertiesOf } from './feature_hit.ts';
import { withOpacity } from './palette.ts';
import type { Surroundings } from './surroundings.ts';
import type { TileLayer } from './tile_layer.ts';
import { zIndexOf } from './z_index.ts';

/** First zoom at which everything that looks shows where; before that only the selected one does. */
const firstZoom = 16;

/** The ground that the things in view cover: where a camera looks, how far a siren is heard. Seen, not touched: a click in a cone goes to what stands there. */
export function coneLayer(
  map: OlMap,
  layers: () => readonly TileLayer[],
  surroundings: () => Surroundings,
): { readonly layer: VectorLayer; readonly update: () => void } {
  const source = new VectorSource();
  const style = () => {
    const color = surroundings().sheet.palette['ink-2'];
    return new Style({
      fill: new Fill({ color: withOpacity(color, 0.1) }),
      stroke: new Stroke({ color: withOpacity(color, 0.4), width: 1 }),
    });
  };
  const layer = new VectorLayer({ source, style, zIndex: zIndexOf('cone') });

  function update() {
    const zoom = map.getView().getZoom() ?? 0;
    const extent = map.getView().calculateExtent(map.getSize());
    const looking =
      zoom < firstZoom
        ? []
        : layers().filter(
            ({ layer: of, drawn }) =>
              drawn.getVisible() && of.coverage?.sector && of.tile.includes(of.coverage.sector.heading),
          );
    const cones = looking.flatMap(({ layer: of, tiles }) =>
      tiles
        .features(zoom, extent)
        .flatMap((feature) => coveredGround(getCenter(feature.getExtent()), of.coverage, propertiesOf(feature)) ?? []),
    );
    source.clear(true);
    source.addFeatures(cones.map((cone) => new Feature(cone)));
  }
  return { layer, update };
}
