import Layer from 'ol/layer/Layer.js';
import type { FrameState } from 'ol/Map.js';
import type Text from 'ol/style/Text.js';
import { drawLabel } from './draw_label.ts';
import { labelRoom } from './label_room.ts';
import type { ShownThings } from './moving_things.ts';
import { zIndexOf } from './z_index.ts';

/** Positions come in at 40 a second; more pictures of them nobody sees. */
const restMs = 50;
/** CSS pixels around the screen in which a symbol may still reach into it. */
const reach = 40;
/** CSS pixels around a symbol's place that a name must not cover. */
const core = 10;

/**
 * A canvas of its own over all other points, for things that move, and over those for what is critical, of whatever layer:
 * drawn with the map, and again without it for things that moved, because the map would draw all its layers for one of
 * them. Nothing moves: nothing is drawn.
 */
export function topCanvas(
  moving: () => readonly ShownThings[],
  alarms: () => readonly ShownThings[],
): {
  readonly layer: Layer;
  /** Draws again soon. */
  readonly redraw: () => void;
} {
  // In an element of its own: onto a bare canvas OpenLayers draws the layers above as well, and unsets its place.
  const element = document.createElement('div');
  element.className = 'map-top';
  const canvas = element.appendChild(document.createElement('canvas'));
  const context = canvas.getContext('2d');
  let last: FrameState | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawnAt = 0;

  function draw(frame: FrameState): HTMLElement {
    last = frame;
    drawnAt = performance.now();
    if (!context) return element;
    const { pixelRatio, size, coordinateToPixelTransform: t, viewState } = frame;
    const [width = 0, height = 0] = size.map((length) => Math.round(length * pixelRatio));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${size[0]}px`;
      canvas.style.height = `${size[1]}px`;
    } else context.clearRect(0, 0, width, height);
    const room = labelRoom(size);
    const labels: { readonly text: Text; readonly x: number; readonly y: number; readonly alpha: number }[] = [];
    const drawThings = ({ of, style: styleFunction, things }: ShownThings, named: boolean) => {
      const alpha = of.drawn.getOpacity();
      context.globalAlpha = alpha;
      for (const { feature, at } of things) {
        const x = t[0]! * at[0] + t[2]! * at[1] + t[4]!;
        const y = t[1]! * at[0] + t[3]! * at[1] + t[5]!;
        if (x < -reach || y < -reach || x > size[0]! + reach || y > size[1]! + reach) continue;
        const made = styleFunction(feature, viewState.resolution);
        for (const style of Array.isArray(made) ? made : made ? [made] : []) {
          const image = style.getImage()?.getImage(pixelRatio);
          if (image) {
            // On whole pixels, so that it stays sharp.
            const [left, top] = [x * pixelRatio - image.width / 2, y * pixelRatio - image.height / 2];
            context.drawImage(image, Math.round(left), Math.round(top));
            room.take([x - core, y - core, x + core, y + core]);
          }
          const text = named && style.getText();
          if (text) labels.push({ text, x, y, alpha });
        }
      }
    };
    for (const of of moving()) drawThings(of, true);
    // What is written beside them is written already, where it belongs.
    for (const of of alarms()) drawThings(of, false);
    // After all symbols, so that none lies over a name; those that were there first keep their names.
    context.save();
    context.scale(pixelRatio, pixelRatio);
    for (const { text, x, y, alpha } of labels) {
      context.globalAlpha = alpha;
      drawLabel(context, text, x, y, room);
    }
    context.restore();
    context.globalAlpha = 1;
    return element;
  }

  const layer = new Layer({ render: (frame) => (frame ? draw(frame) : element), zIndex: zIndexOf('top') });
  return {
    layer,
    redraw() {
      if (timer !== undefined) return;
      timer = setTimeout(
        () =>
          requestAnimationFrame(() => {
            timer = undefined;
            if (last) draw(last);
          }),
        Math.max(0, restMs - (performance.now() - drawnAt)),
      );
    },
  };
}
