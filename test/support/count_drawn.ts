import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

/** How many features of a layer a tile shows, those in its clusters among them; none in a tile of no bytes. */
export function countDrawn(bytes: Uint8Array, layer: string): number {
  const found = bytes.length === 0 ? undefined : new VectorTile(new PbfReader(bytes)).layers[layer];
  let sum = 0;
  for (let i = 0; i < (found?.length ?? 0); i++) sum += Number(found!.feature(i).properties.count ?? 1);
  return sum;
}
