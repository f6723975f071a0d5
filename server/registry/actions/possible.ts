import type { Parts } from '../../parts.ts';
import { Problem } from '../problem.ts';
import type { Viewer } from '../viewer.ts';
import { readHistory } from './history.ts';
import { isSplittable, may, rolesFor } from './may.ts';
import { readRow, tellsVersion } from './row.ts';

/** What a viewer may do with one feature as it is now. */
export interface Possible {
  /** Null for a viewer whom it would tell of hidden changes. */
  readonly version: number | null;
  /** Names of actions: of the layer file first, in its order. */
  readonly actions: readonly string[];
  /** Whether its history may be read. */
  readonly history: boolean;
}

/** What a viewer may do with a feature; nothing where nobody signed in. Throws `not_found`. */
export async function possible(
  { connection, registry }: Pick<Parts, 'connection' | 'registry'>,
  viewer: Viewer,
  layerId: string,
  id: number,
): Promise<Possible> {
  const view = registry.view(layerId, viewer);
  const { layer } = view;
  const row = await readRow(connection.db, view, id);
  if (!row) throw new Problem('not_found', `'${layer.id}' has no such feature.`);
  const version = tellsVersion(view, row) ? row.version : null;
  if (!viewer.person) return { version, actions: [], history: false };
  const own = Object.entries(layer.actions ?? {})
    .filter(([, { roles }]) => may(viewer, roles, row))
    .filter(([, { when }]) => !when || when.values.includes(row.values[when.attribute] ?? null))
    .map(([name]) => name);
  const canSplit = isSplittable(layer) && row.geometry !== null;
  const standard = (['edit', 'split', 'delete'] as const).filter(
    (name) => (name !== 'split' || canSplit) && may(viewer, rolesFor(layer, name), row),
  );
  return { version, actions: [...own, ...standard], history: readHistory(viewer, layer, row) };
}
