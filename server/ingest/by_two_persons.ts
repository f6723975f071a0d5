import { attributesOf, type Layer } from '../registry/layer.ts';

/**
 * The attributes that an action of the layer sets with a second person's word, which no device can give. What the layer
 * file calls `deviceOnly` stays the device's.
 */
export function byTwoPersons(layer: Layer): ReadonlySet<string> {
  const attributes = attributesOf(layer);
  const inputs = Object.values(layer.actions ?? {}).flatMap(({ twoPerson, input }) =>
    twoPerson ? Object.keys(input.shape) : [],
  );
  return new Set(inputs.filter((key) => attributes.get(key)?.deviceOnly !== true));
}
