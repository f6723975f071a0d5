import type { Icon } from '../../server/registry/icon.ts';
import type { Severity } from '../../server/registry/severity.ts';
import { fontFamily } from './label_text.ts';
import { mix, type Palette, withOpacity } from './palette.ts';
import { worstFirst } from './severity.ts';
import { centredCanvas, disc, drawIcon, drawNotches } from './symbol_parts.ts';

/** All that a cluster symbol shows. */
export interface ClusterLook {
  readonly icon: Icon;
  /** Rounded: `47`, `1,2 rb`. */
  readonly label: string;
  /** CSS pixels, see {@link clusterSize}. */
  readonly size: number;
  readonly worst: Severity;
  /** Twelfths of the ring, from the worst; they add up to 12. */
  readonly twelfths: readonly (readonly [Severity, number])[];
  /** The stalest inside is stale or was never observed. */
  readonly stale: boolean;
  /** The quiet form of a background layer: what is normal has no colour. */
  readonly soft: boolean;
  /** Of its letters, as of everything on a wall. */
  readonly scale?: number;
  /** Only the number, where a surface shows how many; dots under it of what is stale. */
  readonly bare?: boolean;
}

const [smallest, largest] = [28, 44];

/** Diameter of a cluster in CSS pixels: 28 to 44, a step for each factor of three, so that sizes (and bitmaps) are few. */
export function clusterSize(count: number): number {
  const step = Math.floor(Math.log(Math.max(1, count)) / Math.log(3));
  return Math.min(largest, smallest + 2 * step);
}

/**
 * The share of each severity in twelfths of the ring, worst first. Whatever is inside gets at least one, so that a
 * single alarm among thousands is seen; the largest share gives the room.
 */
export function twelfths(bySeverity: Readonly<Partial<Record<Severity, number>>>): [Severity, number][] {
  const present = worstFirst.flatMap((severity): [Severity, number][] => {
    const count = bySeverity[severity] ?? 0;
    return count > 0 ? [[severity, count]] : [];
  });
  const total = present.reduce((sum, [, count]) => sum + count, 0);
  const shares = present.map(([severity, count]): [Severity, number] => [
    severity,
    Math.max(1, Math.round((12 * count) / total)),
  ]);
  const largestShare = shares.toSorted(([, a], [, b]) => b - a)[0];
  if (largestShare) largestShare[1] += 12 - shares.reduce((sum, [, share]) => sum + share, 0);
  return shares;
}

/** Equal looks have equal keys: one bitmap each. */
export function clusterKey({ icon, label, size, worst, twelfths, stale, soft, bare }: ClusterLook): string {
  if (bare) return `number/${label}/${size}/${stale}`;
  return `cluster/${icon}/${label}/${size}/${worst}/${twelfths.map((pair) => pair.join('')).join('')}/${stale}/${soft}`;
}

/** Figures of equal width, centred on the origin: the canvas has no `tabular-nums`. How wide it is, CSS pixels. */
function drawLabel(
  context: CanvasRenderingContext2D,
  label: string,
  font: string,
  color: string,
  halo?: string,
): number {
  context.font = font;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  context.fillStyle = color;
  const figure = context.measureText('0').width;
  const widths = [...label].map((character) =>
    /\d/.test(character) ? figure : character === ' ' ? figure * 0.35 : context.measureText(character).width,
  );
  const whole = widths.reduce((sum, width) => sum + width, 0);
  const { actualBoundingBoxAscent: height } = context.measureText('0');
  const write = (put: (character: string, x: number, y: number) => void) => {
    let x = -whole / 2;
    [...label].forEach((character, index) => {
      const width = widths[index] ?? figure;
      put(character, x + width / 2, height / 2);
      x += width;
    });
  };
  if (halo) {
    [context.strokeStyle, context.lineWidth, context.lineJoin] = [halo, 3.5, 'round'];
    write((...at) => context.strokeText(...at));
  }
  write((...at) => context.fillText(...at));
  return whole;
}

/** A number with a halo, larger for more; dots under it where something inside is stale. */
function drawBare(context: CanvasRenderingContext2D, { label, size, stale }: ClusterLook, palette: Palette): void {
  // Next to nothing, so that the whole disc is hit.
  disc(context, size / 2, withOpacity(palette.surface, 0.02));
  const pixels = 4 + size * 0.24;
  const width = drawLabel(
    context,
    label,
    `600 ${pixels}px ${fontFamily}`,
    palette.ink,
    withOpacity(palette.halo, 0.85),
  );
  if (!stale) return;
  const y = pixels * 0.36 + 4;
  context.beginPath();
  context.moveTo(-width / 2 + 1, y);
  context.lineTo(width / 2, y);
  context.setLineDash([0, 4]);
  [context.lineCap, context.lineWidth, context.strokeStyle] = ['round', 2, palette['ink-2']];
  context.stroke();
}

const room = 6;

/** The bitmap of a cluster at a pixel ratio; the cluster's place is its centre. */
export function drawCluster(look: ClusterLook, palette: Palette, pixelRatio: number): HTMLCanvasElement {
  const { icon, label, size, worst, stale, soft, scale = 1 } = look;
  const radius = size / 2;
  const [canvas, context] = centredCanvas(size + 2 * room, pixelRatio);
  if (look.bare) {
    drawBare(context, look, palette);
    return canvas;
  }
  disc(context, radius + 1.5, palette.halo);
  disc(context, radius, palette.surface);
  const width = soft ? 2 : 3.5;
  const gap = look.twelfths.length > 1 ? 0.06 : 0;
  let from = -Math.PI / 2;
  for (const [severity, share] of look.twelfths) {
    const to = from + (share * Math.PI) / 6;
    context.beginPath();
    context.arc(0, 0, radius - width / 2, from + gap / 2, to - gap / 2);
    context.strokeStyle = soft && severity === 'normal' ? mix(palette['ink-3'], palette.map, 0.55) : palette[severity];
    context.lineWidth = width;
    context.stroke();
    from = to;
  }
  if (stale) {
    const dots = Math.round((2 * Math.PI * (radius + 3)) / 5);
    context.beginPath();
    context.arc(0, 0, radius + 3, 0, 2 * Math.PI);
    context.setLineDash([0, (2 * Math.PI * (radius + 3)) / dots]);
    context.lineCap = 'round';
    context.lineWidth = 2;
    context.strokeStyle = palette['ink-3'];
    context.stroke();
    context.setLineDash([]);
    context.lineCap = 'butt';
  }
  drawNotches(context, radius, worst, palette);
  context.save();
  context.translate(0, -radius * 0.36);
  drawIcon(context, icon, radius * 0.62, palette['ink-3']);
  context.restore();
  context.translate(0, radius * 0.3);
  const pixels = (label.length > 5 ? 10 : label.length > 3 ? 11 : 12) * scale;
  drawLabel(context, label, `650 ${pixels}px ${fontFamily}`, soft ? palette['ink-2'] : palette.ink);
  return canvas;
}
