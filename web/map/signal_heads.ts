import type { Lamp, SignalHeads } from '../../server/registry/point_signs.ts';
import type { TileProperties } from './feature_hit.ts';

/** Which lamps burn in each signal head of a thing; undefined where nothing is told of any. */
export function signalHeads(of: SignalHeads | undefined, properties: TileProperties): (readonly Lamp[])[] | undefined {
  const told = of && properties[of.attribute];
  if (typeof told !== 'string') return undefined;
  const heads = [...told].flatMap((character) => {
    const lamps = of?.lit[character];
    return lamps ? [lamps] : [];
  });
  return heads.length > 0 ? heads : undefined;
}
