import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import type { StyleFunction } from 'ol/style/Style.js';
import Style from 'ol/style/Style.js';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { StyleRule } from '../../server/registry/style_rule.ts';
import { condition } from './expression.ts';
import { propertiesOf } from './feature_hit.ts';
import { type Palette, withOpacity } from './palette.ts';
import type { Surroundings } from './surroundings.ts';

/** Spacing of pattern lines in CSS pixels: a divisor of the tile, so that the pattern runs on across its edges. */
const spacing = 8;

function pattern(
  kind: 'hatch' | 'diagonal',
  color: string,
  ground: string,
  pixelRatio: number,
): CanvasPattern | string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.round(spacing * pixelRatio);
  const context = canvas.getContext('2d');
  if (!context) return ground;
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(canvas.width / spacing, canvas.height / spacing);
  context.beginPath();
  // A line through the tile and its two neighbours' corners, so that the repeated squares join.
  for (const shift of [-spacing, 0, spacing]) {
    context.moveTo(shift - 1, spacing + 1);
    context.lineTo(shift + spacing + 1, -1);
    if (kind === 'hatch') {
      context.moveTo(shift - 1, -1);
      context.lineTo(shift + spacing + 1, spacing + 1);
    }
  }
  context.strokeStyle = color;
  context.lineWidth = kind === 'diagonal' ? 1.6 : 0.8;
  context.stroke();
  return context.createPattern(canvas, 'repeat') ?? ground;
}

/** The stroke and fill of one rule in the colours of a palette. */
export function ruleStyle(rule: StyleRule, palette: Palette, pixelRatio: number): Style {
  const { stroke, fill, severity } = rule;
  const style = new Style();
  if (fill) {
    const color = palette[fill.color];
    style.setFill(
      new Fill({
        color: fill.pattern
          ? pattern(
              fill.pattern,
              withOpacity(color, Math.min(1, fill.opacity * 1.8)),
              withOpacity(color, fill.opacity * 0.4),
              pixelRatio,
            )
          : withOpacity(color, fill.opacity),
      }),
    );
  }
  // A rule that says only how bad it is still has to be seen.
  const line = stroke ?? (fill ? undefined : { color: severity ?? ('ink-2' as const), width: 2 });
  if (line) {
    style.setStroke(
      new Stroke({
        color: palette[line.color],
        width: line.width,
        lineJoin: 'round',
        ...(line.dash ? { lineDash: [...line.dash], lineCap: 'butt' as const } : { lineCap: 'round' as const }),
      }),
    );
  }
  return style;
}

/**
 * Neighbours share their border, and two dashed lines on one another make a full one: each covers what its neighbour
 * drew there before it draws its own dashes.
 */
function withCover(style: Style, layer: CatalogueLayer, palette: Palette): Style[] {
  const stroke = style.getStroke();
  if (!stroke?.getLineDash() || style.getFill() || !layer.geometry.endsWith('Polygon')) return [style];
  const width = stroke.getWidth() ?? 1;
  return [new Style({ stroke: new Stroke({ color: palette.halo, width, lineJoin: 'round' }) }), style];
}

/** The style of a line or polygon layer: the strokes and fills of the first rule that holds, in the theme's colours. */
export function shapeStyle(layer: CatalogueLayer, surroundings: () => Surroundings): StyleFunction {
  const holds = layer.style.map((rule) => condition(rule.filter));
  let styles: Style[][] = [];
  let stylesOf: Surroundings['sheet'] | undefined;
  return (feature) => {
    const { sheet } = surroundings();
    if (stylesOf !== sheet) {
      styles = layer.style.map((rule) =>
        withCover(ruleStyle(rule, sheet.palette, sheet.pixelRatio), layer, sheet.palette),
      );
      stylesOf = sheet;
    }
    const properties = propertiesOf(feature);
    return styles[holds.findIndex((test) => test(properties))];
  };
}
