import type { Icon } from '../../server/registry/icon.ts';
import type { Lamp, PointSymbol } from '../../server/registry/point_signs.ts';
import type { Severity } from '../../server/registry/severity.ts';
import { drawHeads, headsReach } from './draw_heads.ts';
import type { Freshness } from './freshness.ts';
import { mix, type Palette, withOpacity } from './palette.ts';
import { notches } from './severity.ts';
import { drawAsked, drawLeft, drawMark, type Mark } from './symbol_marks.ts';
import {
  centredCanvas,
  disc,
  drawHeading,
  drawIcon,
  drawNotches,
  drawRing,
  drawTail,
  hatchDisc,
} from './symbol_parts.ts';

/** All that a point symbol shows. `soft`: the quiet disc of a layer that is only background (businesses). */
export interface SymbolLook {
  readonly icon: Icon;
  readonly severity: Severity;
  readonly freshness: Freshness;
  readonly form: PointSymbol;
  /** Diameter of the disc in CSS pixels. */
  readonly size: number;
  /** Where a disc is heading: degrees clockwise from north. */
  readonly heading?: number | undefined;
  /** It was asked for something that it has not reported yet. */
  readonly asked?: boolean;
  readonly mark?: Mark | undefined;
  /** As a dot a mere ring. */
  readonly hollow?: boolean;
  /** Which lamps burn in its signal heads. */
  readonly heads?: readonly (readonly Lamp[])[] | undefined;
  /** Minutes left of an exception, at most 60. */
  readonly left?: number | undefined;
}

/** Equal looks have equal keys: one bitmap each. */
export function symbolKey(look: SymbolLook): string {
  const { icon, severity, freshness, form, size, heading, asked, mark, hollow, heads, left } = look;
  if (form === 'dot') return `dot/${severity}/${size}/${mark === 'fault'}/${hollow ?? false}`;
  return `${form}/${icon}/${severity}/${freshness}/${size}/${heading ?? ''}/${asked ?? false}/${mark ?? ''}/${heads?.join('|') ?? ''}/${left ?? ''}`;
}

/** Room around the disc for notches and halo, for what was asked, and for the arrow of one that moves, CSS pixels. */
const margin = { still: 5, asked: 8, heading: 16 };

/** The bitmap of a point symbol at a pixel ratio; the point is its centre. */
export function drawSymbol(look: SymbolLook, palette: Palette, pixelRatio: number): HTMLCanvasElement {
  const { icon, severity, freshness, form, size, heading, asked = false, mark, heads, left } = look;
  const radius = size / 2;
  const room = Math.max(
    margin.still,
    heading === undefined ? 0 : margin.heading,
    asked || left !== undefined ? margin.asked : 0,
    heads ? headsReach : 0,
  );
  const [canvas, context] = centredCanvas(size + 2 * room, pixelRatio);
  if (form === 'dot') {
    drawDot(context, look, palette);
    return canvas;
  }
  const hatched = severity === 'unknown' || freshness === 'silent';
  if (form === 'soft') {
    disc(context, radius, withOpacity(palette.surface, 0.92));
    const quiet = severity === 'normal' || severity === 'unknown';
    drawRing(
      context,
      radius - 0.5,
      quiet ? 1 : 2,
      quiet ? mix(palette['ink-3'], palette.map, 0.55) : palette[severity],
      'fresh',
    );
    drawIcon(context, icon, size * 0.62, palette['ink-2']);
    drawNotches(context, radius, severity, palette);
    return canvas;
  }
  if (asked) drawAsked(context, radius + 5, palette);
  if (left !== undefined) drawLeft(context, radius + 5, left, palette);
  disc(context, radius + 1.5, palette.halo);
  if (form === 'bubble') drawTail(context, radius, palette[severity], palette.halo);
  disc(context, radius, palette.surface);
  if (hatched) hatchDisc(context, radius - 3, mix(palette.unknown, palette.surface, 0.45));
  if (freshness === 'silent') drawRing(context, radius - 0.5, 1, palette.unknown, 'fresh');
  drawRing(context, radius - 1.5, 3, palette[severity], freshness);
  drawNotches(context, radius, severity, palette);
  if (heading !== undefined) {
    [context.strokeStyle, context.fillStyle, context.lineWidth] = [palette.halo, palette.ink, 3];
    drawHeading(context, radius, heading, notches[severity] > 0);
  }
  drawIcon(context, icon, size * 0.56, palette.ink);
  if (heads) drawHeads(context, radius, heads, palette);
  if (mark) drawMark(context, radius, mark, palette);
  return canvas;
}

/** What is seen from afar: a dot; a ring of what is unknown or hollow; a diamond of what is wrong, so that colour is not alone. */
function drawDot(context: CanvasRenderingContext2D, look: SymbolLook, palette: Palette): void {
  const { severity, size, mark, hollow = false } = look;
  const radius = size / 2;
  if (notches[severity] > 0 || mark === 'fault') {
    const color = palette[notches[severity] > 0 ? severity : 'warning'];
    context.rotate(Math.PI / 4);
    for (const [edge, fill] of [
      [size + 2.5, palette.halo],
      [size, color],
    ] as const) {
      context.fillStyle = fill;
      context.fillRect(-edge / 2, -edge / 2, edge, edge);
    }
    return;
  }
  disc(context, radius + 1.5, palette.halo);
  const isRing = hollow || severity === 'unknown';
  disc(context, radius, isRing ? palette.surface : palette[severity]);
  if (isRing) drawRing(context, radius - 0.75, 1.5, palette[severity], 'fresh');
}
