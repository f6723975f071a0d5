import type { Lamp } from '../../server/registry/point_signs.ts';
import type { Palette } from './palette.ts';

/** Signal colours are the same by day and by night, on a housing that is dark in both. */
const colours = { red: '#ff5a52', yellow: '#ffc933', green: '#3ddc84' } as const satisfies Record<Lamp, string>;
const [housing, off] = ['#15201b', '#46564e'];
const lamps = Object.keys(colours) as Lamp[]; // from the top
/** CSS pixels: between the middles of two heads and of two lamps, and a lamp's radius. */
const [pitch, step, radius] = [9, 6.5, 2.6];
/** No junction needs more to be read; the inspector has all. */
const mostHeads = 8;

/** CSS pixels that the heads reach below a disc. */
export const headsReach = 3 * step + 8;

/** Draws signal heads side by side under a disc of `radius` around the origin: three lamps each, those lit that burn. */
export function drawHeads(
  context: CanvasRenderingContext2D,
  discRadius: number,
  heads: readonly (readonly Lamp[])[],
  palette: Palette,
): void {
  const shown = heads.slice(0, mostHeads);
  const [width, height] = [shown.length * pitch + 1, 3 * step + 2];
  const top = discRadius + 4;
  context.beginPath();
  context.roundRect(-width / 2, top, width, height, 3.5);
  [context.strokeStyle, context.lineWidth, context.fillStyle] = [palette.halo, 3, housing];
  context.stroke();
  context.fill();
  [context.strokeStyle, context.lineWidth] = [off, 1];
  context.stroke();
  shown.forEach((lit, head) => {
    lamps.forEach((lamp, row) => {
      context.beginPath();
      context.arc((head - (shown.length - 1) / 2) * pitch, top + 1 + (row + 0.5) * step, radius, 0, 2 * Math.PI);
      context.fillStyle = lit.includes(lamp) ? colours[lamp] : off;
      context.fill();
    });
  });
}
