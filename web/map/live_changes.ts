import type { FeatureEvent } from '../live/event.ts';
import type { CatalogueLayers } from './catalogue_layers.ts';
import { changedBoxes, margins, touchesTile } from './dirty_tiles.ts';
import type { MovingThings } from './moving_things.ts';
import { isPoint } from './tile_layer.ts';

/**
 * Brings changes onto the map: things that move are drawn at once, of all else the tiles that hold it, or held it, are
 * fetched again in place. `caughtUp`: what was missed, without where it was before, so all tiles of these layers.
 */
export function applyChanges(
  layers: CatalogueLayers,
  moving: MovingThings,
  changes: readonly FeatureEvent[],
  caughtUp: boolean,
): void {
  for (const [id, ofLayer] of Map.groupBy(changes, ({ layer }) => layer)) {
    const entry = layers.get(id);
    if (!entry) continue;
    const { layer, tiles } = entry;
    const carried = moving.carries(id);
    if (carried) moving.take(entry, ofLayer);
    if (caughtUp) {
      tiles.freshen(() => true);
      continue;
    }
    const boxes = ofLayer.flatMap(changedBoxes);
    const margin = isPoint(layer) ? margins.points : margins.shapes;
    tiles.freshen((z, x, y) => {
      // A thing that is drawn where it is needs no tile, but it is counted in a cluster.
      if (carried && z >= layer.fullZoom) return false;
      return touchesTile(boxes, [z, x, y], margin);
    });
  }
}
