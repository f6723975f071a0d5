import type { Reading } from './attribute_groups.ts';

/** A part that somebody told: how many, and of how many where that is known. */
export interface Part {
  readonly key: string;
  readonly attribute: Reading;
  readonly value: number;
  readonly whole: number | undefined;
}

/** The parts that were told, those of one time together, in declared order; none of a whole that is empty. */
export function toldTogether(
  readings: readonly Pick<Part, 'key' | 'attribute'>[],
  properties: Readonly<Record<string, unknown>>,
): Part[][] {
  const groups = new Map<string, Part[]>();
  for (const { key, attribute } of readings) {
    const [value, whole] = [properties[key], properties[attribute.outOf ?? '']];
    if (typeof value !== 'number' || (value === 0 && whole === 0)) continue;
    const of = attribute.observedBy ?? attribute.outOf ?? key;
    groups.set(of, [
      ...(groups.get(of) ?? []),
      { key, attribute, value, whole: typeof whole === 'number' ? whole : undefined },
    ]);
  }
  return [...groups.values()];
}

/** The whole that its parts together exceed; undefined where they do not. What was told is shown all the same. */
export function exceededWhole(parts: readonly Part[]): number | undefined {
  const sums = new Map<string, { sum: number; readonly whole: number }>();
  for (const { attribute, value, whole } of parts) {
    if (attribute.outOf === undefined || whole === undefined) continue;
    sums.set(attribute.outOf, { sum: (sums.get(attribute.outOf)?.sum ?? 0) + value, whole });
  }
  return [...sums.values()].find(({ sum, whole }) => sum > whole)?.whole;
}
