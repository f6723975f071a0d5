import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Hospitals with their beds by class. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'hospital',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `facility_status text check (facility_status in ('normal', 'compromised', 'closed', 'evacuating', 'pending', 'no_response'))`,
      `igd_status text check (igd_status in ('normal', 'advisory', 'closed', 'not_applicable'))`,
      // Null when no class was ever reported, else the sum of those that were.
      `beds_free integer generated always as (
        case when coalesce(vvip_free, class1_free, class2_free, class3_free, icu_free, nicu_free, picu_free,
          isolation_free, other_free) is not null
        then coalesce(vvip_free, 0) + coalesce(class1_free, 0) + coalesce(class2_free, 0) + coalesce(class3_free, 0)
          + coalesce(icu_free, 0) + coalesce(nicu_free, 0) + coalesce(picu_free, 0) + coalesce(isolation_free, 0)
          + coalesce(other_free, 0) end) stored`,
      'beds_total integer check (beds_total between 0 and 100000)',
      'queue integer check (queue between 0 and 10000)',
      'vvip_total integer check (vvip_total between 0 and 10000)',
      'vvip_free integer check (vvip_free between 0 and 10000)',
      'vvip_at timestamp with time zone check (isfinite(vvip_at))',
      'class1_total integer check (class1_total between 0 and 10000)',
      'class1_free integer check (class1_free between 0 and 10000)',
      'class1_at timestamp with time zone check (isfinite(class1_at))',
      'class2_total integer check (class2_total between 0 and 10000)',
      'class2_free integer check (class2_free between 0 and 10000)',
      'class2_at timestamp with time zone check (isfinite(class2_at))',
      'class3_total integer check (class3_total between 0 and 10000)',
      'class3_free integer check (class3_free between 0 and 10000)',
      'class3_at timestamp with time zone check (isfinite(class3_at))',
      'icu_total integer check (icu_total between 0 and 10000)',
      'icu_free integer check (icu_free between 0 and 10000)',
      'icu_at timestamp with time zone check (isfinite(icu_at))',
      'nicu_total integer check (nicu_total between 0 and 10000)',
      'nicu_free integer check (nicu_free between 0 and 10000)',
      'nicu_at timestamp with time zone check (isfinite(nicu_at))',
      'picu_total integer check (picu_total between 0 and 10000)',
      'picu_free integer check (picu_free between 0 and 10000)',
      'picu_at timestamp with time zone check (isfinite(picu_at))',
      'isolation_total integer check (isolation_total between 0 and 10000)',
      'isolation_free integer check (isolation_free between 0 and 10000)',
      'isolation_at timestamp with time zone check (isfinite(isolation_at))',
      'other_total integer check (other_total between 0 and 10000)',
      'other_free integer check (other_free between 0 and 10000)',
      'other_at timestamp with time zone check (isfinite(other_at))',
      `hospital_class text check (hospital_class in ('a', 'b', 'c', 'd', 'd_pratama'))`,
      'hospital_type text check (char_length(hospital_type) <= 100)',
      'owner text check (char_length(owner) <= 200)',
      'address text check (char_length(address) <= 200)',
      'phone text check (char_length(phone) <= 50)',
    ],
    indexes: ['using gin (address gin_trgm_ops)'],
  });
}
