import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Districts (kecamatan), keyed by the Kemendagri code. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'district',
    geometry: 'MultiPolygon',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      'area_km2 double precision check (area_km2 between 0 and 100000)',
      'village_count integer check (village_count between 0 and 1000)',
      'population integer check (population between 0 and 10000000)',
      'population_year integer check (population_year between 1900 and 2200)',
      `constraint district_code_kemendagri check (code ~ '^[0-9]{2}[.][0-9]{2}[.][0-9]{2}$')`,
    ],
  });
}
