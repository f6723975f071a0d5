import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from './connect.ts';
import type { PartitionedTable } from './partitions.ts';

/** A place in the change log, written `epoch:seq`. Two logs with different epochs share no history. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** What one statement did to one layer; at most 10,000 ids, ascending. */
export interface Change {
  readonly seq: number;
  /** Changes of one transaction carry the same number and follow each other. */
  readonly xid: string;
  readonly at: Date;
  readonly layer: string;
  readonly op: 'insert' | 'update' | 'delete';
  readonly ids: readonly number[];
}

/**
 * The newest position the caller can see. Inside a `repeatable read` transaction it belongs exactly to the rows read there:
 * every change up to it is in them and none after it.
 */
export async function position(db: Kysely<Database>): Promise<Position> {
  // Numbers are given under one lock at commit, so what a snapshot sees of the log is always its beginning.
  return db
    .selectFrom('change_log')
    .select(['epoch', sql<number>`greatest(pruned_seq, (select max(seq) from change))`.as('seq')])
    .executeTakeFirstOrThrow();
}

/** The days of the log, kept for `keptDays`: whoever is still at a position in those that are dropped must start over. */
export function changeDays(keptDays: number): PartitionedTable {
  return {
    table: 'change',
    column: 'at',
    unit: 'day',
    keptDays,
    ahead: 2,
    async onDrop(trx, partition) {
      // A transaction that ran past midnight left a late number in an early day: then some of the next day goes with it.
      await sql`update change_log
        set pruned_seq = greatest(pruned_seq, (select max(seq) from ${sql.table(partition)}))`.execute(trx);
    },
  };
}

/** Reads a position as it is written; undefined for any other text. */
export function parsePosition(text: string): Position | undefined {
  const [, epoch, seq] = /^([0-9a-f-]{36}):(\d{1,15})$/.exec(text) ?? [];
  return epoch === undefined ? undefined : { epoch, seq: Number(seq) };
}

/**
 * The next changes after `seq` in their one order, at most `limit`.
 * Gaps in the numbers are rollbacks; a number once passed never appears later.
 */
export async function changesAfter(db: Kysely<Database>, seq: number, limit: number): Promise<Change[]> {
  return db
    .selectFrom('change')
    .select((column) => [column.ref('seq').$notNull().as('seq'), 'xid', 'at', 'layer', 'op', 'ids'])
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/**
 * The next changes after a position, as `changesAfter`, or undefined when they cannot all be had: the log is another one,
 * has lost the days since, or ends before the position. Give it a fresh `repeatable read` transaction.
 */
export async function changesSince(
  trx: Transaction<Database>,
  { epoch, seq }: Position,
  limit: number,
): Promise<Change[] | undefined> {
  // Before the snapshot is taken: a day that is dropped vanishes from older snapshots too, without a trace.
  await sql`lock table change in access share mode`.execute(trx);
  const changes = await changesAfter(trx, seq, limit);
  const log = await trx
    .selectFrom('change_log')
    .select(['epoch', 'pruned_seq', sql<number>`(select last_value from change_seq)`.as('newest')])
    .executeTakeFirstOrThrow();
  return log.epoch === epoch && seq >= log.pruned_seq && seq <= log.newest ? changes : undefined;
}
