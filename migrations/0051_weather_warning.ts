import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Weather warnings. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'weather_warning',
    geometry: 'MultiPolygon',
    columns: [
      'name text not null check (char_length(name) <= 300)',
      'event text check (char_length(event) <= 200)',
      `severity text check (severity in ('extreme', 'severe', 'moderate', 'minor', 'unknown'))`,
      `urgency text check (urgency in ('immediate', 'expected', 'future', 'past', 'unknown'))`,
      `certainty text check (certainty in ('observed', 'likely', 'possible', 'unlikely', 'unknown'))`,
      'effective timestamptz check (isfinite(effective))',
      'expires timestamptz not null check (isfinite(expires))',
      'expiry_assumed boolean',
      'area_desc text check (char_length(area_desc) <= 1000)',
      'description text check (char_length(description) <= 5000)',
      'instruction text check (char_length(instruction) <= 5000)',
      'sender_name text check (char_length(sender_name) <= 200)',
      'web text check (char_length(web) <= 500)',
    ],
    indexes: ['using gin (area_desc gin_trgm_ops)', '(expires)'],
  });
}
