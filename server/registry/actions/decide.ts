import { sql } from 'kysely';
import { grantsOf } from '../../accounts/grants_of.ts';
import { type Origin, record } from '../../audit/record.ts';
import { retried } from '../../database/retried.ts';
import { transaction } from '../../database/transaction.ts';
import { Problem } from '../problem.ts';
import { demandState } from './act.ts';
import { type Acting, type Done, entryOf, type Wish } from './acting.ts';
import { changedMeanwhile } from './conflict.ts';
import { reasonMissing } from './input.ts';
import { demandPerson, forbidden, may, ownAction } from './may.ts';
import type { Pending } from './pending.ts';
import { refusalOf } from './refusal.ts';
import { differences, lockRow } from './row.ts';
import { write } from './write.ts';

/**
 * What a second person says to an act that waits: it is done now, as it was asked for, or never. Throws `not_found` for one
 * that nobody waits for any more and for whom it is no business of, `forbidden` for who asked and for who could only ask, `conflict` when who asked may not any more or
 * the feature is in another state, `changed_meanwhile` when what it would change was changed since. Whoever asked may withdraw it.
 */
export async function decide(
  parts: Acting['parts'],
  origin: Origin,
  id: number,
  decision: 'confirm' | 'reject',
  reason: string | undefined,
): Promise<Done> {
  const { viewer } = origin;
  demandPerson(viewer);
  const db = parts.connection.db;
  const nothing = () => new Problem('not_found', 'Nothing of that number waits for a second person.');
  const read = (on: typeof db) =>
    sql<Pending>`
    select * from pending_action where id = ${id}::bigint and decided is null and expires_at > now() for update`.execute(
      on,
    );
  const { rows: found } = await sql<Pending>`select * from pending_action where id = ${id}::bigint`.execute(db);
  const view = found[0] && parts.registry.seen(found[0].layer, viewer);
  if (!found[0] || !view) throw nothing();
  const { layer } = view;
  const { feature } = found[0];
  try {
    return await retried(() =>
      transaction(db, async (trx) => {
        // The feature first, as everywhere, so that nobody waits in a circle.
        const row = await lockRow(trx, view, feature);
        const [pending] = (await read(trx)).rows;
        const own = pending && ownAction(layer, pending.action);
        if (!row || !pending || !own?.twoPerson) throw nothing();
        const isOwn = pending.asked_by === viewer.person?.id;
        if (isOwn && decision === 'confirm') throw new Problem('forbidden', 'Another person must confirm it.');
        if (!isOwn && !may(viewer, own.twoPerson.roles, row)) {
          // That it waits is known besides to those who may ask for the same, and are told that somebody has.
          throw may(viewer, own.roles, row) ? forbidden() : nothing();
        }
        if (reason === undefined && !isOwn) throw reasonMissing();
        const { action, asked_audit: confirms, case_id } = pending;
        const wish: Wish = { layer: layer.id, action, id: feature, input: {}, reason, caseId: case_id ?? undefined };
        const end = async (decided: string, audit: number | null) =>
          void (await sql`update pending_action set decided = ${decided}, decided_at = now(), decided_audit = ${audit}::bigint
          where id = ${id}::bigint`.execute(trx));
        if (decision === 'reject') {
          const entry = { ...entryOf(wish), feature, confirms, action: isOwn ? 'withdraw' : 'reject_second_person' };
          const audit = await record(trx, origin, entry);
          await end(isOwn ? 'withdrawn' : 'rejected', audit);
          return { layer: layer.id, id: feature, version: row.version, audit, changed: [] };
        }
        // What was asked for with a right that is gone is not done; what it is for may be over as well.
        if (!may({ grants: await grantsOf(trx, pending.asked_by) }, own.roles, row))
          throw new Problem('conflict', 'Whoever asked for it may not do this any more: reject it.');
        demandState(own, row);
        // A device may have reported; what is to change must be as it was when it was asked for.
        if (Object.keys(differences(layer, row, { values: pending.before }).values).length > 0)
          throw await changedMeanwhile(trx, view, row, pending.version);
        const done = await write({ parts, origin, trx, view, wish }, row, { values: pending.after }, { confirms });
        await end('confirmed', done.audit);
        return done;
      }),
    );
  } catch (error) {
    throw refusalOf(error, layer);
  }
}
