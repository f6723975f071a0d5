import { type Kysely, sql } from 'kysely';
import type { Database } from '../../server/database/connect.ts';
import { DatabaseError } from '../../server/database/database_error.ts';
import type { Attribute } from '../../server/registry/attribute.ts';
import { attributesOf, type Layer } from '../../server/registry/layer.ts';

type Random = () => number;

/** A row to insert: columns by name, `geom` as EWKT or null. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

const awkward = ['', "O'Brien", 'Desa "Baru"', '100%_\\', 'ꦗꦼꦩ꧀ꦧꦺꦂ', '🌊 banjir', '<b>x</b>', 'a\nb', '  ', 'null'];

/** A valid row of any layer, from its description alone: nulls, limits, zero and awkward texts come up often. */
export function randomRow(layer: Layer, random: Random, geom: string | null): Row {
  const entries = [...attributesOf(layer)]
    .filter(([, attribute]) => !attribute.derived)
    .map(([key, attribute]) => [key, randomValue(attribute, random)] as const);
  return {
    geom,
    code: random() < 0.9 ? codeOf(layer, random) : null,
    agency: random() < 0.8 ? `Dinas ${Math.floor(random() * 5)}` : null,
    area_code: random() < 0.8 ? `35.09.${10 + Math.floor(random() * 20)}.1001` : null,
    source: random() < 0.5 ? 'demo' : 'operator',
    observed_at: random() < 0.8 ? new Date(1.79e12 + Math.floor(random() * 1e10)).toISOString() : null,
    ...Object.fromEntries(entries),
  };
}

/** Areas have the codes of the ministry, `35.09.19` and `35.09.19.1006`; everything else its own. */
function codeOf({ id }: Layer, random: Random): string {
  const digits = (count: number) => String(Math.floor(random() * 10 ** count)).padStart(count, '0');
  const district = `${digits(2)}.${digits(2)}.${digits(2)}`;
  if (id === 'district') return district;
  return id === 'village' ? `${district}.${1 + Math.floor(random() * 2)}${digits(3)}` : `${id}-${digits(14)}`;
}

function randomValue(attribute: Attribute, random: Random): string | number | boolean | null {
  if (!attribute.required && random() < 0.2) return null;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  switch (attribute.kind) {
    case 'text': {
      const value = random() < 0.2 ? pick(awkward) : `Nama ${Math.floor(random() * 500)}`;
      return value.slice(0, attribute.maxLength);
    }
    case 'choice':
      return pick(Object.keys(attribute.choices));
    case 'boolean':
      return random() < 0.5;
    case 'instant':
      return new Date(1.7e12 + Math.floor(random() * 9e10)).toISOString();
    case 'date':
      return new Date(1.7e12 + Math.floor(random() * 9e10)).toISOString().slice(0, 10);
    case 'integer':
    case 'number': {
      const min = attribute.min ?? -1000;
      const max = attribute.max ?? 1000;
      const edge = random();
      if (edge < 0.1) return min;
      if (edge < 0.2) return max;
      if (edge < 0.3 && min <= 0 && max >= 0) return 0;
      const value = min + random() * (max - min);
      return attribute.kind === 'integer' ? Math.floor(value) : value;
    }
  }
}

/** A value that every attribute of a kind takes, as text. */
export function plainValue(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'text':
      return 'x';
    case 'choice':
      return Object.keys(attribute.choices)[0]!;
    case 'number':
    case 'integer':
      return String(attribute.min ?? 0);
    case 'boolean':
      return 'false';
    case 'instant':
      return '2026-11-21T12:40:00Z';
    case 'date':
      return '2026-11-21';
  }
}

/**
 * Inserts random rows, leaving out those that a rule over several columns refuses (thresholds out of order, and the
 * like): what one attribute says of itself they all obey.
 */
export async function insertLawful(db: Kysely<Database>, layer: Layer, rows: readonly Row[]): Promise<number[]> {
  try {
    return await insertRows(db, layer, rows);
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === '23514' && error.constraint)) throw error;
    if (rows.length === 1) return [];
    const half = rows.length >> 1;
    return [
      ...(await insertLawful(db, layer, rows.slice(0, half))),
      ...(await insertLawful(db, layer, rows.slice(half))),
    ];
  }
}

/** Inserts rows in one statement; their ids in order. */
export async function insertRows(db: Kysely<Database>, layer: Layer, rows: readonly Row[]): Promise<number[]> {
  if (rows.length === 0) return [];
  const columns = Object.keys(rows[0]!);
  const types = new Map<string, string>([...attributesOf(layer)].map(([key, { kind }]) => [key, sqlTypes[kind]]));
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const typed = sql.join(
    columns.map(
      (column) =>
        sql`${sql.ref(column)} ${sql.raw(column === 'observed_at' ? 'timestamptz' : (types.get(column) ?? 'text'))}`,
    ),
  );
  const values = sql.join(columns.map((column) => (column === 'geom' ? sql`st_geomfromewkt(geom)` : sql.ref(column))));
  const { rows: made } = await sql<{ id: number }>`
    insert into ${sql.table(layer.id)} (${names})
    select ${values} from json_to_recordset(${JSON.stringify(rows)}::text::json) as given(${typed})
    returning id`.execute(db);
  return made.map(({ id }) => id);
}

const sqlTypes: Readonly<Record<Attribute['kind'], string>> = {
  text: 'text',
  choice: 'text',
  boolean: 'boolean',
  instant: 'timestamptz',
  date: 'date',
  integer: 'integer',
  number: 'double precision',
};
