import type { Attribute } from '../attribute.ts';
import { swapAxes } from '../filter/axes.ts';
import type { Expression } from '../filter/expression.ts';
import { andFilters, type Filter, filterLanguageOf, filterOf, parseFilter } from '../filter/filter.ts';
import { Problem } from '../problem.ts';
import { queryables } from '../schema.ts';
import type { View } from '../view.ts';
import { type Crs, crsOf } from './crs.ts';
import { type Cursor, cursorOf } from './cursor.ts';
import { checkCursor, type Sort, sortOf } from './sort.ts';

/** Features of an answer: unless said otherwise, and at most. */
export const defaultLimit = 100;
export const maxLimit = 10_000;

/** What `/collections/{id}/items` is asked. */
export interface ItemsQuery {
  readonly limit: number;
  readonly cursor: Cursor | undefined;
  /** `bbox`, `datetime`, `filter` and the properties together. */
  readonly filter: Filter | undefined;
  readonly crs: Crs;
  /** Absent: by their ids. */
  readonly sort?: Sort | undefined;
}

/** The parameters that have a meaning of their own; any other is the name of a property. */
export const reserved = [
  'bbox',
  'bbox-crs',
  'datetime',
  'limit',
  'crs',
  'filter',
  'filter-lang',
  'filter-crs',
  'cursor',
  'sortby',
];

/** The parameters of a view's items: the reserved ones and its queryables. */
export function itemsParameters(view: View): string[] {
  return [...reserved, ...propertyParameters(view)];
}

/** The queryables that a parameter can name: an attribute called `limit` is reached by `filter` only. */
export function propertyParameters(view: View): string[] {
  return [...queryables(view).keys()].filter((name) => !reserved.includes(name) && name !== 'f' && name !== 'lang');
}

/** Reads the parameters of a request for items; throws `bad_request` or `bad_filter`, naming the parameter. */
export function itemsQuery(view: View, parameters: ReadonlyMap<string, string>): ItemsQuery {
  const text = parameters.get('cursor');
  const sort = sortOf(view, parameters.get('sortby'));
  const cursor = text === undefined ? undefined : cursorOf(text, sort !== undefined);
  if (sort && cursor) checkCursor(view, sort, cursor);
  return {
    limit: limitOf(parameters.get('limit')),
    cursor,
    sort,
    crs: crsOf(parameters, 'crs'),
    filter: andFilters(
      bboxFilter(view, parameters),
      datetimeFilter(view, parameters.get('datetime')),
      writtenFilter(view, parameters),
      ...[...queryables(view)].map(([name, attribute]) => propertyFilter(view, name, attribute, parameters.get(name))),
    ),
  };
}

/** More than the server gives is cut to what it gives (Part 1, 7.15.2); what is no count is an error. */
function limitOf(text: string | undefined): number {
  if (text === undefined) return defaultLimit;
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new Problem('bad_request', `'limit' is a whole number from 1 to ${maxLimit}.`);
  return Math.min(Number(text), maxLimit);
}

function bboxFilter(view: View, parameters: ReadonlyMap<string, string>): Filter | undefined {
  const crs = crsOf(parameters, 'bbox-crs');
  const text = parameters.get('bbox');
  if (text === undefined) return undefined;
  const at = "parameter 'bbox'";
  const parts = text.split(',');
  const isNumber = (part: string) => /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(part);
  if ((parts.length !== 4 && parts.length !== 6) || !parts.every(isNumber))
    throw new Problem(
      'bad_request',
      "'bbox' is four numbers (or six, with heights): west, south, east, north in degrees.",
    );
  const bbox: Expression = { type: 'bbox', numbers: parts.map(Number), at };
  const given = crs.axes === 'lon-lat' ? bbox : swapAxes(bbox);
  return filterOf(view, meetsOrHasNone('geom', 's_intersects', given));
}

/**
 * The parameters `bbox` and `datetime` match what is not associated with a place or a time, too (Part 1,
 * /req/core/fc-bbox-response and fc-time-response); a `filter` does not.
 */
function meetsOrHasNone(name: string, op: string, value: Expression): Expression {
  const { at } = value;
  const property: Expression = { type: 'property', name, at };
  const meets: Expression = { type: 'call', op, args: [property, value], at };
  return { type: 'call', op: 'or', args: [meets, { type: 'call', op: 'isNull', args: [property], at }], at };
}

/** A moment, or an interval whose ends may be open (`..` or nothing), of `observed_at`, the one time that every layer has. */
function datetimeFilter(view: View, text: string | undefined): Filter | undefined {
  if (text === undefined) return undefined;
  const at = "parameter 'datetime'";
  const [start = '', end, more] = text.split('/');
  if (more !== undefined)
    throw new Problem('bad_request', "'datetime' is a time or start/end, as 2026-11-21T00:00:00Z/.. is.");
  const literal = (value: string): Expression => ({ type: 'literal', value: value === '' ? '..' : value, at });
  const time: Expression =
    end === undefined
      ? { type: start.includes('T') || start.includes('t') ? 'timestamp' : 'date', value: start, at }
      : { type: 'interval', start: literal(start), end: literal(end), at };
  return filterOf(view, meetsOrHasNone('observed_at', 't_intersects', time));
}

function writtenFilter(view: View, parameters: ReadonlyMap<string, string>): Filter | undefined {
  const { axes } = crsOf(parameters, 'filter-crs');
  const language = filterLanguageOf(parameters.get('filter-lang'));
  const text = parameters.get('filter');
  return text === undefined ? undefined : parseFilter(view, text, language, axes);
}

/** `?status=offline`: the property has that value (Part 3, queryables as query parameters). */
function propertyFilter(view: View, name: string, { kind }: Attribute, text: string | undefined): Filter | undefined {
  if (text === undefined || reserved.includes(name)) return undefined;
  const at = `parameter '${name}'`;
  return filterOf(view, {
    type: 'call',
    op: '=',
    args: [{ type: 'property', name, at }, literalOf(kind, text, at)],
    at,
  });
}

function literalOf(kind: Attribute['kind'], text: string, at: string): Expression {
  switch (kind) {
    case 'number':
    case 'integer':
      // What is no number stays a text, and the check says what is wrong with it.
      return { type: 'literal', value: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text, at };
    case 'boolean':
      return { type: 'literal', value: text === 'true' || (text === 'false' ? false : text), at };
    case 'instant':
      return { type: /t/i.test(text) ? 'timestamp' : 'date', value: text, at };
    case 'date':
      return { type: 'date', value: text, at };
    case 'text':
    case 'choice':
      return { type: 'literal', value: text, at };
  }
}
