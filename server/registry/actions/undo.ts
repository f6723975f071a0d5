import { isDeepStrictEqual } from 'node:util';
import { sql, type Transaction } from 'kysely';
import type { Origin } from '../../audit/record.ts';
import type { Database } from '../../database/connect.ts';
import { retried } from '../../database/retried.ts';
import { transaction } from '../../database/transaction.ts';
import type { Layer } from '../layer.ts';
import { Problem } from '../problem.ts';
import type { Role } from '../role.ts';
import type { Acting, Done, Wish } from './acting.ts';
import type { Action, Values } from './action.ts';
import { changedMeanwhile, visibleChanges } from './conflict.ts';
import { deleteRow } from './deleted.ts';
import { followAreas } from './follow_areas.ts';
import { readHistory, tellsOfShown } from './history.ts';
import { decidingColumns } from './input.ts';
import { demand, demandPerson, forbidden, isStandard, ownAction, rolesFor, whoseAfter } from './may.ts';
import { linksOf, type Part, partOfKey } from './parts.ts';
import { refusalOf } from './refusal.ts';
import { restore } from './restore.ts';
import { type Changes, differences, lockRow, type StoredRow } from './row.ts';
import { write } from './write.ts';

interface Undoable {
  readonly id: number;
  readonly layer: string;
  readonly feature: number;
  readonly version: number;
  readonly action: string;
  readonly undoes: number | null;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  /** Features that came with it, and those that went. */
  readonly came: readonly Part[];
  readonly went: readonly Part[];
}

/**
 * Takes an entry of the audit trail back: what it changed becomes what it was, provided it still is what it was changed
 * to (else `changed_meanwhile`). Who may do the act may take it back. A delete is restored, what was created is deleted; what a
 * split made goes again with it, all or nothing.
 */
export async function undo(
  parts: Acting['parts'],
  origin: Origin,
  id: number,
  reason: string | undefined,
): Promise<Done> {
  demandPerson(origin.viewer);
  const entry = await readEntry(parts.connection.db, id);
  const view = parts.registry.seen(entry.layer, origin.viewer);
  if (!view) throw nothing();
  const wish: Wish = {
    layer: entry.layer,
    id: entry.feature,
    action: 'undo',
    input: {},
    reason: reason ?? `undo ${id}`,
  };
  try {
    return await retried(() =>
      transaction(parts.connection.db, (trx) => {
        const acting = { parts, origin, trx, view, wish };
        return followAreas(acting, () => takeBack(acting, entry));
      }),
    );
  } catch (error) {
    // Of what one does not see, neither the layer is named nor that there is an act.
    throw error instanceof Problem && error.code === 'not_found' ? nothing() : refusalOf(error, view.layer);
  }
}

async function takeBack(acting: Acting, entry: Undoable): Promise<Done> {
  const { origin, trx, view, wish } = acting;
  const { layer } = view;
  // The acts that have no values of their own to go back to.
  if (entry.action === 'delete')
    return restore({ ...acting, wish: { ...wish, action: 'restore', seen: entry.version } });
  const row = await lockRow(trx, view, entry.feature);
  if (!row) throw nothing();
  const { roles, own } = await undoneAs(trx, layer, entry);
  // Whoever may not read of the act does not learn that there was one.
  if (!readHistory(origin.viewer, layer, row) || !(await isTold(acting, row, entry))) throw nothing();
  demand(origin.viewer, roles, row);
  if (own?.final || own?.twoPerson) throw new Problem('conflict', 'This cannot be taken back.');
  if (entry.action === 'create' || entry.action === 'restore') {
    if (row.version !== entry.version) throw await changedMeanwhile(trx, view, row, entry.version);
    return deleteRow({ ...acting, wish: { ...wish, action: 'delete' } }, row);
  }
  const keys = Object.keys(entry.before);
  if (visibleChanges(view, keys, row.hidden).length < keys.length) throw forbidden();
  // Nor what no edit of theirs could change; whose it is and where, `demand` asks below.
  const deciding = decidingColumns(view);
  if (!own && keys.some((key) => deciding.has(key) && key !== 'agency' && key !== 'area_code')) throw forbidden();
  if (!stillIs(layer, row, entry.after)) throw await changedMeanwhile(trx, view, row, entry.version);
  const changes = changesTo(entry.before);
  demand(origin.viewer, roles, whoseAfter(row, changes)); // as `act`: on what it becomes as well
  if (entry.came.length === 0 && entry.went.length === 0) return write(acting, row, changes, { undoes: entry.id });
  return withParts(acting, row, changes, entry);
}

/** Takes back an act on several features: what came with it goes, what went comes back, each at the version that it left. */
async function withParts(acting: Acting, row: StoredRow, changes: Changes, entry: Undoable): Promise<Done> {
  const { origin, trx, view, wish } = acting;
  const going: StoredRow[] = [];
  for (const { id, version } of entry.came) {
    const part = await lockRow(trx, view, id);
    if (!part) throw new Problem('conflict', 'Not all of its parts are there any more.');
    demand(origin.viewer, rolesFor(view.layer, 'split'), part);
    if (part.version !== version) throw await changedMeanwhile(trx, view, part, version);
    going.push(part);
  }
  // Deleting and restoring each count the version up by one.
  const next = ({ id, version }: Part) => ({ id, version: version + 1 });
  const parts = { before: entry.came.map(next), after: entry.went.map(next) };
  const done = await write(acting, row, changes, { undoes: entry.id, parts });
  const links = { [partOfKey]: done.audit };
  for (const part of going) await deleteRow({ ...acting, wish: { ...wish, action: 'delete' } }, part, links);
  for (const { id, version } of entry.went)
    await restore({ ...acting, wish: { ...wish, action: 'restore', id, seen: version } }, links);
  return done;
}

function changesTo({ geometry, ...values }: Undoable['before']) {
  return {
    values: values as Values, // written by beforeAfter
    ...(geometry !== undefined && { geometry: geometry === null ? null : JSON.stringify(geometry) }),
  };
}

function stillIs(layer: Layer, row: StoredRow, { geometry, ...values }: Undoable['after']): boolean {
  const there = row.geometry === null ? null : JSON.parse(row.geometry);
  if (geometry !== undefined && !isDeepStrictEqual(geometry, there)) return false;
  return Object.keys(differences(layer, row, { values: values as Values }).values).length === 0; // written by beforeAfter
}

async function isTold({ trx, view }: Acting, row: StoredRow, { id }: Undoable): Promise<boolean> {
  const { rows } = await sql`select from audit where id = ${id}::bigint and ${tellsOfShown(view, row)}`.execute(trx);
  return rows.length > 0;
}

function nothing(): Problem {
  return new Problem('not_found', 'There is no act of that number that could be taken back.');
}

async function readEntry(db: Acting['parts']['connection']['db'], id: number): Promise<Undoable> {
  const { rows } = await sql<Omit<Undoable, 'came' | 'went'>>`
    select id, layer, feature, version, action, undoes, before, after from audit
    where id = ${id}::bigint and layer is not null and feature is not null and version is not null`.execute(db);
  const [entry] = rows;
  if (!entry) throw nothing();
  const [before, after] = [linksOf(entry.before), linksOf(entry.after)];
  // An act on several features is taken back as one, whichever of its entries is named.
  if (after.partOf !== null) return readEntry(db, after.partOf);
  return { ...entry, before: before.values, after: after.values, went: before.parts, came: after.parts };
}

/**
 * Who may take an act back: who may do it; `own`: the layer's own action that it was. Taking back what was taken back is
 * doing it again.
 */
async function undoneAs(
  trx: Transaction<Database>,
  layer: Layer,
  entry: Undoable,
): Promise<{ readonly roles: readonly Role[]; readonly own?: Action }> {
  let { action, undoes } = entry;
  while (action === 'undo' && undoes !== null) {
    const { rows } = await sql<Pick<Undoable, 'action' | 'undoes'>>`
      select action, undoes from audit where id = ${undoes}::bigint`.execute(trx);
    ({ action, undoes } = rows[0]!);
  }
  const own = ownAction(layer, action);
  if (isStandard(action)) return { roles: rolesFor(layer, action) };
  return own ? { roles: own.roles, own } : { roles: rolesFor(layer, 'edit') };
}
