import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/connect.ts';
import { madeCodePrefix } from '../../database/layer_table.ts';
import { areaLayers, isArea } from '../../registry/areas.ts';
import type { Layer } from '../../registry/layer.ts';
import type { ImportOptions, Load } from './import_file.ts';
import { type ChangeEntries, changeEntries } from './record_import.ts';
import type { Fault } from './report.ts';
import { refuseRows } from './row_rights.ts';

export interface Merged {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly unlocated: number;
  /** Rows whose code an earlier row of the file had. */
  readonly skipped: readonly Fault[];
  /** Rows that whoever imports may not write. */
  readonly refused: readonly Fault[];
  readonly repaired: readonly number[];
}

/**
 * Brings the staged rows into the layer's table by `code`: new ones are inserted, those that differ updated, the others
 * left alone. A staged row without a place keeps the place it has.
 */
export async function mergeStage(
  trx: Transaction<Database>,
  { layer, file }: Pick<Load, 'layer' | 'file'>,
  columns: readonly string[],
  { by, rights }: Pick<ImportOptions, 'by' | 'rights'>,
  onProgress: (written: number) => void,
): Promise<Merged> {
  await numberContentKeys(trx);
  const skipped = await dropRepeated(trx);
  onProgress(0);
  if (!isArea(layer)) await findAreas(trx);
  await matchKnown(trx, layer, columns);
  onProgress(0);
  const refused = rights ? await refuseRows(trx, layer, columns, rights) : [];
  const known = await countKnown(trx);
  const { rows } = await sql<{ count: number; last: number | null; unlocated: number; repaired: number[] | null }>`
    select count(*) as count, max(_number) as last, count(*) filter (where geom is null) as unlocated,
      to_jsonb(array_agg(_number order by _number) filter (where _repaired)) as repaired from import_row`.execute(trx);
  const staged = rows[0] ?? { count: 0, last: null, unlocated: 0, repaired: null };
  if (known.changed > 0) await updateChanged(trx, layer, columns, changeEntries(by, layer, columns, file));
  for (let from = 0; from < (staged.last ?? 0); from += chunkRows) {
    await insertNew(trx, layer, columns, from, from + chunkRows);
    onProgress(Math.min(from + chunkRows, staged.last ?? 0));
  }
  return {
    inserted: staged.count - known.same - known.changed,
    updated: known.changed,
    unchanged: known.same,
    unlocated: staged.unlocated,
    ...{ skipped, refused },
    repaired: staged.repaired ?? [],
  };
}

const chunkRows = 50_000;

/** Alike rows without a key stay apart by their turn in the file: `auto:…`, `auto:…-2`, `auto:…-3`. */
async function numberContentKeys(trx: Transaction<Database>): Promise<void> {
  await sql`update import_row set code = import_row.code || '-' || turn
    from (select _number, row_number() over (partition by code order by _number) as turn
      from import_row where starts_with(code, ${madeCodePrefix})) as numbered
    where numbered._number = import_row._number and turn > 1`.execute(trx);
}

async function dropRepeated(trx: Transaction<Database>): Promise<Fault[]> {
  const { rows } = await sql<Fault>`delete from import_row
    using (select _number, first_value(_number) over (partition by code order by _number) as first from import_row) as known
    where known._number = import_row._number and known.first < known._number
    returning import_row._number as "row",
      'skipped: code ' || import_row.code || ' was in row ' || known.first as reason`.execute(trx);
  return rows.toSorted((a, b) => a.row - b.row);
}

/** The area code of each row, by the rule of `areaCodeOf`. */
async function findAreas(trx: Transaction<Database>): Promise<void> {
  await sql`create index on import_row using gist (st_pointonsurface(geom))`.execute(trx);
  await sql`analyze import_row`.execute(trx);
  // From the areas' side, so that each outline is prepared once: five times faster than from the rows'.
  for (const id of areaLayers)
    await sql`update import_row set area_code = found.code
      from (select distinct on (_number) _number, area.code
        from ${sql.table(id)} as area join import_row on st_intersects(area.geom, st_pointonsurface(import_row.geom))
        where area.code is not null and import_row.area_code is null order by _number, area.code) as found
      where found._number = import_row._number`.execute(trx);
}

/** Finds the staged rows that are in the layer already, and which of them say something new: `import_match`. */
async function matchKnown(trx: Transaction<Database>, layer: Layer, columns: readonly string[]): Promise<void> {
  // A table that just grew has no statistics yet, and the join without them takes minutes.
  await sql`analyze import_row (_number, code)`.execute(trx);
  await sql`analyze ${sql.table(layer.id)} (id, code)`.execute(trx);
  const differs = columns.map((column) => sql`or there.${sql.ref(column)} is distinct from here.${sql.ref(column)}`);
  await sql`create temporary table import_match on commit drop as
    select here._number, there.id, not starts_with(there.source, 'import:')
      or here.geom is not null and (there.geom is distinct from here.geom or there.area_code is distinct from here.area_code)
      ${sql.join(differs, sql` `)} as changed
    from import_row as here join ${sql.table(layer.id)} as there on there.code = here.code`.execute(trx);
  await sql`analyze import_match`.execute(trx);
}

async function countKnown(trx: Transaction<Database>): Promise<{ same: number; changed: number }> {
  const { rows } = await sql<{ same: number; changed: number }>`
    select count(*) filter (where not changed) as same, count(*) filter (where changed) as changed from import_match`.execute(
    trx,
  );
  return rows[0] ?? { same: 0, changed: 0 };
}

/** Updates the rows that differ; `entries` adds for each what it was and what it became to the audit trail. */
async function updateChanged(
  trx: Transaction<Database>,
  layer: Layer,
  columns: readonly string[],
  entries: ChangeEntries,
): Promise<void> {
  const set = columns.map((column) => sql`, ${sql.ref(column)} = here.${sql.ref(column)}`);
  await sql`with was as materialized (
      select there.id, ${entries.values} as values from ${sql.table(layer.id)} as there
      join import_match as match on there.id = match.id and match.changed
    ), written as (
      update ${sql.table(layer.id)} as there set source = here.source, geom = coalesce(here.geom, there.geom),
        area_code = case when here.geom is null then there.area_code else here.area_code end ${sql.join(set, sql` `)}
      from import_match as match join import_row as here using (_number)
      where there.id = match.id and match.changed
      returning there.id, there.version, ${entries.values} as values
    ) ${entries.insert}`.execute(trx);
}

async function insertNew(
  trx: Transaction<Database>,
  layer: Layer,
  columns: readonly string[],
  from: number,
  to: number,
): Promise<void> {
  const all = new Set(['code', 'source', 'geom', 'area_code', 'agency', ...columns]);
  const names = sql.join([...all].map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(layer.id)} (${names}) select ${names} from import_row
    where _number > ${from} and _number <= ${to} and not exists (select from import_match where import_match._number = import_row._number)
    order by _number`.execute(trx);
}
