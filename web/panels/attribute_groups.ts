import type { Attribute } from '../../server/registry/attribute.ts';

export type Reading = Extract<Attribute, { kind: 'number' | 'integer' }> & { readonly unit: string };

/** Whether an attribute is a calendar year (years that cannot begin before 1000), which is not a quantity of years. */
export function isCalendarYear(attribute: Attribute): boolean {
  return attribute.kind === 'integer' && attribute.unit === 'a' && (attribute.min ?? 0) >= 1000;
}

/** Whether an attribute is a measurement or a count: a number with a unit. The rest are details. */
export function isReading(attribute: Attribute): attribute is Reading {
  if (attribute.kind !== 'number' && attribute.kind !== 'integer') return false;
  return attribute.unit !== undefined && !isCalendarYear(attribute);
}

/** Attributes that are shown beside a reading: when it was observed, and what it is a part of. */
export function besideReadings(attributes: Readonly<Record<string, Attribute>>): ReadonlySet<string> {
  return new Set(
    Object.values(attributes).flatMap((attribute) =>
      isReading(attribute) ? [attribute.observedBy, attribute.outOf].filter((key) => key !== undefined) : [],
    ),
  );
}

type Table = Extract<Attribute, { kind: 'text' }> & { readonly columns: Readonly<Record<string, Attribute>> };

/** Whether an attribute is a list of records, which is shown as a table. */
export function isTable(attribute: Attribute): attribute is Table {
  return attribute.kind === 'text' && attribute.columns !== undefined;
}
