import { sql } from 'kysely';
import { type Entry, record } from '../../audit/record.ts';
import { DatabaseError, sqlState } from '../../database/database_error.ts';
import { hiddenIn } from '../filter/filter.ts';
import { Problem } from '../problem.ts';
import { type Acting, type Done, entryOf } from './acting.ts';
import { told } from './before_after.ts';
import { visibleChanges } from './conflict.ts';
import { keptColumns, restorableDays, shownAsItWas } from './deleted.ts';
import { demandPerson, may, rolesFor } from './may.ts';

/**
 * Brings a deleted feature back with its id. One that the viewer did not see, or may not restore, is as unknown as one that
 * never was. `links`: what ties its entry to others.
 */
export async function restore({ origin, trx, view, wish }: Acting, links: Entry['after'] = {}): Promise<Done> {
  const { layer } = view;
  const unknown = () => new Problem('not_found', `'${layer.id}' has no such deleted feature.`);
  demandPerson(origin.viewer);
  const { rows } = await sql<
    Record<string, unknown> & {
      agency: string | null;
      area_code: string | null;
      geometry: string | null;
      kept_version: number;
      after: object;
    }
  >`
    select was.*, kept.version as kept_version, st_asgeojson(kept.geom, 15) as geometry,
      jsonb_strip_nulls(kept.attributes) - '{created_at,source}'::text[]
        || case when kept.geom is null then '{}' else jsonb_build_object('geometry', st_asgeojson(kept.geom, 15)::jsonb) end
        as after
    from deleted_feature as kept ${shownAsItWas(view)}
    where kept.layer = ${layer.id} and kept.feature = ${wish.id ?? 0}::bigint
      and kept.deleted_at >= now() - ${restorableDays}::int * interval '1 day' for update of kept`.execute(trx);
  const [kept] = rows;
  if (!kept || !may(origin.viewer, rolesFor(layer, 'restore'), kept)) throw unknown();
  if (wish.seen !== undefined && wish.seen !== kept.kept_version) throw unknown();
  const id = wish.id!; // a row was found by it
  const version = kept.kept_version + 1;
  const keys = keptColumns(layer).map((key) => sql.id(key));
  const values = keys.map((key) => sql`was.${key}`);
  await sql`
    insert into ${sql.table(layer.id)} (id, version, geom, ${sql.join(keys)})
    select feature, ${version}::int, kept.geom, ${sql.join(values)} from deleted_feature as kept,
      jsonb_populate_record(null::${sql.table(layer.id)}, kept.attributes) as was
    where kept.layer = ${layer.id} and kept.feature = ${id}::bigint`
    .execute(trx)
    .catch((error: unknown) => {
      if (error instanceof DatabaseError && error.code === sqlState.uniqueViolation)
        throw new Problem('conflict', 'Another feature has its code by now.');
      throw error;
    });
  await sql`delete from deleted_feature where layer = ${layer.id} and feature = ${id}::bigint`.execute(trx);
  const after = told(layer, { ...kept.after });
  const audit = await record(trx, origin, {
    ...entryOf(wish),
    feature: id,
    version,
    before: {},
    after: { ...after, ...links },
  });
  const changed = visibleChanges(view, Object.keys(after), hiddenIn(view, kept));
  return { layer: layer.id, id, version, audit, changed };
}
