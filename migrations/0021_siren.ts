import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Sirens. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'siren',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `reported text check (reported in ('sounding', 'fault', 'armed', 'cancelled', 'idle', 'unknown'))`,
      `commanded text check (commanded in ('idle', 'armed', 'sounding', 'cancelled', 'quiet_test'))`,
      `verified text check (verified in ('verified', 'differs', 'unknown'))`,
      'confirms boolean',
      `pattern text check (pattern in ('steady', 'wail', 'pulse', 'voice'))`,
      'seconds integer check (seconds between 0 and 3600)',
      'sound_level_db double precision check (sound_level_db between 0 and 150)',
      'reach_m double precision check (reach_m between 0 and 20000)',
      'last_test timestamp with time zone check (isfinite(last_test))',
      'last_quiet_test timestamp with time zone check (isfinite(last_quiet_test))',
      'test_due timestamp with time zone check (isfinite(test_due))',
      'battery_percent double precision check (battery_percent between 0 and 100)',
      `protocol text check (protocol in ('mqtt', 'modbus', 'dtmf', 'relay', 'simulator'))`,
      // A siren that cannot report back is never verified.
      `constraint siren_verified check (confirms is not false or verified <> 'verified')`,
    ],
  });
}
