import { sql, type Transaction } from 'kysely';
import { actorName } from '../../audit/people_told.ts';
import type { Database } from '../../database/connect.ts';
import { Problem } from '../problem.ts';
import { queryables } from '../schema.ts';
import type { View } from '../view.ts';
import type { StoredRow } from './row.ts';

/** One act of somebody else since a version was seen. */
export interface OthersChange {
  readonly by: string | null;
  readonly at: string;
  readonly action: string;
  readonly version: number;
  /** What of the viewer's view it changed. */
  readonly attributes: readonly string[];
}

const mostTold = 20;

/** Names of what an audit entry changed, as far as a viewer may know: attributes of the view that this row shows. */
export function visibleChanges(view: View, keys: Iterable<string>, hidden: ReadonlySet<string>): string[] {
  const known = queryables(view);
  return [...keys].filter((key) => key === 'geometry' || (known.has(key) && !hidden.has(key)));
}

/**
 * The problem of a version that is no longer the present one: its members `version` and `changes` tell who changed what,
 * and when. No changes: a device reported meanwhile.
 */
export async function changedMeanwhile(
  trx: Transaction<Database>,
  view: View,
  row: StoredRow,
  seen: number,
): Promise<Problem> {
  const { rows } = await sql<{ by: string | null; at: Date; action: string; version: number; keys: string[] }>`
    select ${actorName} as by, at, action, version,
      coalesce((select json_agg(key) from jsonb_object_keys(after) as key), '[]') as keys
    from audit where layer = ${view.layer.id} and feature = ${row.id}::bigint and version > ${seen}::int
      and version <= ${row.version}::int
    order by id desc limit ${sql.lit(mostTold)}`.execute(trx);
  const changes = rows
    .map(
      ({ keys, at, ...change }): OthersChange => ({
        ...change,
        at: at.toISOString(),
        attributes: visibleChanges(view, keys, row.hidden),
      }),
    )
    // Nor that somebody changed what is hidden: to this viewer it is as if a device had reported.
    .filter(({ attributes }) => attributes.length > 0);
  const told = changes.map(({ by, at, attributes }) => `${by ?? 'somebody'} at ${at} (${attributes.join(', ')})`);
  const who = told.length > 0 ? `by ${told.join('; ')}` : 'by a device';
  return new Problem('changed_meanwhile', `Version ${seen} became ${row.version}: changed ${who}.`, undefined, {
    version: row.version,
    changes,
  });
}
