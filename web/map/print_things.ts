import Feature from 'ol/Feature.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import { propertiesOf } from './feature_hit.ts';
import type { ShownThings } from './moving_things.ts';
import type { Surroundings } from './surroundings.ts';
import { styleOf } from './tile_layer.ts';
import { zIndexOf } from './z_index.ts';

/**
 * What lies on the top canvas as layers for print: a picture at another pixel ratio cannot take the canvas of the page.
 * `surroundings` may differ by layer: one is of now, another of then.
 */
export function printThings(
  shown: readonly ShownThings[],
  surroundings: (layer: string) => () => Surroundings,
): VectorLayer[] {
  return shown.map(({ of, things }) => {
    const features = things.map(({ feature, at }) => {
      const copy = new Feature({ ...propertiesOf(feature), geometry: new Point([...at]) });
      const id = feature.getId();
      if (id !== undefined) copy.setId(id); // a cluster has none
      return copy;
    });
    return new VectorLayer({
      source: new VectorSource({ features }),
      style: styleOf(of.layer, surroundings(of.layer.id)),
      opacity: of.drawn.getOpacity(),
      zIndex: zIndexOf('top'),
      declutter: 'label',
    });
  });
}
