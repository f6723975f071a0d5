import type { Kysely } from 'kysely';
import { createSeriesTable } from '../server/database/series_table.ts';

/** How many beds were free, and how many waited for one, over time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const classes = ['vvip', 'class1', 'class2', 'class3', 'icu', 'nicu', 'picu', 'isolation', 'other'];
  await createSeriesTable(db, {
    layer: 'hospital',
    columns: [
      'beds_free double precision',
      'queue double precision',
      'facility_status text',
      ...classes.map((name) => `${name}_free double precision`),
      'quality text',
    ],
  });
}
