import type { Kysely } from 'kysely';
import { createSeriesTable } from '../server/database/series_table.ts';

/** How many people a shelter held, over time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createSeriesTable(db, { layer: 'shelter', columns: ['occupied double precision', 'state text'] });
}
