import type { Attribute } from './attribute.ts';
import type { CommonColumn } from './layer.ts';
import type { View } from './view.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of one attribute: titles in both languages, unit (`x-ogc-unit`, UCUM), limits, vocabulary. */
export function attributeSchema(attribute: Attribute): JsonSchema {
  const { title, description } = attribute;
  const shared = {
    title: title.id,
    'x-title-en': title.en,
    ...(description && { description: description.id, 'x-description-en': description.en }),
    ...((attribute.derived || attribute.deviceOnly) && { readOnly: true }),
    ...(attribute.serverOnly && { writeOnly: true }),
  };
  switch (attribute.kind) {
    case 'text':
      return {
        ...shared,
        type: 'string',
        maxLength: attribute.maxLength,
        ...(attribute.columns && {
          contentMediaType: 'application/json',
          contentSchema: { type: 'array', items: recordSchema(attribute.columns) },
        }),
      };
    case 'choice':
      return { ...shared, type: 'string', enum: Object.keys(attribute.choices), 'x-choices': attribute.choices };
    case 'number':
    case 'integer': {
      const { unit, min, max } = attribute;
      return {
        ...shared,
        type: attribute.kind,
        ...(unit && { 'x-ogc-unit': unit }),
        ...(min !== undefined && { minimum: min }),
        ...(max !== undefined && { maximum: max }),
      };
    }
    case 'boolean':
      return { ...shared, type: 'boolean' };
    case 'instant':
      return { ...shared, type: 'string', format: 'date-time' };
    case 'date':
      return { ...shared, type: 'string', format: 'date' };
  }
}

function recordSchema(columns: Readonly<Record<string, Attribute>>): JsonSchema {
  const members = Object.entries(columns).map(([key, attribute]) => [key, attributeSchema(attribute)]);
  return { type: 'object', properties: Object.fromEntries(members) };
}

/** The columns every feature shows besides its own attributes (`database/layer_table.ts` makes them). */
export const commonProperties: Readonly<Record<string, Attribute>> = {
  code: { kind: 'text', title: { id: 'Kode', en: 'Code' }, maxLength: 100 },
  agency: { kind: 'text', title: { id: 'Instansi', en: 'Agency' }, maxLength: 100 },
  area_code: { kind: 'text', title: { id: 'Kode wilayah', en: 'Area code' }, maxLength: 13 },
  source: { kind: 'text', title: { id: 'Sumber', en: 'Source' }, maxLength: 200 },
  observed_at: { kind: 'instant', title: { id: 'Diamati', en: 'Observed' } },
  updated_at: { kind: 'instant', title: { id: 'Diperbarui', en: 'Updated' }, derived: true },
  version: { kind: 'integer', title: { id: 'Versi', en: 'Version' }, derived: true },
} satisfies Record<CommonColumn | 'updated_at' | 'version', Attribute>;

/** Everything a view's features can be asked for and chosen by: its attributes and the common columns. */
export function queryables(view: View): ReadonlyMap<string, Attribute> {
  const common = Object.entries(commonProperties).filter(([key]) => view.showsVersions || !countsChanges.has(key));
  return new Map([...common, ...view.attributes]);
}

/** Common columns that tell of every change of a row, also of what a view hides. */
export const countsChanges: ReadonlySet<string> = new Set(['updated_at', 'version']);

/** The JSON Schema (2020-12) of the properties of a view's features. */
export function jsonSchema(view: View): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    title: view.layer.title.id,
    'x-title-en': view.layer.title.en,
    properties: Object.fromEntries([...queryables(view)].map(([key, attribute]) => [key, attributeSchema(attribute)])),
    required: [...view.attributes]
      .filter(([key, attribute]) => attribute.required && !view.masks.has(key))
      .map(([key]) => key),
  };
}
