import type { FilterGeometry, LonLat } from './expression.ts';

export type Comparison = '=' | '<' | '<=' | '>' | '>=';
export type SpatialRelation = 'intersects' | 'within' | 'contains';

/**
 * A filter checked against a layer, in the few forms that SQL and the live columns both answer. Every form is true,
 * false, or unknown where the row has null, as in SQL; `<>`, BETWEEN, S_DISJOINT and the like are made of these.
 */
export type Condition =
  | { readonly op: 'and' | 'or'; readonly args: readonly Condition[] }
  | { readonly op: 'not'; readonly arg: Condition }
  | { readonly op: 'constant'; readonly value: boolean }
  /** `term` where `mask` is true; elsewhere what the term says of null: `hidden`, or unknown. */
  | { readonly op: 'masked'; readonly mask: Condition; readonly term: Condition; readonly hidden: true | null }
  | { readonly op: 'null'; readonly column: NullableColumn }
  | { readonly op: 'number'; readonly column: string; readonly test: Comparison; readonly value: number }
  | { readonly op: 'number_in'; readonly column: string; readonly values: readonly number[] }
  | { readonly op: 'boolean'; readonly column: string; readonly value: boolean }
  /** Text by code point, as collation "C" orders it; `fold`: the column's A–Z are read as a–z. */
  | {
      readonly op: 'text';
      readonly column: string;
      readonly fold: boolean;
      readonly test: Comparison;
      readonly value: string;
    }
  | { readonly op: 'text_in'; readonly column: string; readonly fold: boolean; readonly values: readonly string[] }
  /** `%` any text, `_` any one character, `\` takes the next character as itself. */
  | { readonly op: 'like'; readonly column: string; readonly fold: boolean; readonly pattern: string }
  /** `from ≤ instant < to`, milliseconds since 1970; null: open. */
  | { readonly op: 'instant'; readonly column: string; readonly from: number | null; readonly to: number | null }
  /** A calendar day, `YYYY-MM-DD`. */
  | { readonly op: 'day'; readonly column: string; readonly test: Comparison; readonly value: string }
  | { readonly op: 'spatial'; readonly relation: SpatialRelation; readonly geometry: FilterGeometry }
  | {
      readonly op: 'distance';
      readonly test: Exclude<Comparison, '='>;
      readonly point: LonLat;
      readonly metres: number;
    };

/** What IS NULL asks about, and how its column is read. */
interface NullableColumn {
  readonly name: string;
  readonly kind: 'number' | 'text' | 'geometry';
}
