import { sql, type Transaction } from 'kysely';
import { record } from '../../audit/record.ts';
import type { Database } from '../../database/connect.ts';
import { Problem } from '../problem.ts';
import type { Acting, Done } from './acting.ts';
import type { Values } from './action.ts';
import { beforeAfter, told } from './before_after.ts';
import { endOverdue } from './overdue.ts';
import { type Changes, differences, type StoredRow } from './row.ts';

/** An act that waits for a second person. */
export interface Pending {
  readonly id: number;
  readonly layer: string;
  readonly feature: number;
  /** Of the feature, when it was asked for. */
  readonly version: number;
  readonly action: string;
  readonly before: Values;
  readonly after: Values;
  readonly asked_by: string;
  readonly asked_name: string;
  readonly asked_at: Date;
  readonly expires_at: Date;
  readonly reason: string | null;
  readonly case_id: string | null;
  readonly asked_audit: number;
}

const minuteMs = 60_000;

/**
 * Asks for a second person; nothing of the feature changes before they confirm. Throws `conflict` when one is asked for
 * already.
 */
export async function askSecond(
  { origin, trx, view, wish }: Acting,
  row: StoredRow,
  wanted: Changes,
  minutes: number,
): Promise<Done> {
  const { layer } = view;
  const changes = differences(layer, row, wanted);
  const changed = Object.keys(changes.values);
  const done = { layer: layer.id, id: row.id, version: row.version };
  if (changed.length === 0) return { ...done, audit: null, changed };
  const [key, { before = {}, after = {} }] = [[layer.id, row.id, wish.action] as const, beforeAfter(row, changes)];
  await endOverdue(trx, ...key);
  if (await isOpen(trx, ...key))
    throw new Problem('conflict', 'Somebody has asked for this already; it waits for a second person.');
  const audit = await record(trx, origin, {
    ...{ action: 'ask_second_person', layer: layer.id, feature: row.id },
    ...{ before: told(layer, before), after: told(layer, after) },
    ...{ reason: wish.reason, caseId: wish.caseId },
  });
  const { person } = origin.viewer;
  const until = new Date(Date.now() + minutes * minuteMs).toISOString();
  const { rows } = await sql<{ id: number }>`
    insert into pending_action (layer, feature, version, action, before, after, asked_by, asked_name, expires_at, reason,
      case_id, asked_audit)
    values (${layer.id}, ${row.id}::bigint, ${row.version}::int, ${wish.action}, ${JSON.stringify(before)}::text::jsonb,
      ${JSON.stringify(after)}::text::jsonb, ${person?.id ?? ''}, ${person?.name ?? ''}, ${until}::timestamptz,
      ${wish.reason ?? null}, ${wish.caseId ?? null}, ${audit}::bigint)
    returning id`.execute(trx);
  return { ...done, audit, changed: [], pending: { id: rows[0]!.id, until } };
}

async function isOpen(trx: Transaction<Database>, layer: string, feature: number, action: string): Promise<boolean> {
  const { rows } = await sql`select from pending_action
    where layer = ${layer} and feature = ${feature}::bigint and action = ${action} and decided is null`.execute(trx);
  return rows.length > 0;
}
