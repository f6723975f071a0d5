import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** River gauges; siaga follows from the level and the thresholds of the station. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'river_gauge',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      'river text check (char_length(river) <= 200)',
      'level_cm double precision check (level_cm between -1000 and 5000)',
      // 1 is the worst. Without an operator of its own a station's threshold counts when it is reached (>=).
      `siaga text generated always as (
        case
          when level_cm is null or siaga1_cm is null or siaga2_cm is null or siaga3_cm is null then null
          when level_cm > siaga1_cm or (level_cm = siaga1_cm and threshold_operator is distinct from 'above') then '1'
          when level_cm > siaga2_cm or (level_cm = siaga2_cm and threshold_operator is distinct from 'above') then '2'
          when level_cm > siaga3_cm or (level_cm = siaga3_cm and threshold_operator is distinct from 'above') then '3'
          else '4'
        end) stored`,
      'rate_cm_h double precision check (rate_cm_h between -3000 and 3000)',
      `trend text check (trend in ('rising', 'steady', 'falling'))`,
      'siaga1_cm double precision check (siaga1_cm between -1000 and 5000)',
      'siaga2_cm double precision check (siaga2_cm between -1000 and 5000)',
      'siaga3_cm double precision check (siaga3_cm between -1000 and 5000)',
      'siaga4_cm double precision check (siaga4_cm between -1000 and 5000)',
      `threshold_operator text check (threshold_operator in ('at_or_above', 'above'))`,
      'threshold_source text check (char_length(threshold_source) <= 200)',
      'threshold_since date check (isfinite(threshold_since))',
      `quality text check (quality in ('good', 'unchecked', 'suspect', 'bad'))`,
      `method text check (method in ('telemetry', 'manual', 'camera'))`,
      'travel_min integer check (travel_min between 0 and 20160)',
      'next_gauge_code text check (char_length(next_gauge_code) <= 100)',
      'constraint river_gauge_siaga_order check (siaga1_cm > siaga2_cm and siaga2_cm > siaga3_cm)',
    ],
    indexes: ['using gin (river gin_trgm_ops)'],
  });
}
