import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/connect.ts';
import { ownAgency } from '../../registry/actions/create.ts';
import { may, rolesFor } from '../../registry/actions/may.ts';
import { filterSql, masksOf, rowsOf } from '../../registry/filter/filter.ts';
import type { Layer } from '../../registry/layer.ts';
import type { View } from '../../registry/view.ts';
import type { Viewer } from '../../registry/viewer.ts';
import type { Fault } from './report.ts';

/** Who imports, and what they see of the layer. */
export interface RowRights {
  readonly viewer: Viewer;
  readonly view: View;
}

/**
 * Takes the rows out of the stage that somebody may not write: by the same rule as adding and editing one by one, on what a
 * row was and on what it becomes. Answers them with the reason, which tells no more than the view does.
 */
export async function refuseRows(
  trx: Transaction<Database>,
  layer: Layer,
  columns: readonly string[],
  rights: RowRights,
): Promise<Fault[]> {
  const agency = ownAgency(rights.viewer, rolesFor(layer, 'create'));
  if (agency !== null)
    await sql`update import_row set agency = ${agency} where agency is null
      and not exists (select from import_match where import_match._number = import_row._number)`.execute(trx);
  const unseen = await refuseUnseen(trx, layer, columns, rights);
  await takeOut(trx, unseen); // whose they are is not said as well
  const others = await refuseOthers(trx, layer, columns, rights);
  await takeOut(trx, others);
  return [...unseen, ...others].toSorted((a, b) => a.row - b.row);
}

async function takeOut(trx: Transaction<Database>, faults: readonly Fault[]): Promise<void> {
  if (faults.length === 0) return;
  const numbers = JSON.stringify(faults.map(({ row }) => row));
  for (const table of ['import_row', 'import_match'])
    await sql`delete from ${sql.table(table)} using json_array_elements_text(${numbers}::text::json) as refused(number)
      where _number = refused.number::int`.execute(trx);
}

/** Rows whose code belongs to a feature that the viewer does not see, or of which they do not see what would be written. */
async function refuseUnseen(
  trx: Transaction<Database>,
  layer: Layer,
  columns: readonly string[],
  { view }: RowRights,
): Promise<Fault[]> {
  const masks = [...masksOf(view)].filter(([key]) => columns.includes(key)).map(([, mask]) => filterSql(mask));
  if (view.where === undefined && masks.length === 0) return [];
  const open = sql.join([sql`true`, ...masks.map((mask) => sql`coalesce(${mask}, false)`)], sql` and `);
  const { rows } = await sql<{ number: number; code: string; seen: boolean }>`
    select match._number as number, here.code, there.id is not null as seen
    from import_match as match join import_row as here using (_number) left join (
      select id, ${open} as open from ${sql.table(layer.id)}
      where id in (select id from import_match) and ${rowsOf(view)}) as there on there.id = match.id
    where there.open is not true`.execute(trx);
  return rows.map(({ number, code, seen }) => ({
    row: number,
    reason: seen ? 'holds what you may not change of this feature' : `the code "${code}" is taken`,
  }));
}

interface Crossing {
  readonly isNew: boolean;
  readonly was_agency: string | null;
  readonly was_area: string | null;
  /** GeoJSON text; null where no grant asks for it. */
  readonly was_geometry: string | null;
  readonly agency: string | null;
  readonly area_code: string | null;
  readonly geometry: string | null;
  readonly numbers: readonly number[];
}

/**
 * Rows of an agency or area that is not the viewer's. There are few pairs of them, however many rows; only where an outline is
 * compared each row is looked at.
 */
async function refuseOthers(
  trx: Transaction<Database>,
  layer: Layer,
  columns: readonly string[],
  { viewer }: RowRights,
): Promise<Fault[]> {
  const geometry = (of: RawBuilder<unknown>) =>
    viewer.grants.some(({ polygon }) => polygon) ? sql`st_asgeojson(${of}, 15)` : sql`null::text`;
  const agency = columns.includes('agency') ? sql`here.agency` : sql`coalesce(there.agency, here.agency)`;
  const { rows } = await sql<Crossing>`
    select there.id is null as "isNew", there.agency as was_agency, there.area_code as was_area,
      ${geometry(sql`there.geom`)} as was_geometry, ${agency} as agency,
      case when there.id is not null and here.geom is null then there.area_code else here.area_code end as area_code,
      ${geometry(sql`coalesce(here.geom, there.geom)`)} as geometry,
      to_jsonb(array_agg(here._number)) as numbers
    from import_row as here left join import_match as match using (_number)
    left join ${sql.table(layer.id)} as there on there.id = match.id
    where match._number is null or match.changed group by 1, 2, 3, 4, 5, 6, 7`.execute(trx);
  return rows.flatMap(({ isNew, was_agency, was_area, was_geometry, numbers, ...becomes }) => {
    const roles = rolesFor(layer, isNew ? 'create' : 'edit');
    const was = { agency: was_agency, area_code: was_area, geometry: was_geometry };
    const mayNow = isNew || may(viewer, roles, was);
    if (mayNow && may(viewer, roles, becomes)) return [];
    const whose = mayNow ? becomes : was;
    const reason = `not yours to write (agency ${whose.agency ?? '–'}, area ${whose.area_code ?? '–'})`;
    return numbers.map((row) => ({ row, reason }));
  });
}
