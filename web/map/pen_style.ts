import Circle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import { withOpacity } from './palette.ts';
import type { Surroundings } from './surroundings.ts';

/** How what is being drawn looks. */
export function penStyle({ sheet: { palette } }: Surroundings): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: withOpacity(palette.halo, 0.9), width: 6 }) }),
    new Style({
      fill: new Fill({ color: withOpacity(palette.accent, 0.16) }),
      stroke: new Stroke({ color: palette.accent, width: 2.5 }),
      image: new Circle({
        radius: 7,
        fill: new Fill({ color: palette.accent }),
        stroke: new Stroke({ color: palette.halo, width: 2.5 }),
      }),
    }),
  ];
}

/** The corner that the buttons are about. */
export function cornerStyle({ sheet: { palette } }: Surroundings): Style {
  return new Style({
    image: new Circle({
      radius: 9,
      fill: new Fill({ color: palette.halo }),
      stroke: new Stroke({ color: palette.accent, width: 4 }),
    }),
    zIndex: 1,
  });
}

/** The parts that a shape falls into: the first keeps its id, the others are new. */
export function partStyle({ sheet: { palette } }: Surroundings, index: number): Style[] {
  const color = palette[index === 0 ? 'accent' : (['accent-2', 'info'] as const)[(index - 1) % 2]!];
  return [
    new Style({ stroke: new Stroke({ color: withOpacity(palette.halo, 0.9), width: 7 }) }),
    new Style({
      fill: new Fill({ color: withOpacity(color, 0.35) }),
      stroke: new Stroke({ color, width: 3, ...(index > 0 && { lineDash: [8, 5] }) }),
    }),
  ];
}
