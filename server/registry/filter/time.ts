import { z } from 'zod';
import type { Condition } from './condition.ts';
import { type Expression, quoted, refuse } from './expression.ts';

/** A moment or a day as `from ≤ t < to`, milliseconds since 1970. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly day: string | undefined;
}

/** Both ends; null: open. */
interface Interval {
  readonly start: Span | null;
  readonly end: Span | null;
}

const dayMs = 86_400_000;
const isDay = (text: string) => z.iso.date().safeParse(text).success;
const isInstant = (text: string) => z.iso.datetime({ offset: true }).safeParse(text).success;

/**
 * `column <operator> DATE/TIMESTAMP` over an instant column. A date stands for the whole of that day in UTC: `=` is
 * within it, `>` after its end. Fractions finer than a millisecond are cut off, as the live copy keeps milliseconds.
 */
export function compareInstant(column: string, operator: string, value: Expression): Condition {
  const { from, to } = span(value);
  const range = (start: number | null, end: number | null): Condition => ({
    op: 'instant',
    column,
    from: start,
    to: end,
  });
  switch (operator) {
    case '=':
      return range(from, to);
    case '<':
      return range(null, from);
    case '<=':
      return range(null, to);
    case '>':
      return range(to, null);
    default:
      return range(from, null);
  }
}

/** `column <operator> DATE` over a column of days. */
export function compareDay(column: string, operator: string, value: Expression): Condition {
  const { day } = span(value);
  if (day === undefined) throw refuse(value.at, `'${column}' holds days: write DATE('YYYY-MM-DD')`);
  return {
    op: 'day',
    column,
    test: operator === '=' || operator === '<' || operator === '<=' || operator === '>' ? operator : '>=',
    value: day,
  };
}

/** The temporal operators that a single moment or day can be asked. */
export const temporalOperators = ['t_after', 't_before', 't_during', 't_intersects', 't_disjoint', 't_equals'];

/**
 * A temporal operator over an instant column and a date, timestamp or interval. T_DURING leaves out the interval's end
 * points when they are timestamps (Allen's *during*) and takes the whole of both days when they are dates.
 */
export function temporalInstant(op: string, column: string, value: Expression): Condition {
  const { start, end } = interval(value);
  const range = (from: number | null, to: number | null): Condition => ({ op: 'instant', column, from, to });
  const never = range(0, 0);
  switch (op) {
    case 't_after':
      return end ? range(end.to, null) : never;
    case 't_before':
      return start ? range(null, start.from) : never;
    case 't_during':
      if (value.type !== 'interval') throw refuse(value.at, 'T_DURING needs an INTERVAL');
      return range(start && (start.day ? start.from : start.to), end && (end.day ? end.to : end.from));
    case 't_equals':
      if (value.type === 'interval')
        throw refuse(value.at, 'T_EQUALS needs a DATE or TIMESTAMP: a moment never equals an interval');
      return range(start?.from ?? null, end?.to ?? null);
    case 't_disjoint':
      return { op: 'not', arg: range(start?.from ?? null, end?.to ?? null) };
    default:
      return range(start?.from ?? null, end?.to ?? null);
  }
}

/** A temporal operator over a column of days; T_DURING holds on the interval's first and last day too. */
export function temporalDay(op: string, column: string, value: Expression): Condition {
  const { start, end } = interval(value);
  const first = start && dayOf(start, column, value.at);
  const last = end && dayOf(end, column, value.at);
  const test = (operator: '<' | '<=' | '>' | '>=', day: string): Condition => ({
    op: 'day',
    column,
    test: operator,
    value: day,
  });
  const never: Condition = { op: 'and', args: [test('<', '1970-01-01'), test('>', '1970-01-01')] };
  switch (op) {
    case 't_after':
      return last ? test('>', last) : never;
    case 't_before':
      return first ? test('<', first) : never;
    case 't_during':
      if (value.type !== 'interval') throw refuse(value.at, 'T_DURING needs an INTERVAL');
      break;
    case 't_equals':
      if (value.type === 'interval') throw refuse(value.at, 'T_EQUALS needs a DATE: a day never equals an interval');
  }
  const within: Condition = {
    op: 'and',
    args: [...(first ? [test('>=', first)] : []), ...(last ? [test('<=', last)] : [])],
  };
  return op === 't_disjoint' ? { op: 'not', arg: within } : within;
}

function dayOf({ day }: Span, column: string, at: string): string {
  if (day === undefined) throw refuse(at, `'${column}' holds days: write DATE('YYYY-MM-DD')`);
  return day;
}

function interval(value: Expression): Interval {
  if (value.type !== 'interval') {
    const moment = span(value);
    return { start: moment, end: moment };
  }
  const start = bound(value.start);
  const end = bound(value.end);
  if (!start && !end) throw refuse(value.at, 'An interval open at both ends chooses nothing');
  if (start && end && start.from > end.from) throw refuse(value.at, 'The interval ends before it starts');
  return { start, end };
}

function bound(value: Expression): Span | null {
  if (value.type !== 'literal' || typeof value.value !== 'string')
    throw refuse(value.at, "An interval's ends are texts: a date, a timestamp or '..'");
  if (value.value === '..') return null;
  return isDay(value.value) ? daySpan(value.value, value.at) : instantSpan(value.value, value.at);
}

function span(value: Expression): Span {
  if (value.type === 'date') return daySpan(value.value, value.at);
  if (value.type === 'timestamp') return instantSpan(value.value, value.at);
  throw refuse(value.at, "A time is written TIMESTAMP('2026-11-21T07:30:00Z') or DATE('2026-11-21')");
}

function daySpan(text: string, at: string): Span {
  if (!isDay(text) || text < '0001') throw refuse(at, `${quoted(text)} is not a date (YYYY-MM-DD)`);
  const from = Date.parse(`${text}T00:00:00Z`);
  return { from, to: from + dayMs, day: text };
}

function instantSpan(text: string, at: string): Span {
  const from = isInstant(text) && text >= '0001' ? Date.parse(text) : Number.NaN;
  // An offset can carry a time of year 1 before the first day PostgreSQL writes without 'BC'.
  if (!(from >= -62_135_596_800_000))
    throw refuse(at, `${quoted(text)} is not a time with its zone (2026-11-21T07:30:00Z)`);
  return { from, to: from + 1, day: undefined };
}
