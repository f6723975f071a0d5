import { sql } from 'kysely';
import type { Parts } from '../../parts.ts';
import type { Viewer } from '../viewer.ts';
import { restorableDays, shownAsItWas } from './deleted.ts';
import { demandPerson, may, rolesFor, type Whose } from './may.ts';

/** A deleted feature that the viewer may bring back. */
export interface Restorable {
  readonly id: number;
  readonly name: string | null;
  readonly code: string | null;
  readonly deleted_at: string;
  /** Day and time from which nobody can any more. */
  readonly until: string;
}

const mostShown = 200;
const dayMs = 86_400_000;

/** What was deleted from a layer and the viewer may restore, latest first, at most 200. Throws `not_found`, `unauthorized`. */
export async function restorable(
  { connection, registry }: Pick<Parts, 'connection' | 'registry'>,
  viewer: Viewer,
  layerId: string,
): Promise<{ readonly features: readonly Restorable[] }> {
  const view = registry.view(layerId, viewer);
  const { layer } = view;
  demandPerson(viewer);
  const { rows } = await sql<Whose & { feature: number; name: string | null; code: string | null; at: Date }>`
    select kept.feature, kept.deleted_at as at, was.${sql.id(layer.name)} as name, was.code, was.agency, was.area_code,
      st_asgeojson(kept.geom, 15) as geometry
    from deleted_feature as kept ${shownAsItWas(view)}
    where kept.layer = ${layerId} and kept.deleted_at >= now() - ${restorableDays}::int * interval '1 day'
    order by kept.deleted_at desc`.execute(connection.db);
  const features = rows
    .filter((row) => may(viewer, rolesFor(layer, 'restore'), row))
    .slice(0, mostShown)
    .map(({ feature, name, code, at }) => ({
      ...{ id: feature, name, code, deleted_at: at.toISOString() },
      until: new Date(at.getTime() + restorableDays * dayMs).toISOString(),
    }));
  return { features };
}
