import type { Origin } from '../../audit/record.ts';
import { Problem } from '../problem.ts';
import { act } from './act.ts';
import type { Acting, Wish } from './acting.ts';
import { actionOf, demandPerson } from './may.ts';

/** Something to be done with many features of a layer, each with the version that was seen. */
export interface ManyWish extends Pick<Wish, 'layer' | 'action' | 'input' | 'reason' | 'caseId'> {
  readonly features: readonly { readonly id: number; readonly version: number }[];
  /** Only tells what would become of each. */
  readonly preview: boolean;
}

/** What became of one of them. */
export interface OneOutcome {
  readonly id: number;
  readonly outcome: 'done' | 'unchanged' | 'refused';
  readonly version?: number;
  readonly changed?: readonly string[];
  /** Number to take it back by; absent in a preview. */
  readonly audit?: number;
  /** Why not, as the problem of the single action. */
  readonly problem?: ReturnType<Problem['toJSON']>;
}

export interface ManyDone {
  readonly preview: boolean;
  readonly done: number;
  readonly unchanged: number;
  readonly refused: number;
  /** In the order asked. */
  readonly results: readonly OneOutcome[];
}

/**
 * Does an action with many features, one transaction each: that one is refused leaves the others done, and the answer says
 * which. Throws `not_found`, `unauthorized`, `bad_request`.
 */
export async function actOnMany(parts: Acting['parts'], origin: Origin, wish: ManyWish): Promise<ManyDone> {
  const { features, preview, ...one } = wish;
  const view = parts.registry.view(wish.layer, origin.viewer);
  demandPerson(origin.viewer);
  const { own } = actionOf(view.layer, wish.action);
  if (isOneByOne(wish.action) || own?.twoPerson)
    throw new Problem('bad_request', `'${wish.action}' is done one by one.`);
  const results: OneOutcome[] = [];
  const seen = new Set<number>();
  for (const { id, version } of features) {
    if (seen.has(id)) continue;
    seen.add(id);
    results.push(await tryOne(parts, origin, { ...one, id, seen: version }, preview));
  }
  const count = (outcome: OneOutcome['outcome']) => results.filter((each) => each.outcome === outcome).length;
  return { preview, done: count('done'), unchanged: count('unchanged'), refused: count('refused'), results };
}

function isOneByOne(action: string): boolean {
  return action === 'create' || action === 'restore' || action === 'split';
}

async function tryOne(
  parts: Acting['parts'],
  origin: Origin,
  wish: Wish & { readonly id: number },
  preview: boolean,
): Promise<OneOutcome> {
  const { id } = wish;
  try {
    const { version, audit, changed } = await act(parts, origin, wish, { preview });
    if (changed.length === 0) return { id, outcome: 'unchanged', version };
    return { id, outcome: 'done', version, changed, ...(audit !== null && { audit }) };
  } catch (error) {
    // What is no problem of the one feature is one of the server, and of all.
    if (!(error instanceof Problem)) throw error;
    return { id, outcome: 'refused', problem: error.toJSON() };
  }
}
