import { parseNumber } from './numbers.ts';
import { parseInstant } from './times.ts';

/** What all values of a field may be besides text, the narrowest first. */
export const valueKinds = ['boolean', 'integer', 'number', 'date', 'instant'] as const;
export type ValueKind = (typeof valueKinds)[number];

const tests: Readonly<Record<ValueKind, (value: unknown) => boolean>> = {
  boolean: (value) =>
    typeof value === 'boolean' || (typeof value === 'string' && /^\s*(ya|tidak|yes|no|true|false)\s*$/i.test(value)),
  integer: (value) => isNumber(value) && Number.isInteger(Number(value)) && Math.abs(Number(value)) < 2 ** 31,
  number: isNumber,
  date: (value) => typeof value === 'string' && /^\d{4}[-/]\d{2}[-/]\d{2}$/.test(value) && isInstant(value),
  instant: (value) => typeof value === 'string' && /\d{4}.*\d/.test(value) && isInstant(value),
};

/** Whether a value can be read as of a kind. */
export function isOfKind(kind: ValueKind, value: unknown): boolean {
  return tests[kind](value);
}

/** Those of `kinds` that a value can be. */
export function stillPossible(kinds: readonly ValueKind[], value: unknown): readonly ValueKind[] {
  return kinds.every((kind) => tests[kind](value)) ? kinds : kinds.filter((kind) => tests[kind](value));
}

/** A number as such or as plain text; a leading zero belongs to a code, and a comma needs somebody who knows. */
function isNumber(value: unknown): boolean {
  if (typeof value === 'number') return true;
  if (typeof value !== 'string' || value.includes(',') || /^\s*[+-]?0\d/.test(value)) return false;
  return typeof parseNumber(value, undefined) === 'number';
}

function isInstant(value: string): boolean {
  return typeof parseInstant(value, { timezone: 'UTC', dateOrder: undefined }) === 'string';
}
