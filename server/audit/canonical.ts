import { createHash } from 'node:crypto';

/** What comes before the first entry. */
export const chainStart = '0'.repeat(64);

/**
 * SQL of the text an entry is hashed as: a JSON list, written by PostgreSQL, which writes equal values equally, of the form's
 * number and the entry's columns in this order. The trigger `seal_audit` ({@link sealAudit}) writes the same; never change it: a
 * new column is a third form. `row`: the row's alias, trusted text.
 */
export function canonicalSql(row: string): string {
  return listSql(row, ['2', `${row}.n`, `${row}.id`]);
}

/**
 * The same of entries that were sealed before `migrations/0165_seal_id.ts`: without their id. A time stands second in it and a
 * number in the other, so no entry is the same text in both.
 */
export function firstCanonicalSql(row: string): string {
  return listSql(row, [`${row}.n`]);
}

function listSql(row: string, beginning: readonly string[]): string {
  const at = `to_char(${row}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  const columns =
    'actor actor_name roles address action layer feature version before after reason case_id request_id undoes confirms';
  const values = columns.split(' ').map((column) => `${row}.${column}`);
  return `jsonb_build_array(${[...beginning, at, ...values].join(', ')})::text`;
}

/** The hash of an entry, 64 hexadecimal digits, from the hash before it and its canonical text. */
export function chainHash(before: string, canonical: string): string {
  return createHash('sha256').update(`${before}\n${canonical}`).digest('hex');
}
