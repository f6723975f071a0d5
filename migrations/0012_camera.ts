import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Cameras. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'camera',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `status text check (status in ('online', 'degraded', 'offline', 'disabled', 'unknown'))`,
      `owner_type text check (owner_type in ('city', 'agency', 'police', 'private_building', 'other'))`,
      'owner text check (char_length(owner) <= 200)',
      `purpose text check (purpose in ('security', 'disaster_prevention', 'traffic', 'traffic_information'))`,
      'legal_basis text check (char_length(legal_basis) <= 200)',
      'dpia_ref text check (char_length(dpia_ref) <= 100)',
      'retention_days integer check (retention_days between 0 and 3650)',
      'sign_installed boolean',
      'heading_deg double precision check (heading_deg between 0 and 360)',
      'fov_deg double precision check (fov_deg between 0 and 360)',
      'range_m double precision check (range_m between 0 and 20000)',
      'ptz boolean',
      'preset_count integer check (preset_count between 0 and 256)',
      'last_ok timestamp with time zone check (isfinite(last_ok))',
      'address text check (char_length(address) <= 200)',
      'contact text check (char_length(contact) <= 200)',
      'upstream_switch text check (char_length(upstream_switch) <= 100)',
      'upstream_power text check (char_length(upstream_power) <= 100)',
      `protocol text check (protocol in ('rtsp', 'onvif', 'hls', 'flv', 'whep', 'mjpeg'))`,
      'stream_address text check (char_length(stream_address) <= 2000)',
    ],
    indexes: ['using gin (address gin_trgm_ops)'],
  });
}
