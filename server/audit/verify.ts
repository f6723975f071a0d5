import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { canonicalSql, chainHash, chainStart, firstCanonicalSql } from './canonical.ts';

/** What became of a check of the whole chain. */
export interface Verdict {
  /** Entries that are as they were written. */
  readonly entries: number;
  /** The hash of the last of them: keep it outside the system. */
  readonly head: string;
  /** The first that is not, and why. */
  readonly broken?: { readonly n: number; readonly why: string };
}

const pageRows = 5_000;

interface Sealed {
  readonly n: number;
  readonly prev_hash: string | null;
  readonly hash: string | null;
  readonly canonical: string;
  readonly first_canonical: string | null;
}

/** Recomputes the chain from its beginning and compares it with what is stored, and its end with the head. */
export async function verify(db: Kysely<Database>): Promise<Verdict> {
  let entries = 0;
  let head = chainStart;
  /** An entry with its id in the hash was met: behind it there is none without. */
  let withId = false;
  const broken = (why: string): Verdict => ({ entries, head, broken: { n: entries + 1, why } });
  // First, because entries are added meanwhile.
  const { rows: heads } = await sql<{ n: number; hash: string }>`select n, hash from audit_head`.execute(db);
  for (;;) {
    const { rows } = await sql<Sealed>`
      select n, prev_hash, hash, ${sql.raw(canonicalSql('entry'))} as canonical,
        ${withId ? sql`null` : sql.raw(firstCanonicalSql('entry'))} as first_canonical
      from audit as entry
      where n > ${entries}::bigint order by n limit ${sql.lit(pageRows)}`.execute(db);
    for (const { n, prev_hash, hash, canonical, first_canonical } of rows) {
      if (n !== entries + 1) return broken('the entry is missing');
      if (prev_hash !== head) return broken('it does not follow the entry before it');
      if (chainHash(head, canonical) === hash) withId = true;
      else if (withId || first_canonical === null || chainHash(head, first_canonical) !== hash)
        return broken('its content was changed');
      entries = n;
      head = hash;
      if (n === heads[0]?.n && hash !== heads[0].hash) return broken('the head of the chain is another');
    }
    if (rows.length < pageRows) break;
  }
  const [known] = heads;
  if (!known) return broken('the head of the chain is missing');
  if (known.n > entries) return broken('the entry is missing');
  const { rows: outside } = await sql<{ id: number }>`select id from audit where n is null or n < 1 limit 1`.execute(
    db,
  );
  return outside.length > 0 ? broken('an entry stands outside the chain') : { entries, head };
}
