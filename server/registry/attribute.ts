import { z } from 'zod';
import type { Icon } from './icon.ts';
import type { Severity } from './severity.ts';

/** A text in the two languages of the product, Indonesian first. */
export interface Bilingual {
  readonly id: string;
  readonly en: string;
}

/** One value of a closed vocabulary. */
export interface Choice extends Bilingual {
  readonly severity?: Severity;
  /** What it looks like, where the layer's points show it (`glyph`). */
  readonly icon?: Icon;
  /** The thing says nothing: its symbol has no ring, however young the observation that says so. */
  readonly silent?: true;
  /** Where what it is the trend of is going. */
  readonly arrow?: '↑' | '→' | '↓';
  /** Other spellings the outside world uses, in lower case: an import understands them besides the key and the titles. */
  readonly aliases?: readonly string[];
}

interface Described {
  readonly title: Bilingual;
  readonly description?: Bilingual;
  /** Kept by the database (generated column or trigger): shown and filtered, never written. */
  readonly derived?: boolean;
  /** Only a device or our own probe says it: shown and filtered, left alone by forms and imports. */
  readonly deviceOnly?: boolean;
  /** People change it by the layer's own actions, never by editing: each change has its meaning. */
  readonly byAction?: boolean;
  /** Whoever reads it is written down in the audit trail. */
  readonly sensitive?: boolean;
  /** It leaves the server in no output, for nobody: who may see all of a row may write it. For what holds a password. */
  readonly serverOnly?: boolean;
  /** The database refuses a row without it. */
  readonly required?: boolean;
}

/** What is known of a number, some of it by other attributes of the layer, named here. */
interface Measured extends Described {
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** The choice that says where it is going, by the arrows of its values. */
  readonly trend?: string;
  /** The choice that says whether to trust it: not, where its value has a severity above normal. */
  readonly quality?: string;
  /** The instant at which it was observed, where that is not when the rest was. */
  readonly observedBy?: string;
  /** The number that it is a part of, as the free beds are of all. */
  readonly outOf?: string;
}

/**
 * What an attribute is, as plain data, so that layers made at run time are stored in the same shape.
 * `unit` is a UCUM code (`cm`, `km/h`, `%`, `{bed}`); limits are inclusive, in that unit.
 */
export type Attribute =
  | (Described & {
      readonly kind: 'text';
      readonly maxLength: number;
      /** The text is a JSON list of objects with these members (`records`): a table in the inspector. */
      readonly columns?: Readonly<Record<string, Attribute>>;
    })
  | (Described & { readonly kind: 'choice'; readonly choices: Readonly<Record<string, Choice>> })
  | (Measured & { readonly kind: 'number' })
  | (Measured & { readonly kind: 'integer' })
  | (Described & { readonly kind: 'boolean' })
  | (Described & { readonly kind: 'instant' })
  | (Described & { readonly kind: 'date' });

type AttributeOf<K extends Attribute['kind']> = Extract<Attribute, { kind: K }>;

/** Where a schema's description is kept: the Zod object of a layer is the one source of all that is known of it. */
const descriptions = z.registry<Attribute>();

/** The description of an attribute's schema; throws when the schema was not made by this file. */
export function describe(schema: z.core.$ZodType): Attribute {
  const found = descriptions.get(schema);
  if (!found) throw new TypeError('an attribute must be made by server/registry/attribute.ts');
  return found;
}

type Options<K extends Attribute['kind']> = Omit<
  AttributeOf<K>,
  'kind' | 'title' | 'choices' | 'unit' | 'maxLength' | 'columns'
>;
type Optional<T extends z.ZodType, O> = O extends { readonly required: true } ? T : z.ZodNullable<T>;

function finish<T extends z.ZodType, O>(schema: T, attribute: Attribute): Optional<T, O> {
  // The conditional type mirrors this branch; TypeScript cannot relate the two.
  const result = (attribute.required ? schema : schema.nullable()) as Optional<T, O>;
  descriptions.add(result, attribute);
  return result;
}

/** Free text of at most `maxLength` characters (200 unless said otherwise). */
export function text<const O extends Options<'text'> & { readonly maxLength?: number }>(title: Bilingual, options?: O) {
  const maxLength = options?.maxLength ?? 200;
  return finish<z.ZodString, O>(z.string().max(maxLength), { kind: 'text', title, ...options, maxLength });
}

/** A list of objects as JSON text of at most `maxLength` characters, each with these members or null: shown as a table. */
export function records<const O extends Options<'text'>>(
  title: Bilingual,
  columns: Readonly<Record<string, Attribute>>,
  maxLength: number,
  options?: O,
) {
  return finish<z.ZodString, O>(z.string().max(maxLength), { kind: 'text', title, ...options, maxLength, columns });
}

/** One value of a closed vocabulary, stored as its key. */
export function choice<const C extends Readonly<Record<string, Choice>>, const O extends Options<'choice'>>(
  title: Bilingual,
  choices: C,
  options?: O,
) {
  const entries = Object.fromEntries(Object.keys(choices).map((key) => [key, key])) as { [K in keyof C & string]: K };
  return finish<z.ZodEnum<{ [K in keyof C & string]: K }>, O>(z.enum(entries), {
    kind: 'choice',
    title,
    choices,
    ...options,
  });
}

/** A measured number in a UCUM unit. */
export function quantity<const O extends Options<'number'>>(title: Bilingual, unit: string, options?: O) {
  const schema = z
    .number()
    .min(options?.min ?? -Number.MAX_VALUE)
    .max(options?.max ?? Number.MAX_VALUE);
  return finish<z.ZodNumber, O>(schema, { kind: 'number', title, unit, ...options });
}

/** A counted whole number (32 bits); `unit` is what is counted, as a UCUM annotation (`{bed}`), or a unit proper. */
export function integer<const O extends Options<'integer'>>(title: Bilingual, unit?: string, options?: O) {
  const schema = z
    .int()
    .min(options?.min ?? -2147483648)
    .max(options?.max ?? 2147483647);
  return finish<z.ZodInt, O>(schema, { kind: 'integer', title, ...(unit && { unit }), ...options });
}

/** Yes or no. */
export function flag<const O extends Options<'boolean'>>(title: Bilingual, options?: O) {
  return finish<z.ZodBoolean, O>(z.boolean(), { kind: 'boolean', title, ...options });
}

/** A moment, RFC 3339 with zone. */
export function instant<const O extends Options<'instant'>>(title: Bilingual, options?: O) {
  return finish<z.ZodISODateTime, O>(z.iso.datetime({ offset: true }), { kind: 'instant', title, ...options });
}

/** A calendar day, `YYYY-MM-DD`. */
export function date<const O extends Options<'date'>>(title: Bilingual, options?: O) {
  return finish<z.ZodISODate, O>(z.iso.date(), { kind: 'date', title, ...options });
}

/** The schema of a stored description: how a layer born at run time becomes the same kind of thing as a layer file. */
export function fromDescription(attribute: Attribute): z.ZodType {
  switch (attribute.kind) {
    case 'text':
      return attribute.columns
        ? records(attribute.title, attribute.columns, attribute.maxLength, attribute)
        : text(attribute.title, attribute);
    case 'choice':
      return choice(attribute.title, attribute.choices, attribute);
    case 'number':
      return quantity(attribute.title, attribute.unit ?? '1', attribute);
    case 'integer':
      return integer(attribute.title, attribute.unit, attribute);
    case 'boolean':
      return flag(attribute.title, attribute);
    case 'instant':
      return instant(attribute.title, attribute);
    case 'date':
      return date(attribute.title, attribute);
  }
}
