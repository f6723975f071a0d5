import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Attribute } from '../registry/attribute.ts';
import { attributesOf, type Layer } from '../registry/layer.ts';
import { commonProperties } from '../registry/schema.ts';
import type { ColumnKind } from './columns.ts';

/** Rows that travel in one page: some megabytes. */
const pageRows = 20_000;

/** What each column of a layer becomes in memory. */
export function columnKinds(layer: Layer): ReadonlyMap<string, ColumnKind> {
  const columns = [...Object.entries(commonProperties), ...attributesOf(layer)];
  return new Map(columns.map(([key, { kind }]) => [key, columnKind(kind)]));
}

function columnKind(kind: Attribute['kind']): ColumnKind {
  switch (kind) {
    case 'text':
    case 'choice':
    case 'date':
      return 'text';
    case 'integer':
      return 'number';
    default:
      return kind;
  }
}

/**
 * Rows as the database packed them: for each row its id, its place and the asked columns, one behind the other. Six
 * times faster than rows as objects, because no value becomes a JavaScript string, and the same on both databases.
 *
 * Numbers are float8, big endian, NaN for null; texts an int4 length (-1 for null) and UTF-8 bytes; the place of a point
 * is two numbers (longitude, latitude), of anything else WKB with its length before it.
 */
export class PackedRows {
  readonly bytes: Uint8Array;
  /** The columns in each row, in their order. */
  readonly columns: readonly string[];
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array, columns: readonly string[]) {
    this.bytes = bytes;
    this.columns = columns;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get more(): boolean {
    return this.#at < this.bytes.length;
  }

  number(): number {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8);
  }

  /** Steps over a text or WKB; its bytes are the `length` before `end`. Length -1 is null. */
  span(): { readonly end: number; readonly length: number } {
    const length = this.#view.getInt32(this.#at);
    this.#at += 4 + Math.max(0, length);
    return { end: this.#at, length };
  }
}

/** All rows of a layer with some of its columns, ordered by id. */
export async function* packedRows(
  db: Kysely<Database>,
  layer: Layer,
  columns: readonly string[],
): AsyncGenerator<PackedRows> {
  const page = (after: number) =>
    pack(db, layer, columns, sql`where id > ${after} order by id limit ${sql.lit(pageRows)}`);
  for (let next = page(0); ; ) {
    const { bytes, last } = await next;
    if (!bytes || last === null) return;
    // The database packs the next ones while these are read in.
    next = page(last);
    next.catch(() => {}); // told when it is awaited
    await sent();
    yield new PackedRows(bytes, columns);
  }
}

/** When what was asked is on its way: the driver writes at the end of a turn of the event loop that it was handed it in. */
async function sent(): Promise<void> {
  await letOthersRun();
  await letOthersRun();
}

/** The rows of these ids that still exist. */
export async function packedRowsById(
  db: Kysely<Database>,
  layer: Layer,
  columns: readonly string[],
  ids: readonly number[],
): Promise<PackedRows> {
  const { bytes } = await pack(db, layer, columns, sql`where id = any(${`{${ids.join(',')}}`}::bigint[])`);
  return new PackedRows(bytes ?? new Uint8Array(0), columns);
}

async function pack(db: Kysely<Database>, layer: Layer, columns: readonly string[], choice: RawBuilder<unknown>) {
  const kinds = columnKinds(layer);
  const place =
    layer.geometry === 'Point'
      ? sql`${number(sql`st_x(geom)`)} || ${number(sql`st_y(geom)`)}`
      : bytes(sql`st_asbinary(geom)`, sql`st_asbinary(geom)`);
  const fields = columns.map((column) => {
    const name = sql.ref(column);
    switch (kinds.get(column)) {
      case 'text':
        return bytes(sql`${name}::text`, sql`textsend(${name}::text)`);
      case 'instant':
        return number(sql`(extract(epoch from ${name}) * 1000)`);
      case 'boolean':
        return number(sql`${name}::int`);
      case 'number':
        return number(name);
      default:
        throw new RangeError(`'${layer.id}' has no column '${column}'`);
    }
  });
  const row = sql.join([sql`float8send(id::float8)`, place, ...fields], sql` || `);
  const { rows } = await sql<{ bytes: Uint8Array | null; last: number | null }>`
    select string_agg(row, null order by id) as bytes, max(id) as last
    from (select id, ${row} as row from ${sql.table(layer.id)} ${choice}) as packed`.execute(db);
  return rows[0]!;
}

function number(value: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`float8send(coalesce(${value}::float8, 'NaN'))`;
}

function bytes(value: RawBuilder<unknown>, sent: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`int4send(coalesce(octet_length(${value}), -1)) || coalesce(${sent}, '')`;
}
