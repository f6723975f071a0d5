import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { Problem } from '../problem.ts';
import { queryables } from '../schema.ts';
import { type View, wholeView } from '../view.ts';
import { type Axes, swapAxes } from './axes.ts';
import { check } from './check.ts';
import type { Condition } from './condition.ts';
import { type Expression, ownLimits } from './expression.ts';
import { readJson } from './json.ts';
import { filterSql } from './sql.ts';
import { readText } from './text.ts';

export { filterPredicate } from './predicate.ts';
export { filterSql } from './sql.ts';

/** A choice of a layer's rows, checked and ready for `filterSql` and `filterPredicate`. */
export interface Filter {
  readonly condition: Condition;
}

/** How a filter is written; `filter-lang` of OGC API – Features, Part 3. */
const filterLanguages = ['cql2-text', 'cql2-json'] as const;
export type FilterLanguage = (typeof filterLanguages)[number];

/** The language of a `filter-lang` parameter, CQL2 text when it is absent. Throws `bad_request` for others. */
export function filterLanguageOf(given: string = 'cql2-text'): FilterLanguage {
  const language = filterLanguages.find((each) => each === given);
  if (!language) throw new Problem('bad_request', `'filter-lang' can be ${filterLanguages.join(' or ')}.`);
  return language;
}

/**
 * Reads a CQL2 filter (OGC 21-065r2) over what a view shows: its queryables and its geometry `geom`. Throws
 * `bad_filter`, saying what and where, for anything that is not understood in full. What is supported: `docs/adr/0001-cql2.md`.
 */
export function parseFilter(view: View, source: string, language: FilterLanguage, axes: Axes = 'lon-lat'): Filter {
  const expression = language === 'cql2-text' ? readText(source) : readJson(source);
  return filterOf(view, axes === 'lon-lat' ? expression : swapAxes(expression));
}

/** The filter of an expression that came in parts, as the parameters of a URL. Throws `bad_filter`. */
export function filterOf(view: View, expression: Expression): Filter {
  const { id, geometry } = view.layer;
  const masks = new Map([...masksOf(view)].map(([key, { condition }]) => [key, condition]));
  return { condition: check(expression, { layer: id, geometry, attributes: queryables(view), masks }) };
}

/** Where the attributes show that some rows of a view hide. Every output that reads such an attribute must ask. */
export function masksOf(view: View): ReadonlyMap<string, Filter> {
  const parsed = masks.get(view) ?? new Map([...view.masks].map(([key, text]) => [key, ofWhole(view, text)]));
  masks.set(view, parsed);
  return parsed;
}
const masks = new WeakMap<View, ReadonlyMap<string, Filter>>();

/**
 * The rows of a view's layer that its viewer may see at all, if not every one. Every output joins it to what it was asked;
 * it may read attributes that the view itself hides.
 */
export function viewFilter(view: View): Filter | undefined {
  if (view.where === undefined) return undefined;
  const parsed = wheres.get(view) ?? ofWhole(view, view.where);
  wheres.set(view, parsed);
  return parsed;
}
const wheres = new WeakMap<View, Filter>();

/** Whether a row of the layer's table is one that the view shows, as SQL over its columns by unqualified names. */
export function rowsOf(view: View): RawBuilder<SqlBool> {
  return filterSql(viewFilter(view));
}

/**
 * SQL to follow other columns: for each attribute that some rows hide, a column that says whether this row shows it.
 * What was selected with them, {@link hiddenIn} reads.
 */
export function maskColumns(view: View): RawBuilder<unknown> {
  const columns = [...masksOf(view)].map(
    ([key, mask]) => sql`, coalesce(${filterSql(mask)}, false) as ${sql.id(`${key}?`)}`,
  );
  return sql.join(columns, sql``);
}

/** The attributes that a row hides, which was selected with {@link maskColumns}. */
export function hiddenIn(view: View, row: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  return new Set([...view.masks.keys()].filter((key) => row[`${key}?`] !== true));
}

/** A condition of the layer itself, which may read what the view hides. */
function ofWhole({ layer }: View, text: string): Filter {
  return filterOf(wholeView(layer), readText(text, ownLimits));
}

/** All of the filters at once; undefined when there is none. */
export function andFilters(...filters: readonly (Filter | undefined)[]): Filter | undefined {
  const there = filters.filter((filter) => filter !== undefined);
  return there.length < 2 ? there[0] : { condition: { op: 'and', args: there.map(({ condition }) => condition) } };
}

/** A text that equal filters share however they were written: for keys of caches and ETags. */
export function filterKey(filter: Filter | undefined): string {
  return filter ? JSON.stringify(filter.condition) : '';
}
