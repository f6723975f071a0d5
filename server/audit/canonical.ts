import { createHash } from 'node:crypto';

/** What comes before the first entry. */
export const chainStart = '0'.repeat(64);

/**
 * SQL of the text an entry is hashed as: a JSON list of its columns in this order, written by PostgreSQL, which writes
 * equal values equally. The trigger `seal_audit` (`migrations/0090_audit.ts`) writes the same; never change it.
 * `row`: the row's alias, trusted text.
 */
export function canonicalSql(row: string): string {
  const at = `to_char(${row}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  const columns =
    'actor actor_name roles address action layer feature version before after reason case_id request_id undoes confirms';
  const values = columns.split(' ').map((column) => `${row}.${column}`);
  return `jsonb_build_array(${[`${row}.n`, at, ...values].join(', ')})::text`;
}

/** The hash of an entry, 64 hexadecimal digits, from the hash before it and its canonical text. */
export function chainHash(before: string, canonical: string): string {
  return createHash('sha256').update(`${before}\n${canonical}`).digest('hex');
}
