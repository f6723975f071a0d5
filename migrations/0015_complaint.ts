import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Complaints. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'complaint',
    geometry: 'Point',
    columns: [
      'subject text not null check (char_length(subject) <= 200)',
      `category text check (category in ('road', 'streetlight', 'drainage', 'waste', 'water', 'fallen_tree', 'traffic', 'parking', 'public_order', 'noise', 'health', 'education', 'civil_registry', 'social_aid', 'permit', 'levy', 'other'))`,
      'description text check (char_length(description) <= 4000)',
      `channel text check (channel in ('whatsapp', 'web', 'app', 'phone', 'call_112', 'lapor', 'open311', 'email', 'sms', 'social', 'counter', 'camera'))`,
      `state text check (state in ('received', 'triaged', 'assigned', 'in_progress', 'waiting', 'done', 'confirmed', 'reopened', 'merged', 'refused'))`,
      `triage text check (triage in ('normal', 'information', 'ghost', 'prank'))`,
      'received_at timestamp with time zone check (isfinite(received_at))',
      'verify_due_at timestamp with time zone check (isfinite(verify_due_at))',
      'due_at timestamp with time zone check (isfinite(due_at))',
      'closed_at timestamp with time zone check (isfinite(closed_at))',
      'waiting_reason text check (char_length(waiting_reason) <= 200)',
      'public_reply text check (char_length(public_reply) <= 4000)',
      'votes integer check (votes >= 0)',
      'duplicates integer check (duplicates >= 0)',
      'merged_into text check (char_length(merged_into) <= 100)',
      'address text check (char_length(address) <= 500)',
      'secret boolean',
      'anonymous boolean',
      'reporter_name text check (char_length(reporter_name) <= 200)',
      'reporter_phone text check (char_length(reporter_phone) <= 50)',
    ],
    indexes: ['using gin (subject gin_trgm_ops)', 'using gin (address gin_trgm_ops)'],
  });
}
