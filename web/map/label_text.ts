import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';
import type { Palette } from './palette.ts';

/** Fonts of everything written on the map. */
export const fontFamily = '"Inter Variable", Inter, system-ui, sans-serif';

/** How a label is set. */
export interface LabelLook {
  readonly text: string;
  /** A second line, smaller. */
  readonly under?: string;
  readonly color: string;
  readonly weight: number;
  /** CSS pixels. */
  readonly pixels: number;
  /** Beside a symbol of this radius in CSS pixels; absent: centred on its place. */
  readonly beside?: number;
  readonly zIndex?: number;
}

/** A label with a halo of the map's colour, upright; `scale`: of all letters, on a wall. */
export function labelStyle(look: LabelLook, palette: Palette, scale: number): Style {
  const { text, under = '', color, weight, beside, zIndex } = look;
  const pixels = look.pixels * scale;
  const font = `${weight} ${pixels}px ${fontFamily}`;
  return new Style({
    ...(zIndex !== undefined && { zIndex }),
    text: new Text({
      text: under === '' ? text : [text, font, '\n', font, under, `450 ${pixels - 2 * scale}px ${fontFamily}`],
      font,
      fill: new Fill({ color }),
      stroke: new Stroke({ color: palette.halo, width: 3.5 * scale, lineJoin: 'round' }),
      padding: [2, 3, 2, 3],
      ...(beside === undefined ? { textAlign: 'center' } : { textAlign: 'left', offsetX: beside + 4, offsetY: 1 }),
      overflow: true,
    }),
  });
}
