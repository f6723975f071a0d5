import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Panic buttons. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'panic_button',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      'device text check (char_length(device) <= 100)',
      `kind text check (kind in ('pole', 'app'))`,
      `state text check (state in ('pressed', 'acknowledged', 'dispatched', 'silent', 'idle', 'closed', 'false_alarm'))`,
      'pressed_at timestamp with time zone check (isfinite(pressed_at))',
      'ack_by text check (char_length(ack_by) <= 200)',
      'ack_at timestamp with time zone check (isfinite(ack_at))',
      'comment text check (char_length(comment) <= 1000)',
      'battery_percent double precision check (battery_percent between 0 and 100)',
      'battery_v double precision check (battery_v between 0 and 60)',
    ],
    indexes: ['using gin (device gin_trgm_ops)'],
  });
}
