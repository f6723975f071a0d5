import type { Attribute } from '../../registry/attribute.ts';
import { type Notation, parseNumber } from './numbers.ts';
import { parseDay, parseInstant, type TimeOptions } from './times.ts';

export interface ConvertOptions extends TimeOptions {
  readonly notation: Notation;
  /** Keep an empty text as one; otherwise it is null, as nothing was said. */
  readonly keepEmpty: boolean;
}

/** What became of a value: it, or why it cannot be stored. */
export type Converted = { readonly value: string | number | boolean | null } | { readonly fault: string };

const nothing: Converted = { value: null };
const words: Readonly<Record<string, boolean>> = {
  ...{ ya: true, y: true, yes: true, true: true, benar: true, ada: true, '1': true, t: true },
  ...{ tidak: false, n: false, no: false, false: false, salah: false, 'tidak ada': false, '0': false, f: false },
};

/** The function that turns a field's values into an attribute's. Zero and false are values; null and blank are null. */
export function converter(attribute: Attribute, options: ConvertOptions): (raw: unknown) => Converted {
  const convert = byKind(attribute, options);
  const { required } = attribute;
  return (raw) => {
    const blank = raw === null || raw === undefined || raw === '' || (typeof raw === 'string' && raw.trim() === '');
    const keep = attribute.kind === 'text' && raw !== null && raw !== undefined && (raw !== '' || options.keepEmpty);
    if (blank && !keep) return required ? { fault: 'is missing' } : nothing;
    return convert(raw);
  };
}

function byKind(attribute: Attribute, options: ConvertOptions): (raw: unknown) => Converted {
  switch (attribute.kind) {
    case 'text':
      return (raw) => text(String(raw), attribute.maxLength);
    case 'choice': {
      const known = spellings(attribute.choices);
      const keys = Object.keys(attribute.choices).join(', ');
      return (raw) => {
        const value = known.get(normal(String(raw)));
        return value === undefined ? { fault: `"${String(raw).slice(0, 40)}" is none of ${keys}` } : { value };
      };
    }
    case 'boolean':
      return (raw) => {
        const value = words[String(raw).trim().toLowerCase()];
        return value === undefined ? { fault: `"${String(raw).slice(0, 40)}" is neither yes nor no` } : { value };
      };
    case 'number':
    case 'integer':
      return (raw) => number(parseNumber(raw, options.notation), attribute);
    case 'instant':
      return (raw) => moment(parseInstant(raw, options));
    case 'date':
      return (raw) => moment(parseDay(raw, options));
  }
}

function text(value: string, maxLength: number): Converted {
  // Characters as PostgreSQL counts them: an emoji is one, not two.
  if (value.length > maxLength && [...value].length > maxLength)
    return { fault: `is longer than ${maxLength} characters` };
  // PostgreSQL has no place for these two in a text.
  if (value.includes('\0')) return { fault: 'holds the character NUL' };
  return value.isWellFormed() ? { value } : { fault: 'holds half a character (a lone surrogate)' };
}

function number(value: number | string, attribute: Attribute & { kind: 'number' | 'integer' }): Converted {
  if (typeof value === 'string') return { fault: value };
  if (attribute.kind === 'integer' && !Number.isInteger(value)) return { fault: `${value} is not a whole number` };
  const {
    min = attribute.kind === 'integer' ? -2147483648 : -Infinity,
    max = attribute.kind === 'integer' ? 2147483647 : Infinity,
  } = attribute;
  return value < min || value > max ? { fault: `${value} is outside ${min} to ${max}` } : { value };
}

function moment(value: string | { fault: string }): Converted {
  return typeof value === 'string' ? { value } : value;
}

/** Key, both titles and the aliases of every choice, without regard to case and punctuation. */
function spellings(choices: (Attribute & { kind: 'choice' })['choices']): ReadonlyMap<string, string> {
  const entries = Object.entries(choices);
  return new Map([
    ...entries.flatMap(([key, { aliases = [] }]) => aliases.map((alias) => [normal(alias), key] as const)),
    ...entries.flatMap(([key, { id, en }]) => [id, en].map((title) => [normal(title), key] as const)),
    ...entries.map(([key]) => [normal(key), key] as const),
  ]);
}

/** Letters and digits only, so that "In Progress", "in_progress" and "IN PROGRESS " are one; a sign before a digit stays. */
export function normal(value: string): string {
  const text = value.normalize('NFKD').trim().toLowerCase();
  const letters = text.replace(/(?!^[-+]\p{N})[^\p{L}\p{N}]/gu, '');
  return letters || text;
}
