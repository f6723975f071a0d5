import { type Kysely, sql } from 'kysely';
import { createLayerTable, frequentUpdates } from '../server/database/layer_table.ts';

/** Units: whoever is on duty and moves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'unit',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      `kind text check (kind in ('patrol_car', 'motorcycle', 'ambulance', 'fire_engine', 'rescue_truck', 'water_tanker', 'boat', 'foot_team', 'other'))`,
      `state text check (state in ('on_scene', 'responding', 'enroute', 'staging', 'committed', 'delayed', 'unavailable', 'out_of_service', 'available', 'returning', 'released', 'cancelled'))`,
      'task text check (char_length(task) <= 500)',
      'speed_km_h double precision check (speed_km_h between 0 and 300)',
      'course_deg double precision check (course_deg between 0 and 360)',
      'battery_percent double precision check (battery_percent between 0 and 100)',
      `link text check (link in ('online', 'offline', 'unknown'))`,
    ],
  });
  // Some hundred rows that move all the time: whoever looks for those in a box reads them all sooner than an index that
  // every move would have to change.
  await sql`drop index unit_geom`.execute(db);
  for (const statement of frequentUpdates('unit')) await sql.raw(statement).execute(db);
}
