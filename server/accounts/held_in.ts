import { type Kysely, type RawBuilder, sql } from 'kysely';
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
  return { agencies: found.map(({ agency }) => agency), areas: await areasWhere(db, sql`code is not null`) };
}

/** The areas of these codes, and the districts that the villages among them lie in. */
export async function areasNamed(db: Kysely<Database>, codes: readonly string[]): Promise<HeldIn['areas']> {
  if (codes.length === 0) return [];
  const districts = codes.map((code) => code.slice(0, code.lastIndexOf('.')));
  return areasWhere(db, sql`code in (${sql.join([...codes, ...districts])})`);
}

async function areasWhere(db: Kysely<Database>, which: RawBuilder<unknown>): Promise<HeldIn['areas']> {
  const { rows } = await sql<HeldIn['areas'][number]>`${sql.join(
    areaLayers.map((id) => sql`select ${sql.lit(id)} as layer, code, name from ${sql.table(id)} where ${which}`),
    sql` union all `,
  )} order by layer, code`.execute(db);
  return rows;
}
