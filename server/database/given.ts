import { type RawBuilder, sql } from 'kysely';

/** A column of rows that a statement is given; `null` and undefined are NULL. */
export interface GivenColumn {
  readonly name: string;
  /** SQL type of its values, trusted text. */
  readonly type: string;
  readonly values: readonly (string | number | boolean | null | undefined)[];
}

/**
 * Rows for the FROM of a statement, as the table `given`: `unnest` of one array a column, `n` counting the rows from 1.
 * One parameter a column, whatever the number of rows; on both databases the array is sent as its text and read by the
 * server, at about half of what `json_to_recordset` takes.
 */
export function given(columns: readonly GivenColumn[]): RawBuilder<unknown> {
  const arrays = columns.map(({ type, values }) => sql`${arrayText(values)}::text::${sql.raw(type)}[]`);
  const names = columns.map(({ name }) => sql.id(name));
  return sql`unnest(${sql.join(arrays)}) with ordinality as given(${sql.join(names)}, n)`;
}

/** The text of a one-dimensional array, as PostgreSQL writes it (manual, 8.15.6). */
export function arrayText(values: GivenColumn['values']): string {
  let text = '';
  for (const value of values) {
    if (text !== '') text += ',';
    if (value === null || value === undefined) text += 'NULL';
    else if (typeof value === 'string') text += quoted(value);
    else text += value;
  }
  return `{${text}}`;
}

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}

/** SQL of milliseconds since 1970 as an instant; exact, unlike a division. */
export function instantOf(milliseconds: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(timestamptz 'epoch' + ${milliseconds} * interval '1 ms')`;
}

/** SQL of an instant as milliseconds since 1970, with what lies below them; a `float8`, several times cheaper than `extract`. */
export function millisecondsOf(instant: RawBuilder<unknown>): RawBuilder<unknown> {
  // Whole microseconds first: the seconds of date_part are none that a binary fraction holds.
  return sql`(round(date_part('epoch', ${instant}) * 1e6) / 1e3)`;
}
