import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Villages (desa and kelurahan), keyed by the Kemendagri code. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'village',
    geometry: 'MultiPolygon',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      // The fourth part of the code begins with 1 for a kelurahan and with 2 for a desa.
      `kind text generated always as (case substr(code, 10, 1) when '1' then 'kelurahan' when '2' then 'desa' end) stored`,
      'district_code text generated always as (left(code, 8)) stored',
      'area_km2 double precision check (area_km2 between 0 and 100000)',
      'population integer check (population between 0 and 10000000)',
      'population_year integer check (population_year between 1900 and 2200)',
      `constraint village_code_kemendagri check (code ~ '^[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}$')`,
    ],
  });
}
