import type { Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import { keepRows } from '../database/series_table.ts';
import type { Layer } from '../registry/layer.ts';
import { derive, updateLate } from './derive.ts';
import { type Seen, seenBefore } from './memory.ts';
import type { Observation, Value } from './observation.ts';
import { lookupIn } from './series_window.ts';
import { type Change, insertRows, type Known, lockRows, updateRows } from './write_rows.ts';
import { momentsOf, writeSeries } from './write_series.ts';

/** Values of a row that nobody remembers. */
const nothing = {};

/** What became of an observation; a text says why it was rejected. */
export type Verdict = 'accepted' | 'known' | 'suspect' | { readonly reason: string };

/**
 * Writes observations of one layer, at most 10,000, in the order of their times; a verdict for each, in the same order.
 * The row keeps the newest, the series all of them. `seen` is what is known before, and learns.
 * @throws DatabaseError, of class 22 or 23 when the database refuses one of them, or, when not `careful`, has one already
 * where that is seldom: then nothing is written that may stay.
 */
export async function writeObservations(
  trx: Transaction<Database>,
  layer: Layer,
  observations: readonly Observation[],
  { careful = false, seen = seenBefore() }: { careful?: boolean; seen?: Seen } = {},
): Promise<Verdict[]> {
  const compared = comparedColumns(observations);
  const codes = new Set(observations.map(({ code }) => code));
  const rows = await lockRows(trx, layer, [...codes], compared);
  const needed = layer.createOnObservation;
  if (needed) {
    const makes = ({ values }: Observation) => needed.every((key) => (values[key] ?? null) !== null);
    const unknown = observations.filter((each) => !each.suspect && !rows.has(each.code) && makes(each));
    if (unknown.length > 0) {
      await insertRows(trx, layer, unknown);
      const created = unknown.map(({ code }) => code);
      for (const [code, row] of await lockRows(trx, layer, [...new Set(created)], compared)) rows.set(code, row);
    }
  }
  const isForeign = ({ code, agency }: Observation) =>
    agency !== undefined && (rows.get(code)?.values.agency ?? agency) !== agency;
  for (const [code, { id, at }] of rows) seen.rows.set(code, { id, at, values: nothing });
  const own = observations.some(isForeign) ? observations.filter((each) => !isForeign(each)) : observations;
  const written = await writeOwn(trx, layer, own, rows, { careful, seen });
  if (own === observations) return written;
  const verdicts = written.values();
  return observations.map((each) =>
    isForeign(each) ? { reason: `'${each.code}' is of another agency than the key` } : verdicts.next().value!,
  );
}

/** Writes what the senders may write; a verdict for each. */
async function writeOwn(
  trx: Transaction<Database>,
  layer: Layer,
  observations: readonly Observation[],
  rows: ReadonlyMap<string, Known>,
  { careful, seen }: { careful: boolean; seen: Seen },
): Promise<Verdict[]> {
  const fresh = await writeSeries(trx, layer, momentsOf(layer, observations, rows), careful);
  const { verdicts, changes } = judge(layer, observations, rows, fresh, seen);
  const late = await derive(layer, { observations, rows, fresh }, changes, seen, lookupIn(trx, layer));
  await updateLate(trx, layer, late);
  await updateRows(trx, layer, [...changes.values()]);
  await keepRows(trx, layer, [...changes.keys()]);
  return verdicts;
}

/** The verdicts, and what rows (by id) become. */
export function judge(
  layer: Layer,
  observations: readonly Observation[],
  rows: ReadonlyMap<string, Known>,
  fresh: ReadonlyMap<number, boolean>,
  seen: Seen,
): { readonly verdicts: Verdict[]; readonly changes: Map<number, Change> } {
  const changes = new Map<number, Change>();
  const verdicts = observations.map((observation, i): Verdict => {
    const { code } = observation;
    const row = rows.get(code);
    if (!row) return { reason: `there is no ${layer.id} with the code '${code}'` };
    const verdict = verdictOn(observation, row, changes.get(row.id), fresh.get(i));
    if (verdict !== 'changes') return verdict;
    const change = merge(changes.get(row.id), row.id, observation);
    changes.set(row.id, change);
    seen.rows.set(code, { id: row.id, at: change.at, values: nothing });
    return 'accepted';
  });
  return { verdicts, changes };
}

/** `isFresh`: the series did not have it; undefined where none is kept of it. */
function verdictOn(
  { at, values, suspect, partial }: Observation,
  row: Known,
  change: Change | undefined,
  isFresh: boolean | undefined,
): Verdict | 'changes' {
  const newest = change?.at ?? row.at;
  if (newest === at) {
    const now = change?.values ?? {};
    const same = ([key, value]: [string, Value]) => isSame(key in now ? now[key] : row.values[key], value);
    if (partial && !suspect && !Object.entries(values).every(same)) return 'changes';
    return suspect && isFresh ? 'suspect' : 'known';
  }
  if (isFresh === false) return 'known';
  if (suspect) return 'suspect';
  if (newest === null || at > newest) return 'changes';
  return isFresh
    ? 'accepted'
    : { reason: `older than what is known (${new Date(newest).toISOString()}), and no series is kept of it` };
}

function isSame(stored: unknown, value: Value | undefined): boolean {
  return stored instanceof Date ? stored.toISOString() === value : (stored ?? null) === (value ?? null);
}

function merge(change: Change | undefined, id: number, { at, values, position }: Observation): Change {
  return { id, at, values: { ...change?.values, ...values }, position: position ?? change?.position };
}

/** The columns whose present values decide whether a partial observation is news, and whose key may write at all. */
function comparedColumns(observations: readonly Observation[]): readonly string[] {
  const keys = new Set<string>();
  for (const { partial, values, agency } of observations) {
    if (partial) for (const key of Object.keys(values)) keys.add(key);
    if (agency !== undefined) keys.add('agency');
  }
  return [...keys];
}
