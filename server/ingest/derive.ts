import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import { given } from '../database/given.ts';
import { columnTypes } from '../registry/ddl.ts';
import { attributesOf, type Layer } from '../registry/layer.ts';
import type { Seen } from './memory.ts';
import type { Value } from './observation.ts';
import { type Lookup, type Written, windowsOf } from './series_window.ts';
import type { Change } from './write_rows.ts';

/** What was worked out for a row (by id) that only a late reading concerns. */
interface Late {
  readonly id: number;
  readonly values: Readonly<Record<string, Value>>;
}

/**
 * Works out what a layer derives from its series, after that was written. What of it goes onto rows that change anyway
 * is put into `changes`; the rest is for `updateLate`.
 */
export async function derive(
  layer: Layer,
  written: Omit<Written, 'endOf'>,
  changes: Map<number, Change>,
  seen: Seen,
  lookup: Lookup,
): Promise<Late[]> {
  const late: Late[] = [];
  const { derived } = layer;
  if (!derived) return late;
  const endOf: Written['endOf'] = ({ id, at }) => changes.get(id)?.at ?? at;
  const said = [...changes.values()].filter(({ values }) =>
    derived.attributes.some((key) => values[key] !== undefined),
  );
  const others = new Set(said.map(({ id }) => id));
  const { news, readings } = await windowsOf(layer, { ...written, endOf }, others, seen, lookup);
  const attributes = attributesOf(layer);
  for (const [id, own] of readings) {
    const found = within(attributes, derived.work(own));
    const change = changes.get(id);
    if (!change) {
      late.push({ id, values: found });
      continue;
    }
    const values: Record<string, Value> = { ...change.values };
    for (const key of derived.attributes) {
      // Where the server cannot tell, what the device says counts; what an older reading said no longer does.
      const value = found[key] ?? values[key] ?? (news.has(id) ? null : undefined);
      if (value !== undefined) values[key] = value;
    }
    changes.set(id, { ...change, values });
  }
  return late;
}

/** What was worked out, as the attributes allow it: a number outside its limits is none. */
function within(
  attributes: ReturnType<typeof attributesOf>,
  values: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const allowed = Object.entries(values).map(([key, value]) => {
    const attribute = attributes.get(key);
    const { min = -Infinity, max = Infinity } = attribute && 'min' in attribute ? attribute : {};
    return [key, typeof value === 'number' && !(value >= min && value <= max) ? null : value] as const;
  });
  return Object.fromEntries(allowed);
}

/** Updates rows where a late reading makes a difference; nothing newer was observed, so `observed_at` and all else stays. */
export async function updateLate(trx: Transaction<Database>, layer: Layer, late: readonly Late[]): Promise<void> {
  if (late.length === 0) return;
  const attributes = attributesOf(layer);
  const keys = layer.derived?.attributes ?? [];
  const rows = given([
    { name: 'id', type: 'bigint', values: late.map(({ id }) => id) },
    ...keys.map((key) => ({
      name: key,
      type: columnTypes[attributes.get(key)!.kind],
      values: late.map(({ values }) => values[key]),
    })),
  ]);
  const set = keys.map((key) => sql`${sql.ref(key)} = coalesce(given.${sql.ref(key)}, there.${sql.ref(key)})`);
  const differs = keys.map(
    (key) =>
      sql`given.${sql.ref(key)} <> there.${sql.ref(key)} or (given.${sql.ref(key)} is not null and there.${sql.ref(key)} is null)`,
  );
  await sql`update ${sql.table(layer.id)} as there set ${sql.join(set)} from ${rows}
    where there.id = given.id and (${sql.join(differs, sql` or `)})`.execute(trx);
}
