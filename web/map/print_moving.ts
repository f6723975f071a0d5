import Feature from 'ol/Feature.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import { propertiesOf } from './feature_hit.ts';
import type { ShownThings } from './moving_things.ts';
import type { Surroundings } from './surroundings.ts';
import { styleOf } from './tile_layer.ts';
import { zIndexOf } from './z_index.ts';

/** The things that move as layers for print: a picture at another pixel ratio cannot take the canvas of the page. */
export function printMoving(shown: readonly ShownThings[], surroundings: () => Surroundings): VectorLayer[] {
  return shown.map(({ of, things }) => {
    const features = things.map(({ feature, at }) => {
      const copy = new Feature({ ...propertiesOf(feature), geometry: new Point([...at]) });
      copy.setId(Number(feature.getId()));
      return copy;
    });
    return new VectorLayer({
      source: new VectorSource({ features }),
      style: styleOf(of.layer, surroundings),
      opacity: of.drawn.getOpacity(),
      zIndex: zIndexOf('moved'),
      declutter: 'label',
    });
  });
}
