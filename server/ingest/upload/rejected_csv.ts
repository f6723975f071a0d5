import type { Fault } from '../import/report.ts';
import type { Source } from '../import/row.ts';

/**
 * The rows that an import did not take as it found them, as a table (RFC 4180): number, reason, and what the file says, so
 * that they can be mended and brought in again.
 */
export async function* rejectedCsv(
  source: Source,
  fields: Iterable<string>,
  faults: readonly Fault[],
): AsyncGenerator<Uint8Array> {
  const columns = [...fields];
  const reasons = Map.groupBy(faults, ({ row }) => row);
  yield line(['row', 'reason', ...columns]);
  for await (const { number, properties } of source.rows(() => {})) {
    const found = reasons.get(number);
    if (!found) continue;
    yield line([number, found.map(({ reason }) => reason).join('; '), ...columns.map((column) => properties[column])]);
  }
}

function line(values: readonly unknown[]): Uint8Array {
  return Buffer.from(`${values.map(quoted).join(',')}\r\n`);
}

function quoted(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
