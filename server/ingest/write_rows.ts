import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import { arrayText, type GivenColumn, given, instantOf, millisecondsOf } from '../database/given.ts';
import { areaCodeOf } from '../registry/areas.ts';
import { columnTypes } from '../registry/ddl.ts';
import { attributesOf, type Layer } from '../registry/layer.ts';
import type { Observation, Value } from './observation.ts';

/** A row as it is, locked until the transaction ends. */
export interface Known {
  readonly id: number;
  /** `observed_at` in milliseconds since 1970; null: never. */
  readonly at: number | null;
  /** The values that partial observations of the same moment are compared with. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a row becomes: the newest of everything that was seen, in the order it was seen. */
export interface Change {
  readonly id: number;
  readonly at: number;
  readonly values: Readonly<Record<string, Value>>;
  readonly position: Observation['position'];
}

/** Reads and locks the rows with these codes, always in the same order, so that two writers never wait for each other. */
export async function lockRows(
  trx: Transaction<Database>,
  layer: Layer,
  codes: readonly string[],
  columns: readonly string[],
): Promise<Map<string, Known>> {
  const values = columns.map((column) => sql`, ${sql.ref(column)}`);
  // "= any", which only a B-tree can answer: of a subquery the planner at times asks the trigram index, ten times slower.
  const { rows } = await sql<{ code: string; id: number; at: number | null } & Record<string, unknown>>`
    select code, id, ${millisecondsOf(sql.ref('observed_at'))} as at ${sql.join(values, sql``)}
    from ${sql.table(layer.id)} where code = any(${arrayText(codes)}::text::text[])
    order by id for no key update`.execute(trx);
  // Microseconds, where somebody else wrote the row, are no news.
  return new Map(rows.map(({ code, id, at, ...values }) => [code, { id, at: at && Math.floor(at), values }]));
}

/** Makes the rows of things nobody entered, of the agency whose key tells of them, still without anything observed. */
export async function insertRows(
  trx: Transaction<Database>,
  layer: Layer,
  observations: readonly Observation[],
): Promise<void> {
  const name = attributesOf(layer).get(layer.name);
  const maxLength = name?.kind === 'text' ? name.maxLength : 0;
  const made = [...new Map(observations.map((each) => [each.code, each])).values()];
  const rows = given([
    { name: 'code', type: 'text', values: made.map(({ code }) => code) },
    {
      name: 'name',
      type: 'text',
      values: made.map(({ code, values }) => values[layer.name] ?? code.slice(0, maxLength)),
    },
    { name: 'source', type: 'text', values: made.map(({ source }) => source ?? 'device') },
    { name: 'agency', type: 'text', values: made.map(({ agency }) => agency ?? null) },
  ]);
  await sql`insert into ${sql.table(layer.id)} (code, ${sql.ref(layer.name)}, source, agency)
    select code, name, source, agency from ${rows} order by code on conflict (code) where code is not null do nothing`.execute(
    trx,
  );
}

/** One statement for all changes, whatever each of them speaks of; the rows are locked. */
export async function updateRows(trx: Transaction<Database>, layer: Layer, changes: readonly Change[]): Promise<void> {
  if (changes.length > 0) await updateOf(layer, changes).execute(trx);
}

/** What must be true of a row for it to be changed: SQL about `there` and a column of `given`. */
export interface Proof {
  readonly column: GivenColumn;
  readonly holds: RawBuilder<unknown>;
}

/** The statement that changes rows, as far as the proofs hold; it tells how many that were. */
export function updateOf(layer: Layer, changes: readonly Change[], proofs: readonly Proof[] = []): RawBuilder<unknown> {
  const attributes = attributesOf(layer);
  const { link } = layer;
  const columns: GivenColumn[] = [
    { name: 'id', type: 'bigint', values: changes.map(({ id }) => id) },
    { name: 'at', type: 'bigint', values: changes.map(({ at }) => at) },
    ...proofs.map(({ column }) => column),
  ];
  const set = [
    // As the trigger `touch` would, which then is not called.
    sql`version = there.version + 1, updated_at = now()`,
    // A partial observation of the moment that the row shows leaves its microseconds.
    sql`observed_at = greatest(there.observed_at, ${instantOf(sql.ref('given.at'))})`,
  ];
  const said = new Set(changes.flatMap(({ values }) => Object.keys(values)));
  for (const column of [...said].toSorted()) {
    const [name, untouched] = [sql.ref(column), sql.id('given', `${column}?`)];
    const value = sql`given.${name}`;
    columns.push({
      name: column,
      type: columnTypes[attributes.get(column)!.kind],
      values: changes.map(({ values }) => values[column] ?? null),
    });
    if (changes.every(({ values }) => values[column] !== undefined)) set.push(sql`${name} = ${value}`);
    else {
      columns.push({
        name: `${column}?`,
        type: 'boolean',
        values: changes.map(({ values }) => values[column] === undefined),
      });
      const otherwise = (column === link?.attribute && backOnline(layer)) || sql`there.${name}`;
      set.push(sql`${name} = case when ${untouched} then ${otherwise} else ${value} end`);
    }
  }
  const online = backOnline(layer);
  if (link && online && !said.has(link.attribute)) set.push(sql`${sql.ref(link.attribute)} = ${online}`);
  if (changes.some(({ position }) => position)) {
    for (const [i, name] of ['lon', 'lat'].entries())
      columns.push({ name, type: 'float8', values: changes.map(({ position }) => position?.[i] ?? null) });
    const place = sql`coalesce(st_setsrid(st_makepoint(given.lon, given.lat), 4326), there.geom)`;
    // A thing with a fixed place is put there by people; a device may only say where one is that nobody placed, and so in
    // which area it lies. What moves lies in none for long.
    const placed = sql`case when there.geom is null then ${place} else there.geom end`;
    const area = sql`case when there.geom is null and there.area_code is null then ${areaCodeOf(place)} else there.area_code end`;
    set.push(layer.moving ? sql`geom = ${place}` : sql`geom = ${placed}, area_code = ${area}`);
  }
  const where = [sql`there.id = given.id`, ...proofs.map(({ holds }) => holds)];
  return sql`update ${sql.table(layer.id)} as there set ${sql.join(set)} from ${given(columns)}
    where ${sql.join(where, sql` and `)}`;
}

/** What the attribute of a layer's link becomes when its device is heard of again; undefined: what it was. */
function backOnline({ link }: Layer): RawBuilder<unknown> | undefined {
  if (!link?.online) return undefined;
  const { attribute, offline, from, online } = link;
  const was = sql.ref(`there.${attribute}`);
  return from ? sql`case when ${was} = ${offline} then ${online} else ${was} end` : sql`${online}::text`;
}

/** Marks things as cut off whose device's connection broke. */
export async function writeOffline(trx: Transaction<Database>, layer: Layer, codes: readonly string[]): Promise<void> {
  if (layer.link && codes.length > 0)
    await cutOff(layer.id, layer.link, sql`there.code = any(${arrayText(codes)}::text::text[])`).execute(trx);
}

/** The statement that marks as cut off what `which` holds for (SQL about `there`); nothing was observed, so `observed_at` stays. */
export function cutOff(
  id: string,
  { attribute, offline, from }: NonNullable<Layer['link']>,
  which: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const was = sql.ref(`there.${attribute}`);
  const isOnline = from ? sql`${was} in (${sql.join(from)})` : sql`${was} is distinct from ${offline}`;
  // The condition stands twice: whoever held the row may have heard of the device meanwhile.
  return sql`with locked as (
      select id from ${sql.table(id)} as there where ${which} and ${isOnline}
      order by id for no key update)
    update ${sql.table(id)} as there set ${sql.ref(attribute)} = ${offline}
    from locked where there.id = locked.id and ${which} and ${isOnline}`;
}
