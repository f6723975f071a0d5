import { sql, type Transaction } from 'kysely';
import type { Connection, Database } from '../database/connect.ts';
import { DatabaseError } from '../database/database_error.ts';
import { preparePartitions } from '../database/partitions.ts';
import { isCollision, retried } from '../database/retried.ts';
import { seriesMonths } from '../database/series_table.ts';
import { transaction } from '../database/transaction.ts';
import type { Layer } from '../registry/layer.ts';
import { type Memory, mayTry, remember, seenBefore, tried } from './memory.ts';
import type { Observation } from './observation.ts';
import { type Verdict, writeObservations } from './write.ts';
import { Outdated, planFromMemory, writeFromMemory } from './write_from_memory.ts';
import { writeOffline } from './write_rows.ts';

/** Observations written by one statement. */
const chunkSize = 10_000;

/** What one sender waits for. */
export type Work =
  | { readonly kind: 'observations'; readonly observations: readonly Observation[] }
  | { readonly kind: 'offline'; readonly codes: readonly string[] };

/**
 * Writes a group in one transaction: from memory where that suffices, else with the rows locked and read; what the
 * database refuses is found by halves, in a further attempt. The verdicts on each work.
 */
export async function writeGroup(
  connection: Connection,
  layer: Layer,
  works: readonly Work[],
  memory: Memory,
): Promise<Verdict[][]> {
  const observations = works.flatMap((work) => (work.kind === 'observations' ? work.observations : []));
  const codes = works.flatMap((work) => (work.kind === 'offline' ? work.codes : []));
  // By time, whoever sent them; equal times stay in the order they came.
  const order = observations.map((_, i) => i).sort((a, b) => observations[a]!.at - observations[b]!.at);
  const sorted = order.map((i) => observations[i]!);
  const attempt = (write: (...of: Parameters<typeof writeByHalves>) => Promise<Verdict[]>) =>
    transaction(connection.db, async (trx) => {
      const found: Verdict[] = [];
      for (let from = 0; from < sorted.length; from += chunkSize)
        for (const verdict of await write(trx, layer, sorted.slice(from, from + chunkSize))) found.push(verdict);
      await writeOffline(trx, layer, codes);
      return found;
    });
  const locked = async () => {
    const seen = seenBefore(memory);
    const found = await attempt((trx, of, chunk) => writeObservations(trx, of, chunk, { seen }));
    remember(seen);
    return found;
  };
  const quickly = async () => {
    const found =
      codes.length === 0 && sorted.length <= chunkSize && mayTry(memory)
        ? await fromMemory(connection, layer, sorted, memory)
        : undefined;
    return found ?? locked();
  };
  for (const months of seriesMonths([layer]))
    await preparePartitions(
      connection.db,
      months,
      sorted.map(({ at }) => at),
    );
  let isFirst = true;
  // Collisions come only with another process, or people, that meet the same things at the same moment.
  const found = await retried(async () => {
    const write = isFirst ? quickly : locked;
    isFirst = false;
    try {
      return await write();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      for (const { code } of sorted) memory.rows.delete(code);
      return attempt(writeByHalves);
    }
  });
  const verdicts: Verdict[] = [];
  for (const [place, i] of order.entries()) verdicts[i] = found[place]!;
  let from = 0;
  return works.map((work) => {
    const to = from + (work.kind === 'observations' ? work.observations.length : 0);
    const own = verdicts.slice(from, to);
    from = to;
    return own;
  });
}

/** The verdicts, when what is remembered was enough and still so; else undefined, and nothing is written. */
async function fromMemory(
  connection: Connection,
  layer: Layer,
  observations: readonly Observation[],
  memory: Memory,
): Promise<Verdict[] | undefined> {
  const seen = seenBefore(memory);
  const plan = await planFromMemory(layer, observations, seen);
  if (!plan) return undefined;
  try {
    await transaction(connection.db, (trx) => writeFromMemory(trx, layer, plan));
  } catch (error) {
    if (!(error instanceof Outdated) && !isCollision(error)) throw error;
    tried(memory, false);
    return undefined;
  }
  tried(memory, true);
  remember(seen);
  return plan.verdicts;
}

/** Writes what the database takes and finds those that it refuses, each behind a savepoint. */
async function writeByHalves(
  trx: Transaction<Database>,
  layer: Layer,
  observations: readonly Observation[],
): Promise<Verdict[]> {
  await sql`savepoint half`.execute(trx);
  try {
    const verdicts = await writeObservations(trx, layer, observations, { careful: true });
    await sql`release savepoint half`.execute(trx);
    return verdicts;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await sql`rollback to savepoint half`.execute(trx);
    await sql`release savepoint half`.execute(trx);
    if (observations.length === 1) return [{ reason: refusal(error) }];
    const middle = Math.ceil(observations.length / 2);
    return [
      ...(await writeByHalves(trx, layer, observations.slice(0, middle))),
      ...(await writeByHalves(trx, layer, observations.slice(middle))),
    ];
  }
}

/** Classes 22 (data exception) and 23 (constraint): the values are at fault, not the database. */
function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && /^2[23]/.test(error.code);
}

function refusal({ constraint, column, message }: DatabaseError): string {
  if (constraint !== undefined) return `breaks the rule ${constraint}`;
  return column === undefined ? `the database refuses it: ${message}` : `${column} is missing`;
}
