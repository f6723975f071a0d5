import { densityOpacity } from './density_grid.ts';
import { legendEdge } from './legend_symbol.ts';
import { type Palette, withOpacity } from './palette.ts';

/** A density surface for legends, from nothing to the densest. */
export function drawDensityRamp(palette: Palette, pixelRatio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [legendEdge * pixelRatio, 16 * pixelRatio];
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no 2D canvas');
  const ramp = context.createLinearGradient(0, 0, canvas.width, 0);
  for (let step = 0; step <= 8; step++)
    ramp.addColorStop(step / 8, withOpacity(palette.accent, densityOpacity(step / 8, 1)));
  context.fillStyle = palette.map;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = ramp;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas;
}
