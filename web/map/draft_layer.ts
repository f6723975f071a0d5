import GeoJSON from 'ol/format/GeoJSON.js';
import VectorLayer from 'ol/layer/Vector.js';
import type OlMap from 'ol/Map.js';
import VectorSource from 'ol/source/Vector.js';
import Circle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { Preview, PreviewProperties } from '../../server/ingest/upload/preview.ts';
import { type Palette, withOpacity } from './palette.ts';
import type { Surroundings } from './surroundings.ts';
import { zIndexOf } from './z_index.ts';

/** Features that are not stored yet, over all others: where an import would put them. */
export interface DraftLayer {
  readonly layer: VectorLayer;
  /** Null: none any more. */
  readonly show: (draft: Preview | null) => void;
  /** After the colours have changed. */
  readonly redraw: () => void;
}

type Outcome = PreviewProperties['outcome'];

const format = new GeoJSON({ dataProjection: 'EPSG:4326', featureProjection: 'EPSG:3857' });
const outcomes = { insert: 'accent', update: 'accent-2', unchanged: 'ink-3' } as const;

/** Draws a draft: what is new in one colour, what changes in another, what stays pale. */
export function draftLayer(map: OlMap, surroundings: () => Surroundings): DraftLayer {
  const source = new VectorSource();
  let styles = stylesOf(surroundings().sheet.palette);
  const layer = new VectorLayer({
    source,
    style: (feature) => styles[feature.get('outcome') as Outcome], // the server's word
    zIndex: zIndexOf('draft'),
    updateWhileAnimating: true,
  });
  map.addLayer(layer);
  return {
    layer,
    show(draft) {
      source.clear();
      if (draft) source.addFeatures(format.readFeatures(draft));
    },
    redraw() {
      styles = stylesOf(surroundings().sheet.palette);
      layer.changed();
    },
  };
}

/** A style for each outcome; dashed lines are of what is not there yet. */
function stylesOf(palette: Palette): Readonly<Record<Outcome, Style[]>> {
  const style = (outcome: Outcome) => {
    const color = palette[outcomes[outcome]];
    const halo = new Stroke({ color: withOpacity(palette.halo, 0.9), width: 5 });
    return [
      new Style({ stroke: halo }),
      new Style({
        fill: new Fill({ color: withOpacity(color, 0.16) }),
        stroke: new Stroke({ color, width: 2, lineDash: [6, 4] }),
        image: new Circle({
          radius: 8,
          fill: new Fill({ color }),
          stroke: new Stroke({ color: palette.halo, width: 2 }),
        }),
      }),
    ];
  };
  return { insert: style('insert'), update: style('update'), unchanged: style('unchanged') };
}
