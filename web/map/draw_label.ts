import type Text from 'ol/style/Text.js';
import type { LabelRoom, ScreenBox } from './label_room.ts';

/** Pixels high a line is for each pixel of its letters. */
const lineHeight = 1.2;
/** Widths and half heights of labels, CSS pixels: measuring costs more than all else. A font that arrives makes all labels anew. */
const sizes = new WeakMap<Text, { readonly width: number; readonly half: number }>();

function sizeOf(context: CanvasRenderingContext2D, text: Text, words: string) {
  const known = sizes.get(text);
  if (known) return known;
  const pixels = Number.parseFloat(/([\d.]+)px/.exec(context.font)?.[1] ?? '12');
  const size = { width: context.measureText(words).width, half: (pixels * lineHeight) / 2 };
  sizes.set(text, size);
  return size;
}

/**
 * Writes a label of a symbol at a place (CSS pixels) onto a canvas that is scaled to CSS pixels, if there is room:
 * left-aligned and in the middle of its line, as the map's labels beside symbols are.
 */
export function drawLabel(context: CanvasRenderingContext2D, text: Text, x: number, y: number, room: LabelRoom): void {
  const words = text.getText();
  if (typeof words !== 'string') return;
  context.font = text.getFont() ?? '';
  const [left, middle] = [x + text.getOffsetX(), y + text.getOffsetY()];
  const { width, half } = sizeOf(context, text, words);
  const box: ScreenBox = [left, middle - half, left + width, middle + half];
  if (!room.takeIfFree(box)) return;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = text.getStroke()?.getWidth() ?? 0;
  context.strokeStyle = String(text.getStroke()?.getColor());
  context.fillStyle = String(text.getFill()?.getColor());
  context.strokeText(words, left, middle);
  context.fillText(words, left, middle);
}
