import { type RawBuilder, sql } from 'kysely';
import type { Layer } from './layer.ts';

/** The layers whose features are areas that other things lie in, the finest first. Their codes are the ministry's. */
export const areaLayers = ['village', 'district'] as const;
export type AreaLayer = (typeof areaLayers)[number];

/** Whether the features of a layer are areas: nobody observes them, and what lies where is told by their own codes. */
export function isArea({ group }: Pick<Layer, 'group'>): boolean {
  return group === 'boundary';
}

/**
 * The `area_code` of a geometry, as SQL: the village, else the district, that a point inside it lies in, where areas overlap
 * the one with the smallest code; null outside all of them. `geom`: an expression that is valid or null.
 */
export function areaCodeOf(geom: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql`coalesce(${sql.join(
    areaLayers.map(
      (id) =>
        sql`(select min(area.code) from ${sql.table(id)} as area where st_intersects(area.geom, st_pointonsurface(${geom})))`,
    ),
  )})`;
}
