import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { seriesTable } from '../database/series_table.ts';
import type { Layer } from './layer.ts';

/** Throws an Error that names the layers without a table, or with a series and no table for it, and says where to get it from. */
export async function demandTables(db: Kysely<Database>, layers: readonly Layer[]): Promise<void> {
  const wanted = layers.flatMap((layer) => [layer.id, ...(layer.series ? [seriesTable(layer.id)] : [])]);
  const { rows } = await sql<{ name: string }>`
    select name from json_array_elements_text(${JSON.stringify(wanted)}::text::json) as name
    where to_regclass(quote_ident(name)) is null`.execute(db);
  if (rows.length > 0)
    throw new Error(
      `The database has no table ${rows.map(({ name }) => name).join(', ')}: \`npm test -- test/layers\` prints the migration that is missing.`,
    );
}
