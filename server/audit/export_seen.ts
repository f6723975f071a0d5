import { sql } from 'kysely';
import type { Connection } from '../database/connect.ts';
import type { Registry } from '../registry/registry.ts';
import type { Viewer } from '../registry/viewer.ts';
import { type AuditQuery, auditEntries } from './entries.ts';

const pageRows = 500;

/** The end of the chain: its number of entries and the hash of the last. */
export interface ChainHead {
  readonly n: number;
  readonly hash: string;
}

/** The chain as it is now; undefined while it is empty. */
export async function chainHead({ db }: Connection): Promise<ChainHead | undefined> {
  const { rows } = await sql<ChainHead>`select n, hash from audit where n is not null order by n desc limit 1`.execute(
    db,
  );
  return rows[0];
}

/**
 * The entries that are asked for, up to `head`, as NDJSON: one a line as its reader may see it, newest first, then a line
 * `{"head", "entries", "exported"}`. Where values are hidden the hash of an entry cannot be worked out from its line; that all of
 * it is whole says `verify`, of the same head.
 */
export async function* exportSeen(
  connection: Connection,
  registry: Registry,
  viewer: Viewer,
  query: Omit<AuditQuery, 'limit'>,
  head: ChainHead | undefined,
): AsyncGenerator<string> {
  let before = Math.min(query.before ?? Infinity, (head?.n ?? 0) + 1);
  let exported = 0;
  for (;;) {
    const entries = await auditEntries(connection, registry, viewer, { ...query, before, limit: pageRows });
    for (const entry of entries) yield `${JSON.stringify(entry)}\n`;
    exported += entries.length;
    const last = entries.at(-1);
    if (!last || entries.length < pageRows) break;
    before = last.n;
  }
  yield `${JSON.stringify({ head: head?.hash ?? null, entries: head?.n ?? 0, exported })}\n`;
}
