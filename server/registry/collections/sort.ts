import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Attribute } from '../attribute.ts';
import { columnTypes } from '../ddl.ts';
import { filterSql, masksOf } from '../filter/filter.ts';
import { Problem } from '../problem.ts';
import { queryables } from '../schema.ts';
import type { View } from '../view.ts';
import { type Cursor, notOurs } from './cursor.ts';

/** By which property features are ordered: what has none comes last, equals are ordered by their ids. */
export interface Sort {
  readonly key: string;
  readonly descending: boolean;
}

/** Letters of a text that decide its place: a cursor carries them. */
const letters = 100;

/** Reads a `sortby` parameter: `name`, `+name` (a space where nobody escaped it) or `-name`. Throws `bad_request`. */
export function sortOf(view: View, text: string | undefined): Sort | undefined {
  if (text === undefined) return undefined;
  const [, sign, key = ''] = /^([-+ ]?)(\w{1,63})$/.exec(text) ?? [];
  if (!queryables(view).has(key))
    throw new Problem(
      'bad_request',
      "'sortby' is one property of the collection, '-' before it for the largest first.",
    );
  return { key, descending: sign === '-' };
}

/** Throws `bad_request` for a cursor whose value no property of that kind can have: the database would stumble over it. */
export function checkCursor(view: View, { key }: Sort, { value }: Cursor): void {
  if (value == null || fits(queryables(view).get(key)!.kind, value)) return;
  throw notOurs();
}

function fits(kind: Attribute['kind'], value: string): boolean {
  switch (kind) {
    case 'text':
      return true;
    case 'choice':
    case 'integer':
      return /^-?\d{1,10}$/.test(value) && Number(value) === (Number(value) | 0);
    case 'number':
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value) && Number.isFinite(Number(value));
    case 'boolean':
      return value === 'true' || value === 'false';
    case 'instant':
      return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(value) && isDay(value);
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(value) && isDay(value);
  }
}

/** Whether the calendar has the day that a text begins with: JavaScript takes 31 February for 3 March. */
function isDay(text: string): boolean {
  const time = Date.parse(text.replace('+00', 'Z').replace(' ', 'T'));
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text.slice(0, 10));
}

/** What rows are ordered by. Texts whatever their capitals, choices as they are declared; what a row hides it has not. */
function sorted(
  view: View,
  { key }: Sort,
): { readonly value: RawBuilder<unknown>; readonly type: RawBuilder<unknown> } {
  const attribute = queryables(view).get(key)!;
  const mask = masksOf(view).get(key);
  const value = ranked(key, attribute);
  return {
    value: mask ? sql`case when ${filterSql(mask)} then ${value} end` : sql`${value}`,
    type: sql.raw(attribute.kind === 'choice' ? 'integer' : columnTypes[attribute.kind]),
  };
}

function ranked(key: string, attribute: Attribute): RawBuilder<unknown> {
  switch (attribute.kind) {
    case 'text':
      return sql`lower(left(${sql.id(key)}, ${sql.lit(letters)}))`;
    case 'choice':
      return sql`array_position(array[${sql.join(Object.keys(attribute.choices).map((value) => sql.lit(value)))}], ${sql.id(key)})`;
    case 'number':
    case 'integer':
    case 'boolean':
    case 'instant':
    case 'date':
      return sql`${sql.id(key)}`;
  }
}

/** The parts of a question that orders rows: its columns, which rows lie beyond the cursor, and the order itself. */
export function ordering(view: View, sort: Sort | undefined, cursor: Cursor | undefined) {
  const back = cursor?.direction === 'before';
  const beyondId = sql<SqlBool>`id ${back ? sql`<` : sql`>`} ${cursor?.id ?? 0}::bigint`;
  const byId = sql`id ${back ? sql`desc` : sql`asc`}`;
  if (!sort) return { column: sql``, beyond: cursor ? beyondId : sql<SqlBool>`true`, by: byId };
  const { value, type } = sorted(view, sort);
  const downwards = sort.descending !== back;
  return {
    // As text, which loses nothing: a Date would lose microseconds.
    column: sql`, (${value})::text as ${sql.id(sortColumn)}`,
    beyond: cursor ? beyond() : sql<SqlBool>`true`,
    by: sql`${value} ${downwards ? sql`desc` : sql`asc`} ${back ? sql`nulls first` : sql`nulls last`}, ${byId}`,
  };

  function beyond(): RawBuilder<SqlBool> {
    const at = cursor?.value ?? null;
    if (at === null) return back ? sql`(${value} is not null or ${beyondId})` : sql`(${value} is null and ${beyondId})`;
    const given = sql`${at}::text::${type}`;
    const past = sql`${value} ${downwards ? sql`<` : sql`>`} ${given}`;
    return sql`(${past} or (${value} = ${given} and ${beyondId})${back ? sql`` : sql` or ${value} is null`})`;
  }
}

/** The column in which a row carries what it is ordered by; no property can be called so. */
export const sortColumn = 'sort?';
