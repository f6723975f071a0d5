import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { type AreaLayer, areaLayers } from '../registry/areas.ts';
import type { Layer } from '../registry/layer.ts';

/** Where a role can be held: agencies that something or somebody belongs to, and the districts and villages. */
export interface HeldIn {
  readonly agencies: readonly string[];
  readonly areas: readonly { readonly layer: AreaLayer; readonly code: string; readonly name: string }[];
}

const mostAgencies = 1000;

/** The agencies that things, people and keys of machines belong to, and the areas by code; for forms to choose from. */
export async function heldIn(db: Kysely<Database>, layers: readonly Layer[]): Promise<HeldIn> {
  const tables = [...layers.map(({ id }) => id), 'account_grant', 'service_key'];
  const { rows: found } = await sql<{ agency: string }>`
    select agency from (${sql.join(
      tables.map((table) => sql`select agency from ${sql.table(table)}`),
      sql` union `,
    )}) as held
    where char_length(agency) between 1 and 100 order by lower(agency), agency limit ${sql.lit(mostAgencies)}`.execute(
    db,
  );
  const { rows: areas } = await sql<HeldIn['areas'][number]>`${sql.join(
    areaLayers.map(
      (id) => sql`select ${sql.lit(id)} as layer, code, name from ${sql.table(id)} where code is not null`,
    ),
    sql` union all `,
  )} order by layer, code`.execute(db);
  return { agencies: found.map(({ agency }) => agency), areas };
}
