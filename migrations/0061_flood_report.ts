import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Reports of floods. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'flood_report',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `depth text generated always as (case
        when depth_cm > 150 then 'over_150_cm'
        when depth_cm >= 70 then '70_to_150_cm'
        when depth_cm >= 0 then 'under_70_cm'
        else 'unknown' end) stored`,
      'depth_cm double precision check (depth_cm between 0 and 2000)',
      'report text check (char_length(report) <= 2000)',
      'channel text check (char_length(channel) <= 60)',
      'photo text check (char_length(photo) <= 500)',
    ],
    indexes: ['using gin (report gin_trgm_ops)'],
  });
}
