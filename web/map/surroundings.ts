import type { Bbox } from '../../server/registry/catalogue.ts';
import type { Language } from '../i18n/language.ts';
import type { SymbolSheet } from './symbol_sheet.ts';

/** What a style depends on besides the feature. */
export interface Surroundings {
  readonly sheet: SymbolSheet;
  readonly language: Language;
  /** By the server's clock, milliseconds since 1970, moved on every few seconds. */
  readonly now: number;
  /** 1, or more on a wall that is read from afar. */
  readonly scale: number;
  /** Layers beside whose symbols nothing is written. */
  readonly unlabelled: ReadonlySet<string>;
  /** Where layers that are on name their areas, from a zoom on: the background leaves the names there to them. */
  readonly named: readonly { readonly from: number; readonly bbox: Bbox }[];
}
