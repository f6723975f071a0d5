import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Shelters and assembly points. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'shelter',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `kind text check (kind in ('assembly_point', 'shelter', 'command_post', 'kitchen'))`,
      `state text check (state in ('full', 'nearly_full', 'open', 'ready', 'unusable'))`,
      'capacity integer check (capacity between 0 and 1000000)',
      'occupied integer check (occupied between 0 and 1000000)',
      'needs text check (char_length(needs) <= 1000)',
      'accessible boolean',
      'water boolean',
      'toilets integer check (toilets between 0 and 10000)',
      'address text check (char_length(address) <= 500)',
      'keeper text check (char_length(keeper) <= 200)',
      'keeper_phone text check (char_length(keeper_phone) <= 50)',
    ],
    indexes: ['using gin (address gin_trgm_ops)'],
  });
}
