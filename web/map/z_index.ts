import type { DrawOrder } from '../../server/registry/layer.ts';

/** All that the map draws, from the ground up: the layers of the catalogue by their `drawOrder`, and the page's own. */
const stack = [
  ...['area', 'density', 'boundary', 'line', 'cone', 'name', 'background', 'small', 'thing', 'live'],
  // The mark of what is selected lies under what moves, whose arrow and name reach into it.
  ...['mark', 'trail', 'moving', 'top', 'draft', 'measure'],
] as const satisfies readonly (
  | DrawOrder
  | 'density'
  | 'cone'
  | 'name'
  | 'trail'
  | 'top'
  | 'mark'
  | 'draft'
  | 'measure'
)[];

/** How high something lies, for OpenLayers; the background of the map lies at 0. */
export function zIndexOf(drawn: DrawOrder | (typeof stack)[number]): number {
  return stack.indexOf(drawn) + 1;
}
