import type { Token } from '../../server/registry/style_rule.ts';

type Name = Token | 'map' | 'surface' | 'raised' | 'on-state' | 'land' | 'halo';

/** The theme's colours as the canvas needs them (`#rrggbb`). */
export type Palette = Readonly<Record<Name, string>> & {
  /** Tells palettes apart in cache keys. */
  readonly id: string;
};

const tokens = [
  ...['normal', 'unknown', 'advisory', 'warning', 'critical'],
  ...['accent', 'accent-2', 'info', 'ink', 'ink-2', 'ink-3', 'line', 'map', 'surface', 'raised', 'on-state'],
] as const;

const channels = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

/** A colour (`#rrggbb`) with an opacity from 0 to 1, as `rgba()`. */
export function withOpacity(color: string, opacity: number): string {
  return `rgba(${channels(color).join(',')},${opacity})`;
}

/** `share` of one colour mixed into another (both `#rrggbb`). */
export function mix(color: string, into: string, share: number): string {
  const base = channels(into);
  const mixed = channels(color).map((channel, index) => Math.round(channel * share + (base[index] ?? 0) * (1 - share)));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** The palette of an element: the CSS variables of `web/theme/tokens.css` that hold there now. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => {
    const value = style.getPropertyValue(`--${name}`).trim();
    // A built stylesheet shortens #ffffff to #fff.
    const long = value.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
    return /^#[0-9a-f]{6}$/i.test(long) ? long : '#808080';
  };
  // `fromEntries` forgets the keys; they are the list above.
  const found = Object.fromEntries(tokens.map((name) => [name, read(name)])) as Record<(typeof tokens)[number], string>;
  return {
    ...found,
    water: found.info,
    land: mix(found.surface, found.map, 0.35),
    halo: found.map,
    id: tokens.map((name) => found[name]).join(''),
  };
}
