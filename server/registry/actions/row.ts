import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/connect.ts';
import { columnTypes } from '../ddl.ts';
import { hiddenIn, maskColumns, rowsOf } from '../filter/filter.ts';
import { attributesOf, type Layer } from '../layer.ts';
import type { View } from '../view.ts';
import type { Value, Values } from './action.ts';
import type { Whose } from './may.ts';

/** A feature as it is stored. */
export interface StoredRow extends Whose {
  readonly id: number;
  readonly version: number;
  /** Attributes, `code`, `agency`, `observed_at`; instants as RFC 3339, to the millisecond. */
  readonly values: Values;
  /** GeoJSON text, every digit of it; and as outputs show it. */
  readonly geometry: string | null;
  readonly shownGeometry: string | null;
  /** Attributes of the view that this row hides from the viewer. */
  readonly hidden: ReadonlySet<string>;
}

/** Columns of every layer that an action may write, with their types. */
const common = { code: 'text', agency: 'text', area_code: 'text', observed_at: columnTypes.instant } as const;

/** Reads a feature that the view shows and locks it until the transaction ends; undefined when it shows none of that id. */
export function lockRow(trx: Transaction<Database>, view: View, id: number): Promise<StoredRow | undefined> {
  return readRow(trx, view, id, sql`for no key update`);
}

/** Reads a feature that the view shows; undefined when it shows none of that id. */
export async function readRow(
  db: Kysely<Database>,
  view: View,
  id: number,
  locking: RawBuilder<unknown> = sql``,
): Promise<StoredRow | undefined> {
  const keys = [...attributesOf(view.layer).keys()];
  const columns = [...Object.keys(common), ...keys].map((key) => sql.id(key));
  const { rows } = await sql<
    Record<string, unknown> & { id: number; version: number; geometry: string | null; shown: string | null }
  >`
    select id, version, st_asgeojson(geom, 15) as geometry, st_asgeojson(geom, 7) as shown, ${sql.join(columns)} ${maskColumns(view)}
    from ${sql.table(view.layer.id)} where id = ${id}::bigint and ${rowsOf(view)}
    ${locking}`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const values = Object.fromEntries([...Object.keys(common), ...keys].map((key) => [key, plain(row[key])]));
  return {
    id: row.id,
    version: row.version,
    values,
    geometry: row.geometry,
    shownGeometry: row.shown,
    hidden: hiddenIn(view, row),
    agency: values.agency as string | null, // text columns
    area_code: values.area_code as string | null,
  };
}

/** Whether a viewer may know the version of a row. */
export function tellsVersion(view: View, { hidden }: Pick<StoredRow, 'hidden'>): boolean {
  return view.showsVersions && !hidden.has('version');
}

function plain(value: unknown): Value {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** What is written: attributes and common columns by name; `geometry` GeoJSON text, null for none, absent to leave it. */
export interface Changes {
  readonly values: Values;
  readonly geometry?: string | null;
}

/** Only what is different from the row. Instants are compared as moments. */
export function differences(layer: Layer, row: StoredRow, { values, geometry }: Changes): Changes {
  const attributes = attributesOf(layer);
  const isInstant = (key: string) => key === 'observed_at' || attributes.get(key)?.kind === 'instant';
  const same = (key: string, value: Value, was: Value) =>
    value === was ||
    (isInstant(key) && value !== null && was !== null && Date.parse(String(value)) === Date.parse(String(was)));
  const changed = Object.entries(values).filter(([key, value]) => !same(key, value, row.values[key] ?? null));
  return {
    values: Object.fromEntries(changed),
    ...(geometry !== undefined && geometry !== row.geometry && { geometry }),
  };
}

/** Writes changes to a row; the new version. Throws what the database throws when it refuses them. */
export async function updateRow(
  trx: Transaction<Database>,
  layer: Layer,
  id: number,
  { values, geometry }: Changes,
): Promise<number> {
  const set = Object.keys(values).map((key) => sql`${sql.id(key)} = given.${sql.id(key)}`);
  if (geometry !== undefined) set.push(sql`geom = ${shape(geometry)}`);
  const { rows } = await sql<{ version: number }>`
    update ${sql.table(layer.id)} as there set ${sql.join(set)} from ${given(layer, values)}
    where there.id = ${id}::bigint returning there.version`.execute(trx);
  return rows[0]!.version;
}

/** Adds a row that an operator entered; its id and version. Throws what the database throws when it refuses it. */
export async function insertRow(
  trx: Transaction<Database>,
  layer: Layer,
  { values, geometry = null }: Changes,
): Promise<{ readonly id: number; readonly version: number }> {
  const keys = Object.keys(values).map((key) => sql.id(key));
  const { rows } = await sql<{ id: number; version: number }>`
    insert into ${sql.table(layer.id)} (${sql.join([sql`geom`, sql`source`, ...keys])})
    select ${sql.join([shape(geometry), sql`'operator'`, ...keys.map((key) => sql`given.${key}`)])} from ${given(layer, values)}
    returning id, version`.execute(trx);
  return rows[0]!;
}

function shape(geometry: string | null): RawBuilder<unknown> {
  return geometry === null ? sql`null::geometry` : sql`st_setsrid(st_geomfromgeojson(${geometry}), 4326)`;
}

/** The values as one typed row named `given`. */
function given(layer: Layer, values: Values): RawBuilder<unknown> {
  const attributes = attributesOf(layer);
  const typed = Object.keys(values).map((key) => {
    const kind = attributes.get(key)?.kind;
    return sql`, ${sql.id(key)} ${sql.raw(kind ? columnTypes[kind] : common[key as keyof typeof common])}`;
  });
  return sql`json_to_record(${JSON.stringify({ ...values, '?': 0 })}::text::json) as given("?" int ${sql.join(typed, sql``)})`;
}
