import { type Kysely, sql, type Transaction } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from './connect.ts';
import { DatabaseError, sqlState } from './database_error.ts';
import { arrayText } from './given.ts';
import { transaction } from './transaction.ts';

/**
 * A table `partition by range` of a time that is never null, so that what is old leaves by dropping a table. Its migration
 * makes it with a default partition `<table>_rest`, which takes what comes before its own partition is there;
 * `keepPartitions` makes the others, `<table>_YYYYMMDD` or `<table>_YYYYMM` (UTC), and moves those rows there.
 */
export interface PartitionedTable {
  readonly table: string;
  /** The `timestamptz` that it is partitioned by. */
  readonly column: string;
  /** How long a time one partition holds. */
  readonly unit: keyof typeof units;
  /** Days after its end at which a partition is dropped. */
  readonly keptDays: number;
  /** Partitions made ahead of the present one. */
  readonly ahead: number;
  /** Notes what goes with a partition, in the transaction that drops it, just before. */
  readonly onDrop?: (trx: Transaction<Database>, partition: string) => Promise<void>;
}

/** How the partitions of each unit are named, after the table: they sort as texts. */
const units = { day: { name: 'YYYYMMDD', digits: 8 }, month: { name: 'YYYYMM', digits: 6 } } as const;

const dayMs = 86_400_000;
const everyMs = 10 * 60_000;
/** Every writer waits while this does, so it gives up soon and comes again. */
const lockLimitMs = 500;

/** How long rows are laid aside without another attempt, once a long transaction was in the way. */
const laidAsideMs = 10_000;

/**
 * Makes the partitions of a table that are needed, those that are `wanted` by name among them, with the rows that lay aside
 * for want of them, and drops those that nobody keeps any more. Does nothing, and says false, when a long transaction is in
 * the way.
 */
export async function keepPartitions(
  db: Kysely<Database>,
  partitioned: PartitionedTable,
  wanted: readonly string[] = [],
): Promise<boolean> {
  const due = await whatIsDue(db, partitioned, wanted);
  if (due.missing.length === 0 && due.outdated.length === 0) return true;
  const { table, onDrop } = partitioned;
  try {
    await transaction(
      db,
      async (trx) => {
        await sql`select set_config('lock_timeout', ${String(lockLimitMs)}, true)`.execute(trx);
        await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(trx);
        // Again, because another process may have done it meanwhile.
        const { missing, outdated } = await whatIsDue(trx, partitioned, wanted);
        for (const name of missing) await addPartition(trx, partitioned, name);
        for (const name of outdated) {
          await onDrop?.(trx, `${table}_${name}`);
          await sql`drop table ${sql.table(`${table}_${name}`)}`.execute(trx);
        }
      },
      { statementTimeoutMs: 0 },
    );
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === sqlState.waitedTooLong)) throw error;
    return false;
  }
  return true;
}

/** What a process knows of its partitions: those that are there, and until when it leaves off making others. */
interface Prepared {
  readonly there: Set<string>;
  notBefore: number;
}
const prepared = new WeakMap<Kysely<Database>, Map<string, Prepared>>();

/**
 * Makes the partitions for rows of these times (milliseconds since 1970) before they come, which takes some milliseconds.
 * Rows that are laid aside first have to be moved, and as long as that takes everybody waits. Where a long transaction is in
 * the way they are, for now.
 */
export async function preparePartitions(
  db: Kysely<Database>,
  partitioned: PartitionedTable,
  times: Iterable<number>,
): Promise<void> {
  const { table, unit } = partitioned;
  const days = new Set<number>();
  for (const at of times) days.add(Math.floor(at / dayMs));
  const ofProcess = prepared.get(db) ?? new Map<string, Prepared>();
  prepared.set(db, ofProcess);
  const known = ofProcess.get(table) ?? { there: new Set(), notBefore: 0 };
  ofProcess.set(table, known);
  const names = new Set([...days].map((day) => nameOf(day * dayMs, unit)));
  const missing = [...names].filter((name) => !known.there.has(name));
  if (missing.length === 0 || Date.now() < known.notBefore) return;
  if (await keepPartitions(db, partitioned, missing)) for (const name of missing) known.there.add(name);
  else known.notBefore = Date.now() + laidAsideMs;
}

/** The part of a partition's name that tells the time. */
function nameOf(at: number, unit: PartitionedTable['unit']): string {
  return new Date(at).toISOString().replaceAll('-', '').slice(0, units[unit].digits);
}

/**
 * Keeps the partitions of tables in order while the server runs, at once and every 10 minutes; the tables are asked for
 * each time. Returns how to stop, which resolves when nothing of it runs any more.
 */
export function keepPartitionsRegularly(
  db: Kysely<Database>,
  tables: () => readonly PartitionedTable[],
  log: Logger,
): () => Promise<void> {
  let stopped = false;
  const keepAll = async () => {
    for (const partitioned of tables()) {
      if (stopped) return;
      await keepPartitions(db, partitioned).catch((err: unknown) =>
        log.warn({ err, table: partitioned.table }, 'partitions were not tidied'),
      );
    }
  };
  let running = keepAll();
  const timer = setInterval(() => {
    running = running.then(keepAll);
  }, everyMs).unref();
  return () => {
    stopped = true;
    clearInterval(timer);
    return running;
  };
}

/** Partitions, by the part of their names that tells the time: those to make, and of these and all others those to drop. */
async function whatIsDue(
  db: Kysely<Database>,
  { table, column, unit, keptDays, ahead }: PartitionedTable,
  wanted: readonly string[],
): Promise<{ readonly missing: readonly string[]; readonly outdated: readonly string[] }> {
  const { name, digits } = units[unit];
  const { rows } = await sql<{ name: string; isThere: boolean; isOutdated: boolean }>`
    with present as (select now() at time zone 'UTC' as at),
    there as (
      select right(relname, ${sql.lit(digits)}) as name from pg_inherits join pg_class on oid = inhrelid
      where inhparent = ${table}::regclass and relname ~ ${`_[0-9]{${digits}}$`}),
    wanted as (
      select to_char(date_trunc(${sql.lit(unit)}, at) + n * interval ${sql.lit(`1 ${unit}`)}, ${sql.lit(name)}) as name
      from present, generate_series(0, ${sql.lit(ahead)}) as n
      union select distinct to_char(${sql.ref(column)} at time zone 'UTC', ${sql.lit(name)})
      from ${sql.table(`${table}_rest`)}
      union select unnest(${arrayText(wanted)}::text::text[]))
    select name, there.name is not null as "isThere",
      name < (select to_char(at - ${keptDays}::int * interval '1 day', ${sql.lit(name)}) from present) as "isOutdated"
    from there full join wanted using (name) order by name`.execute(db);
  return {
    missing: rows.filter(({ isThere }) => !isThere).map((row) => row.name),
    outdated: rows.filter(({ isOutdated }) => isOutdated).map((row) => row.name),
  };
}

async function addPartition(
  trx: Transaction<Database>,
  { table: whole, column, unit }: PartitionedTable,
  name: string,
): Promise<void> {
  const [table, partition, at] = [sql.table(whole), sql.table(`${whole}_${name}`), sql.ref(column)];
  const [year, month, day] = [name.slice(0, 4), name.slice(4, 6), name.slice(6)].map(Number) as [
    number,
    number,
    number,
  ];
  const [from, to] = (
    unit === 'day'
      ? [Date.UTC(year, month - 1, day), Date.UTC(year, month - 1, day + 1)]
      : [Date.UTC(year, month - 1), Date.UTC(year, month)]
  ).map((edge) => sql.lit(new Date(edge).toISOString()));
  await sql`create table ${partition} (like ${table} including defaults including constraints including indexes including storage)`.execute(
    trx,
  );
  await sql`
    with moved as (delete from ${sql.table(`${whole}_rest`)}
      where ${at} >= ${from}::timestamptz and ${at} < ${to}::timestamptz returning *)
    insert into ${partition} select * from moved`.execute(trx);
  await sql`alter table ${table} attach partition ${partition} for values from (${from}) to (${to})`.execute(trx);
}
