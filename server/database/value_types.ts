import { types } from '@electric-sql/pglite';
import type { PostgresType } from 'postgres';

/** PostgreSQL's numbers of the types that the two drivers would read or write differently. */
const oid = { bytea: 17, int8: 20, json: 114, date: 1082, timestamp: 1114, jsonb: 3802 };

const same = (text: string): string => text;

/**
 * Makes postgres.js read and write values as the embedded database does, and both as this program wants them:
 * int8 a number, date and timestamp without zone text, bytea plain bytes, and a string given for json is JSON text already.
 * Left over: NULL inside an array may arrive as `NaN` or `"NULL"` (select `to_jsonb(array)`), and only JSON text is safe for json.
 */
const scalars: Record<string, PostgresType> = {
  int8: { to: oid.int8, from: [oid.int8], parse: safeInteger, serialize: String },
  json: { to: oid.jsonb, from: [oid.json, oid.jsonb], parse: JSON.parse, serialize: jsonText },
  bytea: { to: oid.bytea, from: [oid.bytea], parse: bytes, serialize: hex },
  date: { to: oid.date, from: [oid.date], parse: same, serialize: day },
  timestamp: { to: oid.timestamp, from: [oid.timestamp], parse: same, serialize: same },
};

/** The same for PGlite: text of a value → value. */
export const embeddedParsers = { [oid.bytea]: bytes, [oid.int8]: safeInteger, [oid.date]: same, [oid.timestamp]: same };

/** The same for PGlite: value → text. */
export const embeddedSerializers = { [oid.json]: jsonText, [oid.jsonb]: jsonText, [oid.date]: day };

/** PostgreSQL's numbers of arrays, by those of what is in them. */
const arrays: readonly (readonly [element: number, array: number])[] = [
  ...([
    [types.BOOL, 1000],
    [types.INT2, 1005],
    [types.INT4, 1007],
    [types.INT8, 1016],
    [types.OID, 1028],
  ] as const),
  ...([
    [types.FLOAT4, 1021],
    [types.FLOAT8, 1022],
    [types.NUMERIC, 1231],
  ] as const),
  ...([
    [types.TEXT, 1009],
    [types.VARCHAR, 1015],
    [types.UUID, 2951],
  ] as const),
  ...([
    [types.DATE, 1182],
    [types.TIMESTAMP, 1115],
    [types.TIMESTAMPTZ, 1185],
  ] as const),
];

/**
 * {@link scalars} and arrays of them. postgres.js would ask the server for arrays at the beginning of each session, a question
 * that nobody answers for: where the session ends meanwhile, the whole process ends of it.
 */
export const serverTypes: Record<string, PostgresType> = {
  ...scalars,
  ...Object.fromEntries(arrays.map(([element, array]) => [`array of ${element}`, arrayType(element, array)])),
};

function arrayType(element: number, array: number): PostgresType {
  const parser = { ...types.parsers, ...embeddedParsers }[element] ?? same;
  const serializer = { ...types.serializers, ...embeddedSerializers }[element];
  return {
    ...{ to: array, from: [array] },
    parse: (text: string) => types.arrayParser(text, parser, array),
    serialize: (values: unknown) => (Array.isArray(values) ? types.arraySerializer(values, serializer, array) : values),
  };
}

/** @throws RangeError beyond ±2⁵³, where a number would lie. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the integers a number holds`);
  return value;
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'));
}

function hex(value: Uint8Array): string {
  return `\\x${Buffer.from(value).toString('hex')}`;
}

function day(value: string | Date): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : value;
}

function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
