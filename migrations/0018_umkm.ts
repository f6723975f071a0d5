import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Small businesses. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'umkm',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `category text check (category in ('food', 'grocery', 'retail', 'fashion', 'craft', 'farming', 'tobacco', 'coffee_cocoa', 'fishery', 'livestock', 'repair', 'beauty', 'laundry', 'building', 'transport', 'lodging', 'services', 'other'))`,
      `scale text check (scale in ('micro', 'small', 'medium', 'large'))`,
      'kbli text check (char_length(kbli) <= 5)',
      'activity text check (char_length(activity) <= 500)',
      'sector text check (char_length(sector) <= 200)',
      `risk text check (risk in ('low', 'medium_low', 'medium_high', 'high'))`,
      'products text check (char_length(products) <= 500)',
      'register_year integer check (register_year between 1900 and 2200)',
      `position_precision text check (position_precision in ('surveyed', 'geocoded', 'village'))`,
      'nib text check (char_length(nib) <= 13)',
      `nib_status text check (nib_status in ('active', 'not_active', 'permitted', 'operating', 'frozen', 'revoked'))`,
      'address text check (char_length(address) <= 500)',
      'workers_male integer check (workers_male between 0 and 1000000)',
      'workers_female integer check (workers_female between 0 and 1000000)',
      'investment_idr double precision check (investment_idr between 0 and 1000000000000000)',
      'turnover_idr double precision check (turnover_idr between 0 and 1000000000000000)',
      `turnover_band text check (turnover_band in ('up_to_2_billion', 'up_to_15_billion', 'up_to_50_billion', 'above_50_billion'))`,
    ],
  });
}
