import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../database/connect.ts';
import { type AreaLayer, areaLayers, isArea } from './areas.ts';
import type { Layer } from './layer.ts';

/** Whether what lies where is told by the outlines of this layer. */
export function isAreaLayer(id: string): id is AreaLayer {
  return areaLayers.some((each) => each === id);
}

/**
 * Gives everything that lies somewhere the `area_code` of the outlines as they are now, by the rule of `areaCodeOf`; answers
 * how many had another one. What moves keeps its own: it is where it belongs, not where it happens to be.
 * `near`: a geometry as SQL, only what may lie in its box.
 */
export async function updateAreaCodes(
  trx: Transaction<Database>,
  layers: readonly Layer[],
  near?: RawBuilder<unknown>,
): Promise<number> {
  let changed = 0;
  for (const layer of layers) {
    if (isArea(layer) || layer.moving) continue;
    const { numAffectedRows } = await updateLayer(sql.table(layer.id), near).execute(trx);
    changed += Number(numAffectedRows ?? 0);
  }
  return changed;
}

function updateLayer(table: RawBuilder<unknown>, near: RawBuilder<unknown> | undefined): RawBuilder<unknown> {
  const located = near === undefined ? sql`thing.geom is not null` : sql`thing.geom && ${near}`;
  // From the areas' side, so that each outline is prepared once; a point inside a shape lies in the box of the shape. Of the
  // outlines the envelope: where both sides are columns, PostGIS may estimate how many meet at more than all, and then
  // PostgreSQL refuses the question ("invalid join selectivity").
  const inside = (id: AreaLayer) => sql`(
    select thing.id, min(area.code) as code from ${sql.table(id)} as area
      join ${table} as thing on st_envelope(area.geom) && thing.geom and st_intersects(area.geom, st_pointonsurface(thing.geom))
      where area.code is not null and ${located} group by thing.id)`;
  const found = areaLayers.map((id) => sql`left join ${inside(id)} as ${sql.id(id)} using (id)`);
  const codes = areaLayers.map((id) => sql.ref(`${id}.code`));
  // With the version, as the trigger would: then it is not called for each row.
  return sql`update ${table} as there set area_code = found.code, version = there.version + 1, updated_at = now()
    from (select id, coalesce(${sql.join(codes)}) as code from ${table} as thing ${sql.join(found, sql` `)} where ${located}) as found
    where found.id = there.id and there.area_code is distinct from found.code`;
}
