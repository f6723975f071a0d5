import { pipeline } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { Problem } from '../../registry/problem.ts';
import type { ImportRow } from './row.ts';
import { decoded, type Encoding } from './text_file.ts';

const delimiters = [',', ';', '\t', '|'];

/** The delimiter of a table that begins with `head`: the one its first line has most of, outside quotes. */
export function sniffDelimiter(head: string): string {
  const header = head.replace(/"[^"]*"/g, '').split(/\r?\n/, 1)[0] ?? '';
  const counts = delimiters.map((delimiter) => header.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

/**
 * Reads a table with a header line; a row's number counts records, not lines (a quoted value may hold line breaks).
 * An empty value is null. A row with too few or too many values is given as faulty.
 * @throws Problem `invalid_input` when quotes do not close or the header repeats a name.
 */
export async function* csvRows(path: string, delimiter: string, encoding: Encoding): AsyncGenerator<ImportRow> {
  let header: string[] | undefined;
  const parser = parse({ delimiter, relax_column_count: true, skip_empty_lines: true });
  // The parser carries an error of the file on to the loop below.
  pipeline(decoded(path, encoding), parser, () => {});
  let number = 0;
  try {
    for await (const values of parser as AsyncIterable<string[]>) {
      if (!header) header = checkedHeader(values);
      else yield csvRow(header, values, ++number);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid_input', `The table cannot be read: ${(error as CsvError).message}`);
  }
}

function checkedHeader(names: readonly string[]): string[] {
  const header = names.map((name, i) => name.trim() || `column_${i + 1}`);
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) throw new Problem('invalid_input', `The column "${twice}" occurs twice.`);
  return header;
}

function csvRow(header: readonly string[], values: readonly string[], number: number): ImportRow {
  const properties = Object.fromEntries(header.map((name, i) => [name, values[i] || null]));
  if (values.length === header.length) return { number, properties, geometry: null };
  const fault = `${values.length} values where the header has ${header.length} columns`;
  return { number, properties, geometry: null, fault };
}
