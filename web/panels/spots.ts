import { map } from '../page.ts';
import { openPanel } from './ui.ts';

/** Opens the list when the map was clicked where several things lie together. Returns how to stop. */
export function listSpots(): () => void {
  return map.spot.subscribe(() => {
    const { spot } = map.spot.get();
    map.highlight(spot?.at ?? null);
    if (spot) openPanel('list');
  });
}
