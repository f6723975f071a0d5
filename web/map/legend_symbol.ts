import Style from 'ol/style/Style.js';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { StyleRule } from '../../server/registry/style_rule.ts';
import type { Palette } from './palette.ts';
import { symbolForm } from './point_style.ts';
import { ruleStyle } from './shape_style.ts';
import { drawSymbol } from './symbol.ts';

/** Edge of a legend symbol in CSS pixels. */
export const legendEdge = 34;

/**
 * What a rule of a layer looks like, for legends: the same drawing as on the map, in a square of 34 CSS pixels.
 * Without a rule: the layer itself, calm.
 */
export function legendSymbol(
  layer: CatalogueLayer,
  rule: StyleRule | undefined,
  palette: Palette,
  pixelRatio: number,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.round(legendEdge * pixelRatio);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no 2D canvas');
  if (layer.geometry.endsWith('Point')) {
    const look = {
      ...symbolForm(layer, 16, 1),
      icon: rule?.icon ?? layer.icon,
      severity: rule?.severity ?? 'normal',
      freshness: rule?.silent ? 'silent' : 'fresh',
      hollow: rule?.hollow ?? false,
    } as const;
    const put = (symbol: HTMLCanvasElement, middle: number) =>
      context.drawImage(
        symbol,
        Math.round(middle * pixelRatio - symbol.width / 2),
        Math.round((canvas.height - symbol.height) / 2),
      );
    // What is a dot from afar is shown as that too.
    const dot = symbolForm(layer, 0, 1);
    if (dot.form === 'dot') put(drawSymbol({ ...look, ...dot }, palette, pixelRatio), 5.5);
    put(drawSymbol(look, palette, pixelRatio), legendEdge / 2 + (dot.form === 'dot' ? 5 : 0));
    return canvas;
  }
  const drawn = rule ?? layer.style[0];
  const style = drawn ? ruleStyle(drawn, palette, pixelRatio) : new Style();
  const [left, top, width, height] = [5, 9, legendEdge - 10, legendEdge - 18].map((edge) => edge * pixelRatio);
  context.beginPath();
  if (layer.geometry.endsWith('Polygon')) context.rect(left ?? 0, top ?? 0, width ?? 0, height ?? 0);
  else {
    context.moveTo(left ?? 0, canvas.height / 2);
    context.lineTo((left ?? 0) + (width ?? 0), canvas.height / 2);
  }
  const fill = style.getFill()?.getColor();
  if (typeof fill === 'string' || fill instanceof CanvasPattern) {
    context.fillStyle = fill;
    context.fill();
  }
  const stroke = style.getStroke();
  if (stroke) {
    context.strokeStyle = String(stroke.getColor());
    context.lineWidth = (stroke.getWidth() ?? 1) * pixelRatio;
    context.setLineDash((stroke.getLineDash() ?? []).map((dash) => dash * pixelRatio));
    context.stroke();
  }
  return canvas;
}
