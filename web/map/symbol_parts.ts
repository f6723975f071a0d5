import type { Icon } from '../../server/registry/icon.ts';
import type { Severity } from '../../server/registry/severity.ts';
import type { Freshness } from './freshness.ts';
import { iconPath } from './icon_path.ts';
import type { Palette } from './palette.ts';
import { notches } from './severity.ts';

/** A canvas of `edge` CSS pixels whose origin is its centre. */
export function centredCanvas(edge: number, pixelRatio: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.ceil(edge * pixelRatio);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no 2D canvas');
  context.translate(canvas.width / 2, canvas.height / 2);
  context.scale(pixelRatio, pixelRatio);
  return [canvas, context];
}

/** Fills a disc around the origin. */
export function disc(context: CanvasRenderingContext2D, radius: number, color: string): void {
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
}

/** Diagonal lines over a disc around the origin: "not known". */
export function hatchDisc(context: CanvasRenderingContext2D, radius: number, color: string): void {
  context.save();
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
  context.clip();
  context.beginPath();
  for (let x = -2 * radius; x <= 2 * radius; x += 4) {
    context.moveTo(x - radius, radius);
    context.lineTo(x + radius, -radius);
  }
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}

/** Teeth on top of a ring: one for advisory, two for warning, three for critical. */
export function drawNotches(
  context: CanvasRenderingContext2D,
  radius: number,
  severity: Severity,
  palette: Palette,
): void {
  const count = notches[severity];
  const step = 7 / radius;
  for (let index = 0; index < count; index++) {
    const angle = (index - (count - 1) / 2) * step;
    context.save();
    context.rotate(angle);
    context.beginPath();
    context.moveTo(-2.6, -radius + 1);
    context.lineTo(0, -radius - 3.6);
    context.lineTo(2.6, -radius + 1);
    context.closePath();
    context.lineJoin = 'round';
    context.lineWidth = 1;
    context.strokeStyle = palette.halo;
    context.stroke();
    context.fillStyle = palette[severity];
    context.fill();
    context.restore();
  }
}

/** A ring around the origin whose line tells the age: solid, dashed, dotted; none of what is silent. */
export function drawRing(
  context: CanvasRenderingContext2D,
  radius: number,
  width: number,
  color: string,
  freshness: Freshness,
): void {
  if (freshness === 'silent') return;
  const around = 2 * Math.PI * radius;
  context.beginPath();
  // From the top, so that a dash, not a gap, sits under the notches.
  context.arc(0, 0, radius, -Math.PI / 2, 1.5 * Math.PI);
  if (freshness === 'ageing') context.setLineDash([around / 16, around / 16]);
  if (freshness === 'stale') {
    context.setLineDash([0, around / 14]);
    context.lineCap = 'round';
  }
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
  context.setLineDash([]);
  context.lineCap = 'butt';
}

/** The tail of a speech bubble on the lower left of a disc, to be drawn before it. */
export function drawTail(context: CanvasRenderingContext2D, radius: number, color: string, halo: string): void {
  context.beginPath();
  context.moveTo(-radius * 0.98, radius * 0.1);
  context.lineTo(-radius * 1.02, radius * 1.06);
  context.lineTo(-radius * 0.1, radius * 0.98);
  context.closePath();
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = halo;
  context.stroke();
  context.fillStyle = color;
  context.fill();
}

/** An arrowhead outside a disc, in the direction that the thing is heading; further out where the notches are. */
export function drawHeading(
  context: CanvasRenderingContext2D,
  radius: number,
  degrees: number,
  notched: boolean,
): void {
  const foot = -radius - (notched && Math.abs(((degrees + 180) % 360) - 180) <= 45 ? 4.5 : 1.5);
  context.save();
  context.rotate((degrees * Math.PI) / 180);
  context.beginPath();
  context.moveTo(0, foot - 9.5);
  context.lineTo(6, foot);
  context.lineTo(0, foot - 2);
  context.lineTo(-6, foot);
  context.closePath();
  context.lineJoin = 'round';
  context.stroke();
  context.fill();
  context.restore();
}

/** Draws an icon around the origin, `size` CSS pixels square. */
export function drawIcon(context: CanvasRenderingContext2D, icon: Icon, size: number, color: string): void {
  context.save();
  context.scale(size / 24, size / 24);
  context.translate(-12, -12);
  context.strokeStyle = color;
  context.lineWidth = Math.max(2, 30 / size);
  context.lineCap = context.lineJoin = 'round';
  context.stroke(iconPath(icon));
  context.restore();
}
