import type { Origin } from '../../audit/record.ts';
import { retried } from '../../database/retried.ts';
import { transaction } from '../../database/transaction.ts';
import { Problem } from '../problem.ts';
import type { Acting, Done, Wish } from './acting.ts';
import type { Action } from './action.ts';
import { changedMeanwhile } from './conflict.ts';
import { create } from './create.ts';
import { deleteRow } from './deleted.ts';
import { editInput } from './edit_input.ts';
import { followAreas } from './follow_areas.ts';
import { invalid, readFields, reasonMissing } from './input.ts';
import { actionOf, demand, demandPerson, isStandard, whoseAfter } from './may.ts';
import { askSecond } from './pending.ts';
import { refusalOf } from './refusal.ts';
import { restore } from './restore.ts';
import { lockRow, type StoredRow } from './row.ts';
import { cutOf, split } from './split.ts';
import { write } from './write.ts';

/**
 * Does what is wished, with its entry in the audit trail, in one transaction. Checked in this order: what the viewer sees
 * (`not_found`), their roles (`unauthorized`, `forbidden`), the input (`invalid_input`), the version (`version_missing`,
 * `changed_meanwhile`), the thing's own limits (`conflict`). `preview`: does all of it, and then as if it had not been.
 */
export async function act(parts: Acting['parts'], origin: Origin, wish: Wish, { preview = false } = {}): Promise<Done> {
  const view = parts.registry.view(wish.layer, origin.viewer);
  try {
    return await retried(() =>
      transaction(parts.connection.db, async (trx) => {
        const acting = { parts, origin, trx, view, wish };
        const done = await followAreas(acting, () => perform(acting));
        if (preview) throw new OnlyTried({ ...done, audit: null });
        return done;
      }),
    );
  } catch (error) {
    if (error instanceof OnlyTried) return error.done;
    throw refusalOf(error, view.layer);
  }
}

/** Ends a transaction without its effects. */
class OnlyTried extends Error {
  readonly done: Done;

  constructor(done: Done) {
    super('only tried');
    this.done = done;
  }
}

async function perform(acting: Acting): Promise<Done> {
  const { origin, trx, view, wish } = acting;
  const { layer } = view;
  if (wish.action === 'create') return create(acting);
  if (wish.action === 'restore') return restore(acting);
  const row = wish.id === undefined ? undefined : await lockRow(trx, view, wish.id);
  if (!row) throw new Problem('not_found', `'${layer.id}' has no such feature.`);
  const { roles, own } = actionOf(layer, wish.action);
  const person = demandPerson(origin.viewer);
  demand(origin.viewer, roles, row);
  demandReason(wish, own);

  if (isStandard(wish.action)) {
    const changes = wish.action === 'edit' ? await editInput(acting, row) : undefined;
    const cut = wish.action === 'split' ? cutOf(acting) : undefined;
    await demandVersion(acting, row);
    if (cut !== undefined) return split(acting, row, cut);
    if (!changes) return deleteRow(acting, row);
    // Handed over to somebody else, or moved out of one's area: checked on what it becomes as well.
    demand(origin.viewer, roles, whoseAfter(row, changes));
    return write(acting, row, changes);
  }
  const { input } = own!; // not a standard action, so the layer's own
  const required = Object.entries(input.shape).flatMap(([key, schema]) => (schema.isNullable() ? [] : [key]));
  const { values, errors } = readFields(wish.input, { shape: input.shape, required });
  if (errors.length > 0) throw invalid(errors);
  await demandVersion(acting, row);
  demandState(own!, row);
  const given = Object.fromEntries(Object.keys(input.shape).map((key) => [key, values[key] ?? null]));
  const changes = { values: own!.run({ now: new Date(), person }, row.values, given) };
  return own!.twoPerson ? askSecond(acting, row, changes, own!.twoPerson.minutes) : write(acting, row, changes);
}

/** Throws `version_missing`, or `changed_meanwhile` with who changed what since. */
async function demandVersion({ trx, view, wish }: Acting, row: StoredRow): Promise<void> {
  if (wish.seen === undefined)
    throw new Problem(
      'version_missing',
      'Say which version you saw: If-Match: "<version>", as in the ETag of the feature.',
    );
  if (wish.seen !== row.version) throw await changedMeanwhile(trx, view, row, wish.seen);
}

/** Throws `conflict` unless a feature is in one of the states that an action is for. */
export function demandState({ when }: Action, row: StoredRow): void {
  if (!when || when.values.includes(row.values[when.attribute] ?? null)) return;
  throw new Problem('conflict', 'This cannot be done with the feature as it is now.', undefined, {
    attribute: when.attribute,
  });
}

function demandReason({ reason, action }: Wish, own: Action | undefined): void {
  if (reason !== undefined || !(action === 'delete' || own?.reason === 'required')) return;
  throw reasonMissing();
}
