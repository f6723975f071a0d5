import type { Geometry } from 'geojson';
import type { ImportRow } from './row.ts';
import { stillPossible, type ValueKind, valueKinds } from './value_kinds.ts';

/** What a first reading of a file tells of one of its fields. */
export interface FieldSurvey {
  readonly name: string;
  /** Rows that say something. */
  filled: number;
  /** Values in the order they came up, at most {@link distinctLimit} of them. */
  readonly distinct: Set<unknown>;
  /** Longest text, in characters. */
  longest: number;
  /** What every single value can be read as. */
  kinds: readonly ValueKind[];
  /** Of each kind that it is not: the first value that is none of it. */
  readonly spoiled: Map<ValueKind, { readonly row: number; readonly value: unknown }>;
}

export interface Survey {
  readonly count: number;
  readonly fields: ReadonlyMap<string, FieldSurvey>;
  /** Rows by type of geometry; `null` for those without. */
  readonly geometries: ReadonlyMap<Geometry['type'] | 'null', number>;
  /** Rows that could not be read at all. */
  readonly faulty: number;
}

/** Enough to see whether a field tells rows apart and what its values are, and no more memory than that. */
export const distinctLimit = 10_000;

const toldEvery = 1_000;

/** Reads all rows once: how many, which fields with what values, which geometries. Broken files end here, before any writing. */
export async function survey(
  rows: AsyncIterable<ImportRow>,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: (read: number) => void } = {},
): Promise<Survey> {
  const fields = new Map<string, FieldSurvey>();
  const geometries = new Map<Geometry['type'] | 'null', number>();
  let count = 0;
  let faulty = 0;
  for await (const row of rows) {
    if (++count % toldEvery === 0) {
      signal?.throwIfAborted();
      onProgress?.(count);
    }
    if (row.fault !== undefined) faulty++;
    else {
      const type = row.geometry?.type ?? 'null';
      geometries.set(type, (geometries.get(type) ?? 0) + 1);
    }
    for (const [name, value] of Object.entries(row.properties)) {
      const field = fields.get(name) ?? unseen(name);
      fields.set(name, field);
      if (value === null || value === undefined || value === '') continue;
      field.filled++;
      if (field.distinct.has(value)) continue;
      if (field.distinct.size < distinctLimit) field.distinct.add(value);
      const { kinds } = field;
      field.kinds = stillPossible(kinds, value);
      if (field.kinds !== kinds)
        for (const kind of kinds) if (!field.kinds.includes(kind)) field.spoiled.set(kind, { row: row.number, value });
      if (typeof value === 'string' && value.length > field.longest) field.longest = value.length;
    }
  }
  onProgress?.(count);
  return { count, fields, geometries, faulty };
}

function unseen(name: string): FieldSurvey {
  return { name, filled: 0, distinct: new Set(), longest: 0, kinds: valueKinds, spoiled: new Map() };
}
