import type { Attribute } from './attribute.ts';
import { textLiteral } from './text_literal.ts';

/** SQL types of attributes, as `format_type` of PostgreSQL spells them. */
export const columnTypes = {
  text: 'text',
  choice: 'text',
  number: 'double precision',
  integer: 'integer',
  boolean: 'boolean',
  instant: 'timestamp with time zone',
  date: 'date',
} as const satisfies Record<Attribute['kind'], string>;

/**
 * SQL column definitions that hold these attributes to what they declare, in their order, for `createLayerTable`.
 * A derived attribute has its type only: how the database keeps it is written by hand in the layer's migration.
 */
export function columnDefinitions(attributes: ReadonlyMap<string, Attribute>): string[] {
  return [...attributes].map(([name, attribute]) => {
    const column = `"${name.replaceAll('"', '""')}"`;
    const check = attribute.derived ? undefined : condition(column, attribute);
    return [
      column,
      columnTypes[attribute.kind],
      ...(attribute.required ? ['not null'] : []),
      ...(check ? [`check (${check})`] : []),
    ].join(' ');
  });
}

function condition(column: string, attribute: Attribute): string | undefined {
  switch (attribute.kind) {
    case 'text':
      return `char_length(${column}) <= ${attribute.maxLength}`;
    case 'choice':
      return `${column} in (${Object.keys(attribute.choices).map(textLiteral).join(', ')})`;
    case 'number':
      // PostgreSQL puts NaN above Infinity, so an upper limit refuses both; the live copy reads NaN as null.
      return range(column, attribute.min ?? "'-1.7976931348623157e308'", attribute.max ?? "'1.7976931348623157e308'");
    case 'integer':
      return range(column, attribute.min, attribute.max);
    case 'instant':
    case 'date':
      return `isfinite(${column})`;
    case 'boolean':
      return undefined;
  }
}

function range(column: string, min?: number | string, max?: number | string): string | undefined {
  if (min !== undefined && max !== undefined) return `${column} between ${min} and ${max}`;
  if (min !== undefined) return `${column} >= ${min}`;
  return max === undefined ? undefined : `${column} <= ${max}`;
}
