import type { Bilingual } from './attribute.ts';
import type { Icon } from './icon.ts';
import type { Severity } from './severity.ts';

type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '!' | 'all' | 'any' | 'has' | 'literal' | 'between';

/** An OpenLayers flat-style filter that can only read what the tile carries. */
export type Expression<K extends string = string> =
  | string
  | number
  | boolean
  | readonly ['get' | 'has', K]
  | readonly ['literal', readonly (string | number)[]]
  | readonly [Exclude<Operator, 'literal' | 'has'>, ...Expression<K>[]];

/** A colour by its role in the theme (`web/theme/tokens.css`), so that a rule reads the same on a dark and a light map. */
export type Token = Severity | 'accent' | 'accent-2' | 'info' | 'ink' | 'ink-2' | 'ink-3' | 'line' | 'water';

/**
 * One rule of a layer's style; the rules in their order are its legend.
 * The first rule whose `filter` holds draws the feature; a rule without a filter is "everything else".
 * Points take `severity` (ring and notches), `icon` (unless the layer's or the glyph's), `hollow` (as a dot a mere ring) and
 * `silent` (as what nobody hears of); lines and polygons the strokes and fills.
 */
export interface StyleRule<K extends string = string> {
  readonly label: Bilingual;
  readonly filter?: Expression<K>;
  readonly severity?: Severity;
  readonly icon?: Icon;
  readonly hollow?: true;
  readonly silent?: true;
  readonly stroke?: { readonly color: Token; readonly width: number; readonly dash?: readonly number[] };
  readonly fill?: { readonly color: Token; readonly opacity: number; readonly pattern?: 'hatch' | 'diagonal' };
}
