import type { Palette } from './palette.ts';
import { disc } from './symbol_parts.ts';

/**
 * The small filled disc on the lower right of a symbol: the device does not do what it was asked, its reading is not to
 * be trusted, or what is to be done with it is overdue.
 */
export type Mark = 'fault' | 'doubt' | 'overdue';

/** Radius of a mark in CSS pixels on a symbol of 24. */
const markRadius = 6;

/** Draws a mark on a disc of `radius` around the origin. */
export function drawMark(context: CanvasRenderingContext2D, radius: number, mark: Mark, palette: Palette): void {
  const size = Math.max(1, radius / 12);
  context.save();
  context.translate(radius * 0.72, radius * 0.72);
  context.scale(size, size);
  disc(context, markRadius + 1.25, palette.halo);
  disc(context, markRadius, mark === 'fault' ? palette.warning : mark === 'doubt' ? palette.advisory : palette.ink);
  context.strokeStyle = context.fillStyle = mark === 'overdue' ? palette.surface : palette['on-state'];
  context.lineWidth = 1.6;
  context.lineCap = context.lineJoin = 'round';
  context.beginPath();
  if (mark === 'overdue') {
    context.moveTo(0, -3.4);
    context.lineTo(0, 0);
    context.lineTo(2.4, 1.6);
  } else if (mark === 'fault') {
    context.moveTo(0, -3.2);
    context.lineTo(0, 0.6);
  } else {
    context.arc(0, -1.5, 1.7, -Math.PI, Math.PI / 3);
    context.lineTo(0, 0.9);
  }
  context.stroke();
  if (mark !== 'overdue') {
    context.translate(0, 3.1);
    disc(context, 0.95, palette['on-state']);
  }
  context.restore();
}

/** An arc outside a disc, from its top: minutes left, a full turn an hour. */
export function drawLeft(context: CanvasRenderingContext2D, radius: number, minutes: number, palette: Palette): void {
  for (const [color, width] of [
    [palette.halo, 5],
    [palette.ink, 2.5],
  ] as const) {
    context.beginPath();
    context.arc(0, 0, radius, -Math.PI / 2, -Math.PI / 2 + (minutes / 30) * Math.PI);
    [context.strokeStyle, context.lineWidth] = [color, width];
    context.stroke();
  }
}

/** A dashed ring outside a disc: what was asked of the thing, which has not reported it yet. */
export function drawAsked(context: CanvasRenderingContext2D, radius: number, palette: Palette): void {
  const around = 2 * Math.PI * radius;
  const dashes = Math.round(around / 7);
  context.beginPath();
  context.arc(0, 0, radius, -Math.PI / 2, 1.5 * Math.PI);
  context.strokeStyle = palette.halo;
  context.lineWidth = 4;
  context.stroke();
  context.setLineDash([(around / dashes) * 0.6, (around / dashes) * 0.4]);
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.75;
  context.stroke();
  context.setLineDash([]);
}
