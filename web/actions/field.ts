import type { ListedAction } from '../../server/registry/actions/listed.ts';
import type { Bilingual, Choice } from '../../server/registry/attribute.ts';
import type { Value } from '../api/feature.ts';
import { zoneOffset, zoneSuffix } from '../i18n/format.ts';

/** A field of a form, as the JSON Schema of an action describes it. */
export interface Field {
  readonly key: string;
  readonly title: Bilingual;
  readonly description?: Bilingual;
  readonly kind: 'text' | 'choice' | 'number' | 'integer' | 'boolean' | 'instant' | 'date' | 'geometry' | 'cut';
  readonly required: boolean;
  readonly maxLength?: number;
  readonly choices: readonly (readonly [value: string, choice: Choice])[];
  /** UCUM. */
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
}

type Schema = Readonly<Record<string, unknown>>;

/** The fields of an action, in their order. `actions`: all of the layer, for the schema that `create` refers to. */
export function fieldsOf(action: ListedAction, actions: readonly ListedAction[]): readonly Field[] {
  const referred = action.input.$ref === '#edit' ? actions.find(({ name }) => name === 'edit')?.input : undefined;
  const properties: Readonly<Record<string, Schema>> = { ...Object(action.input.properties ?? referred?.properties) };
  const required: readonly unknown[] = Array.isArray(action.input.required) ? action.input.required : [];
  return Object.entries(properties).map(([key, schema]) => fieldOf(key, schema, required.includes(key)));
}

function fieldOf(key: string, schema: Schema, required: boolean): Field {
  const text = (id: unknown, en: unknown): Bilingual => ({ id: String(id ?? key), en: String(en ?? id ?? key) });
  const number = (name: 'minimum' | 'maximum' | 'maxLength', as: 'min' | 'max' | 'maxLength') =>
    typeof schema[name] === 'number' ? { [as]: schema[name] } : {};
  return {
    key,
    title: text(schema.title, schema['x-title-en']),
    ...(schema.description !== undefined && { description: text(schema.description, schema['x-description-en']) }),
    kind: kindOf(schema),
    required,
    choices: Object.entries(Object(schema['x-choices'])),
    ...(typeof schema['x-ogc-unit'] === 'string' && { unit: schema['x-ogc-unit'] }),
    ...{ ...number('minimum', 'min'), ...number('maximum', 'max'), ...number('maxLength', 'maxLength') },
  };
}

function kindOf({ type, format, enum: values, 'x-cuts': cuts }: Schema): Field['kind'] {
  if (cuts === true) return 'cut';
  if (typeof format === 'string' && format.startsWith('geometry')) return 'geometry';
  if (values !== undefined) return 'choice';
  if (format === 'date-time') return 'instant';
  if (format === 'date') return 'date';
  return type === 'number' || type === 'integer' || type === 'boolean' ? type : 'text';
}

/** What stands in a field for a value; instants to the minute, on the room's clock. */
export function draftOf({ kind }: Field, value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (kind !== 'instant') return String(value);
  const time = Date.parse(String(value));
  return new Date(time + zoneOffset(time)).toISOString().slice(0, 16);
}

/** The value of what stands in a field; undefined when it is none. A blank field is null. */
export function meantBy({ kind }: Field, draft: string): Value | undefined {
  const text = draft.trim();
  if (text === '') return null;
  switch (kind) {
    case 'number':
    case 'integer':
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true';
    case 'instant':
      return Number.isNaN(Date.parse(`${text}${zoneSuffix()}`))
        ? undefined
        : new Date(`${text}${zoneSuffix()}`).toISOString();
    default:
      return text;
  }
}

/** What is wrong with a field, before the server is asked; `limit` for the words that name one. */
export type Fault = { readonly code: 'required' | 'type' | 'min' | 'max' | 'length'; readonly limit?: number };

/** Checks what stands in a field as its schema wants it. */
export function faultOf(field: Field, draft: string): Fault | undefined {
  const value = meantBy(field, draft);
  if (value === undefined || (field.kind === 'integer' && typeof value === 'number' && !Number.isInteger(value)))
    return { code: 'type' };
  if (value === null) return field.required ? { code: 'required' } : undefined;
  if (typeof value === 'number' && field.min !== undefined && value < field.min)
    return { code: 'min', limit: field.min };
  if (typeof value === 'number' && field.max !== undefined && value > field.max)
    return { code: 'max', limit: field.max };
  if (typeof value === 'string' && field.maxLength !== undefined && value.length > field.maxLength)
    return { code: 'length', limit: field.maxLength };
  return undefined;
}

/**
 * The fields that are different from what they stood for at first, as values. A time that was only shown to the minute is
 * not changed by being shown.
 */
export function changedValues(
  fields: readonly Field[],
  drafts: Readonly<Record<string, string>>,
  first: Readonly<Record<string, string>>,
): Record<string, Value> {
  const changed = fields.filter(({ key }) => (drafts[key] ?? '') !== (first[key] ?? ''));
  return Object.fromEntries(changed.map((field) => [field.key, meantBy(field, drafts[field.key] ?? '') ?? null]));
}
