import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Flooded areas. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'flood_area',
    geometry: 'MultiPolygon',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `depth text check (depth in ('over_150_cm', '71_to_150_cm', '10_to_70_cm', 'unknown'))`,
      'parent_name text check (char_length(parent_name) <= 200)',
      'city_name text check (char_length(city_name) <= 200)',
    ],
    indexes: ['using gin (parent_name gin_trgm_ops)'],
  });
}
