import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';

const pageRows = 1_000;

/**
 * The audit trail as NDJSON, in the order of the chain: an entry a line with its hashes, then a line `{"head", "entries"}`.
 * `after`: only entries behind that place in the chain.
 */
export async function* exportTrail(db: Kysely<Database>, after = 0): AsyncGenerator<string> {
  let n = after;
  let head: string | null = null;
  for (;;) {
    const { rows } = await sql<{ n: number; hash: string; line: unknown }>`
      select n, hash, to_jsonb(entry) as line from audit as entry
      where n > ${n}::bigint order by n limit ${sql.lit(pageRows)}`.execute(db);
    for (const row of rows) {
      yield `${JSON.stringify(row.line)}\n`;
      n = row.n;
      head = row.hash;
    }
    if (rows.length < pageRows) break;
  }
  yield `${JSON.stringify({ head, entries: n })}\n`;
}
