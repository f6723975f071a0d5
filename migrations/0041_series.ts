import { type Kysely, sql } from 'kysely';
import { frequentUpdates } from '../server/database/layer_table.ts';
import { createSeriesTable } from '../server/database/series_table.ts';

/** The readings of river gauges and the ways of units, over time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createSeriesTable(db, { layer: 'river_gauge', columns: ['level_cm double precision', 'quality text'] });
  await createSeriesTable(db, {
    layer: 'unit',
    moving: true,
    columns: ['speed_km_h double precision', 'course_deg double precision', 'state text'],
  });
  for (const statement of frequentUpdates('river_gauge')) await sql.raw(statement).execute(db);
}
