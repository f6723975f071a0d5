import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Flood hazard zones. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'flood_zone',
    geometry: 'MultiPolygon',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `hazard_class text check (hazard_class in ('high', 'medium', 'low'))`,
      'depth_cm double precision check (depth_cm between 0 and 3000)',
      'return_period_years integer check (return_period_years between 1 and 10000)',
      'assessed_year integer check (assessed_year between 1900 and 2200)',
      'assessed_by text check (char_length(assessed_by) <= 200)',
      'gauge_codes text check (char_length(gauge_codes) <= 500)',
    ],
  });
}
