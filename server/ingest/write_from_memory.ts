import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import { type GivenColumn, instantOf } from '../database/given.ts';
import { keepsDerived } from '../database/series_table.ts';
import type { Layer } from '../registry/layer.ts';
import { derive } from './derive.ts';
import type { Seen } from './memory.ts';
import type { Observation } from './observation.ts';
import { type Lookup, lateCount } from './series_window.ts';
import { judge, type Verdict } from './write.ts';
import { type Change, type Known, type Proof, updateOf } from './write_rows.ts';
import { freshOf, insertOf, isNews, type Moment, momentsOf } from './write_series.ts';

/** What is remembered is not enough, or is so no longer. */
export class Outdated extends Error {}

/** What observations come to, should everything be as it is remembered. */
export interface Plan {
  readonly verdicts: Verdict[];
  readonly moments: readonly Moment[];
  readonly changes: readonly Planned[];
  /** The count of late readings that the plan rests on; undefined: on none. */
  readonly late: number | undefined;
}

/** A change with the row as it is remembered, and the agency whose key is to change it. */
interface Planned extends Change {
  readonly code: string;
  readonly was: number | null;
  readonly agency: string | undefined;
}

/**
 * Judges observations, in the order of their times, by the rows as this process left them, as `writeObservations` does by
 * those that it reads. Undefined where that cannot be proven while writing: each row that was looked at must be changed.
 */
export async function planFromMemory(
  layer: Layer,
  observations: readonly Observation[],
  seen: Seen,
): Promise<Plan | undefined> {
  if (keepsDerived(layer)) return undefined;
  const rows = new Map<string, Known>();
  const agencies = new Map<string, string>();
  for (const { code, partial, agency } of observations) {
    const row = seen.committed.rows.get(code);
    // A partial observation is compared with values, which nobody remembers.
    if (!row || partial) return undefined;
    rows.set(code, row);
    if (agency === undefined) continue;
    if ((agencies.get(code) ?? agency) !== agency) return undefined;
    agencies.set(code, agency);
  }
  const moments = momentsOf(layer, observations, rows);
  if (!moments.every(isNews)) return undefined;
  const fresh = freshOf(moments);
  const { verdicts, changes } = judge(layer, observations, rows, fresh, seen);
  if (changes.size < rows.size) return undefined;
  const lookup = new Remembered(seen);
  try {
    await derive(layer, { observations, rows, fresh }, changes, seen, lookup);
  } catch (error) {
    if (error instanceof Outdated) return undefined;
    throw error;
  }
  const planned = [...rows].map(([code, { id, at }]) => ({
    ...changes.get(id)!,
    code,
    was: at,
    agency: agencies.get(code),
  }));
  // As `lockRows` has them, so that two processes seldom wait for each other.
  return { verdicts, moments, changes: planned.sort((a, b) => a.id - b.id), late: lookup.asked };
}

/** What is remembered of the series, or nothing. */
class Remembered implements Lookup {
  readonly #seen: Seen;
  asked: number | undefined;

  constructor(seen: Seen) {
    this.#seen = seen;
  }

  async late(isLate: boolean): Promise<number> {
    const { late } = this.#seen.committed;
    if (isLate || late === undefined) throw new Outdated();
    this.asked = late;
    return late;
  }

  async readings(): Promise<never> {
    throw new Outdated();
  }
}

/**
 * Writes what was planned with one statement, which changes only rows that are what the plan took them for: the condition
 * is checked again on a row's newest version once it is locked, whoever held it. People's changes of other columns stay.
 * @throws Outdated when a row was not, or late readings came; nothing may stay then. DatabaseError as `writeObservations`.
 */
export async function writeFromMemory(
  trx: Transaction<Database>,
  layer: Layer,
  { moments, changes, late }: Plan,
): Promise<void> {
  const update = updateOf(layer, changes, proofsOf(changes));
  const { numAffectedRows } = await (moments.length > 0
    ? sql`with kept as (${insertOf(layer, moments)}) ${update}`
    : update
  ).execute(trx);
  if (numAffectedRows !== BigInt(changes.length)) throw new Outdated();
  // By a statement of its own: a row that was only locked, for a late reading, does not make the one before look again.
  if (late !== undefined && (await lateCount(trx, layer)) !== late) throw new Outdated();
}

/**
 * Of each row: that it is the same thing, not observed since, and not another agency's than the key. None in a form that
 * an index could answer: rows are found by their ids.
 */
function proofsOf(changes: readonly Planned[]): Proof[] {
  const there = (column: string) => sql.ref(`there.${column}`);
  const proof = (name: string, type: string, values: GivenColumn['values'], holds: Proof['holds']): Proof => ({
    column: { name, type, values },
    holds,
  });
  const [code, was, agency] = ['row.code', 'row.was', 'row.agency'] as const;
  const proofs = [
    proof(
      code,
      'text',
      changes.map((each) => each.code),
      sql`${there('code')} is not distinct from ${sql.id('given', code)}`,
    ),
    proof(
      was,
      'bigint',
      changes.map((each) => each.was),
      sql`${there('observed_at')} is not distinct from ${instantOf(sql.id('given', was))}`,
    ),
  ];
  if (changes.some((each) => each.agency !== undefined))
    proofs.push(
      proof(
        agency,
        'text',
        changes.map((each) => each.agency),
        sql`(${there('agency')} = ${sql.id('given', agency)}) is not false`,
      ),
    );
  return proofs;
}
