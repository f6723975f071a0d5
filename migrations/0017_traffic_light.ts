import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Traffic lights. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'traffic_light',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `mode text check (mode in ('dark', 'flash', 'all_red', 'manual', 'free', 'fixed_time', 'actuated', 'coordinated', 'unknown'))`,
      'commanded_plan integer check (commanded_plan between 0 and 255)',
      'running_plan integer check (running_plan between 0 and 255)',
      `verified text check (verified in ('verified', 'differs', 'unknown'))`,
      `flash_cause text check (flash_cause in ('not_flash', 'automatic', 'local_manual', 'fault_monitor', 'mmu', 'startup', 'preempt', 'other'))`,
      `controller_state text check (controller_state in ('startup', 'control', 'standby', 'failure', 'test'))`,
      'signal_groups text check (char_length(signal_groups) <= 64)',
      'stage integer check (stage between 0 and 255)',
      'cycle_s integer check (cycle_s between 0 and 600)',
      'cycle_counter_s integer check (cycle_counter_s between 0 and 600)',
      'offset_s integer check (offset_s between 0 and 600)',
      'override_by text check (char_length(override_by) <= 200)',
      'override_reason text check (char_length(override_reason) <= 200)',
      'override_until timestamp with time zone check (isfinite(override_until))',
      `road_status text check (road_status in ('national', 'provincial', 'regency', 'city', 'village'))`,
      'approval_ref text check (char_length(approval_ref) <= 100)',
      `protocol text check (protocol in ('rsmp', 'ntcip', 'simulator', 'none'))`,
      'site_id text check (char_length(site_id) <= 100)',
    ],
  });
}
