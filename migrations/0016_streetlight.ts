import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Street lights. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'streetlight',
    geometry: 'Point',
    columns: [
      'pole text not null check (char_length(pole) <= 100)',
      `status text check (status in ('ok', 'reported_out', 'confirmed_out', 'defectiveLamp', 'brokenLantern', 'columnIssue', 'unknown'))`,
      `power_state text check (power_state in ('on', 'off', 'low', 'bootingUp'))`,
      `commanded text check (commanded in ('on', 'off', 'low', 'bootingUp'))`,
      `verified text check (verified in ('verified', 'differs', 'unknown'))`,
      'circuit text check (char_length(circuit) <= 100)',
      'cabinet text check (char_length(cabinet) <= 100)',
      `controlling_method text check (controlling_method in ('group', 'individual'))`,
      'illuminance_level double precision check (illuminance_level between 0 and 1)',
      'power_consumption double precision check (power_consumption between 0 and 5000)',
      'current double precision check (current between 0 and 100)',
      'voltage double precision check (voltage between 0 and 1000)',
      'power_factor double precision check (power_factor between -1 and 1)',
      'lantern_height double precision check (lantern_height between 0 and 50)',
      'lamp_changed date check (isfinite(lamp_changed))',
      'reported_out_at timestamp with time zone check (isfinite(reported_out_at))',
      `location_category text check (location_category in ('street', 'square', 'park', 'bridge', 'alley', 'other'))`,
    ],
    indexes: ['using gin (pole gin_trgm_ops)', 'using gin (cabinet gin_trgm_ops)'],
  });
}
