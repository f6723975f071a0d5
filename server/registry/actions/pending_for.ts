import { sql } from 'kysely';
import { actTitle } from '../../audit/titles.ts';
import type { Parts } from '../../parts.ts';
import type { Bilingual } from '../attribute.ts';
import type { Viewer } from '../viewer.ts';
import type { Values } from './action.ts';
import { visibleChanges } from './conflict.ts';
import { may, ownAction } from './may.ts';
import type { Pending } from './pending.ts';
import { readRow } from './row.ts';

/** An act that waits for a second person, as whoever asked for it or may confirm it sees it. */
export interface PendingForViewer {
  readonly id: number;
  readonly layer: string;
  readonly feature: number;
  readonly name: string | null;
  readonly title: Bilingual | null;
  readonly before: Values;
  readonly after: Values;
  readonly asked_name: string;
  readonly asked_at: string;
  readonly until: string;
  readonly reason: string | null;
  /** The viewer asked for it, and can only withdraw it. */
  readonly mine: boolean;
}

const mostShown = 100;

/** The acts that wait now, of those that the viewer asked for or may confirm; the one that ends first comes first, at most 100. */
export async function pendingFor(
  { connection, registry }: Pick<Parts, 'connection' | 'registry'>,
  viewer: Viewer,
): Promise<{ readonly pending: readonly PendingForViewer[] }> {
  const { person } = viewer;
  if (!person) return { pending: [] };
  // One who could confirm none of a layer's acts may have asked for one.
  const layers = registry.views(viewer).map(({ layer }) => layer.id);
  if (layers.length === 0) return { pending: [] };
  const { rows } = await sql<Pending>`
    select * from pending_action where decided is null and expires_at > now() and layer in (${sql.join(layers)})
    order by expires_at`.execute(connection.db);
  const seen = await Promise.all(
    rows.map(async (each): Promise<readonly PendingForViewer[]> => {
      const view = registry.seen(each.layer, viewer);
      const row = view && (await readRow(connection.db, view, each.feature));
      const second = view && ownAction(view.layer, each.action)?.twoPerson;
      if (!row || !second) return [];
      const { layer } = view;
      const mine = each.asked_by === person.id;
      if (!mine && !may(viewer, second.roles, row)) return [];
      const shown = visibleChanges(view, Object.keys(each.after), row.hidden);
      const only = (values: Values) => Object.fromEntries(shown.map((key) => [key, values[key] ?? null]));
      const { id, feature, asked_name, asked_at, expires_at, reason } = each;
      const name = row.values[layer.name];
      return [
        {
          ...{ id, layer: layer.id, feature, asked_name, reason, mine, title: actTitle(layer, each.action) },
          ...{ name: typeof name === 'string' ? name : null, before: only(each.before), after: only(each.after) },
          ...{ asked_at: asked_at.toISOString(), until: expires_at.toISOString() },
        },
      ];
    }),
  );
  return { pending: seen.flat().slice(0, mostShown) };
}
