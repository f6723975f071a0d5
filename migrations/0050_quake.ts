import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

/** Earthquakes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'quake',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 300)',
      'magnitude double precision not null check (magnitude between -2 and 10)',
      `strength text generated always as (case
        when tsunami = 'yes' then 'tsunami'
        when magnitude >= 6 then 'strong'
        when magnitude >= 5 then 'moderate'
        else 'light' end) stored`,
      'depth_km double precision check (depth_km between 0 and 800)',
      `tsunami text check (tsunami in ('yes', 'no'))`,
      'potential text check (char_length(potential) <= 500)',
      'felt text check (char_length(felt) <= 2000)',
      'felt_mmi integer check (felt_mmi between 1 and 12)',
      'shakemap text check (char_length(shakemap) <= 500)',
    ],
  });
}
