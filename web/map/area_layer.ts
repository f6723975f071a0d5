import Feature from 'ol/Feature.js';
import GeoJSON from 'ol/format/GeoJSON.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { PageState, Store } from '../state.ts';
import { polygonOf } from './area.ts';
import { withOpacity } from './palette.ts';
import type { Surroundings } from './surroundings.ts';
import { zIndexOf } from './z_index.ts';

const format = new GeoJSON({ featureProjection: 'EPSG:3857' });

/** The outline of the area that things are chosen by, as the state has it. */
export function areaLayer(state: Store<PageState>, surroundings: () => Surroundings): VectorLayer {
  const source = new VectorSource();
  let shown: PageState['area'];
  const update = () => {
    const { area } = state.get();
    if (area === shown) return;
    shown = area;
    source.clear();
    if (area) source.addFeature(new Feature(format.readGeometry(polygonOf(area)) ?? undefined));
  };
  state.subscribe(update);
  update();
  return new VectorLayer({
    source,
    zIndex: zIndexOf('mark'),
    style: () => {
      const { accent, halo } = surroundings().sheet.palette;
      return [
        new Style({ stroke: new Stroke({ color: withOpacity(halo, 0.9), width: 5 }) }),
        new Style({
          fill: new Fill({ color: withOpacity(accent, 0.08) }),
          stroke: new Stroke({ color: accent, width: 2, lineDash: [6, 4] }),
        }),
      ];
    },
  });
}
