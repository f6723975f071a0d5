import { z } from 'zod';
import { type Attribute, type Bilingual, describe } from '../attribute.ts';
import { filterColumns } from '../filter/columns.ts';
import { masksOf, viewFilter } from '../filter/filter.ts';
import { Problem } from '../problem.ts';
import { commonProperties } from '../schema.ts';
import type { View } from '../view.ts';
import type { Value, Values } from './action.ts';

/** What is wrong with one field; `code` for programs, `limit` in the attribute's unit or in characters. */
export interface FieldError {
  /** JSON Pointer into the body (RFC 6901), as a URI fragment. */
  readonly pointer: string;
  readonly code:
    | 'required'
    | 'unknown'
    | 'read_only'
    | 'type'
    | 'choice'
    | 'format'
    | 'min'
    | 'max'
    | 'length'
    | 'text'
    | 'taken'
    | 'geometry'
    | 'region'
    | 'crossing'
    | 'cut'
    | 'rule';
  readonly detail: string;
  readonly limit?: number;
  /** The same in both languages, where a rule of the layer says it. */
  readonly words?: Bilingual;
}

/** The problem of fields that are not valid, each with its own. */
export function invalid(errors: readonly FieldError[]): Problem {
  const fields = Object.fromEntries(
    errors.map(({ pointer, detail }) => [pointer.replace(/^#\/((input|properties)\/)?/, ''), detail]),
  );
  const detail = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
  return new Problem('invalid_input', detail, fields, { errors });
}

/** The problem of an act that must say why. */
export function reasonMissing(): Problem {
  return invalid([{ pointer: '#/reason', code: 'required', detail: 'must be given' }]);
}

/** Where an input's field stands in the body. */
export function pointerTo(key: string): string {
  return `#/input/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The columns besides the layer's attributes that editing may change, besides the geometry. */
export const editableColumns = ['code', 'agency'] as const;

/** What decides which rows and values of a view its viewer sees: who is kept from something would let himself in by it. */
export function decidingColumns(view: View): ReadonlySet<string> {
  const conditions = [viewFilter(view), ...masksOf(view).values()].filter((each) => each !== undefined);
  return new Set(conditions.flatMap(filterColumns));
}

/**
 * What of a view can be edited: not what the database, a device or an action of its own says, nor tables within a text,
 * nor what decides what this viewer sees.
 */
export function writable(view: View): ReadonlyMap<string, Attribute> {
  const deciding = decidingColumns(view);
  const attributes = [...view.attributes, ...view.writeOnly].filter(
    ([key, attribute]) =>
      !deciding.has(key) &&
      !attribute.derived &&
      !attribute.deviceOnly &&
      !attribute.byAction &&
      !(attribute.kind === 'text' && attribute.columns),
  );
  return new Map([...attributes, ...editableColumns.map((key) => [key, commonProperties[key]!] as const)]);
}

const commonSchemas: Readonly<Record<(typeof editableColumns)[number], z.ZodType>> = {
  code: z.string().max(100).nullable(),
  agency: z.string().max(100).nullable(),
};

/** Schemas of what of a view can be written. */
export function writableShape(view: View): Readonly<Record<string, z.ZodType>> {
  const { shape } = view.layer.attributes;
  return Object.fromEntries(
    [...writable(view).keys()].map((key) => [
      key,
      (shape[key] ?? commonSchemas[key as keyof typeof commonSchemas]) as z.ZodType,
    ]),
  );
}

interface ReadOptions {
  readonly shape: Readonly<Record<string, z.ZodType>>;
  /** Keys that must be there with a value. */
  readonly required: readonly string[];
  /** Of a visible thing, so that its error may say what it is. */
  readonly isReadOnly?: (key: string) => boolean;
}

/** Reads the fields of an input, all their errors with them. A blank text counts as none. */
export function readFields(
  input: Readonly<Record<string, unknown>>,
  { shape, required, isReadOnly = () => false }: ReadOptions,
): { readonly values: Values; readonly errors: readonly FieldError[] } {
  const values: Record<string, Value> = {};
  const errors: FieldError[] = [];
  for (const [key, given] of Object.entries(input)) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    const pointer = pointerTo(key.slice(0, 60));
    if (!schema) {
      errors.push(
        isReadOnly(key)
          ? { pointer, code: 'read_only', detail: 'cannot be written by hand' }
          : { pointer, code: 'unknown', detail: 'is not known here' },
      );
      continue;
    }
    const value = typeof given === 'string' && given.trim() === '' ? null : given;
    if (value === null && required.includes(key)) continue; // told below
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
      errors.push({ pointer, code: 'text', detail: 'holds a character that no text can have' });
    else if (value === null && !required.includes(key)) values[key] = null;
    else {
      const parsed = schema.safeParse(value);
      if (parsed.success)
        values[key] = parsed.data as Value; // attributes are values
      else errors.push(fieldError(pointer, parsed.error.issues[0]!));
    }
  }
  for (const key of required) {
    if (values[key] === undefined && !errors.some(({ pointer }) => pointer === pointerTo(key)))
      errors.push({ pointer: pointerTo(key), code: 'required', detail: 'must be given' });
  }
  return { values, errors };
}

/** The attributes of an action's input, in declared order. */
export function inputAttributes(input: z.ZodObject): ReadonlyMap<string, Attribute> {
  return new Map(Object.entries(input.shape).map(([key, schema]) => [key, describe(schema)]));
}

const formats: Readonly<Record<string, string>> = {
  date: 'a day, YYYY-MM-DD',
  datetime: 'a time with its zone (RFC 3339)',
  email: 'an e-mail address',
};

/** What a schema found wrong with the field that a pointer names. */
export function fieldError(pointer: string, issue: z.core.$ZodIssue): FieldError {
  switch (issue.code) {
    case 'too_big': {
      const limit = Number(issue.maximum);
      const code = issue.origin === 'string' ? 'length' : 'max';
      return { pointer, code, detail: `at most ${limit}${code === 'length' ? ' characters' : ''}`, limit };
    }
    case 'too_small':
      return { pointer, code: 'min', detail: `at least ${issue.minimum}`, limit: Number(issue.minimum) };
    case 'invalid_value':
      return { pointer, code: 'choice', detail: `one of ${issue.values.join(', ')}` };
    case 'invalid_format':
      return { pointer, code: 'format', detail: formats[issue.format] ?? issue.message };
    case 'invalid_type':
      return { pointer, code: 'type', detail: `must be ${issue.expected}` };
    default:
      return { pointer, code: 'rule', detail: issue.message };
  }
}
