import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/connect.ts';
import { frequentUpdates } from '../../database/layer_table.ts';
import { columnTypes } from '../../registry/ddl.ts';
import type { GeometryKind, Layer } from '../../registry/layer.ts';
import { attributesOf } from '../../registry/layer.ts';
import type { Fault } from './report.ts';

/** A row ready for the database: `_x`, `_y` of a point or `_shape` of another geometry, and values by column. */
export type StagedRow = Readonly<Record<string, string | number | boolean | null>> & { readonly _number: number };

/** The table beside the layer's, of this transaction only, where rows wait until all are known. */
export interface Stage {
  /** Columns that the file fills. */
  readonly columns: readonly string[];
  /** Writes a batch (at most 10,000 rows); answers with the rows that the database will not take, and why. */
  write(rows: readonly StagedRow[]): Promise<Fault[]>;
}

/** Makes the stage: a temporary table like the layer's, with its generated columns. */
export async function createStage(
  trx: Transaction<Database>,
  layer: Layer,
  columns: readonly string[],
): Promise<Stage> {
  const table = sql.table(layer.id);
  await sql`create temporary table import_row (like ${table} including generated) on commit drop`.execute(trx);
  await sql`alter table import_row drop column id, drop column version, drop column created_at, drop column updated_at,
    add column _number integer primary key, add column _repaired boolean not null,
    alter column geom type geometry`.execute(trx);
  for (const statement of frequentUpdates('import_row')) await sql.raw(statement).execute(trx); // each row is told its area
  const insert = insertStatement(layer, columns);
  const checks = await checksOf(trx, layer);
  return {
    columns,
    async write(rows) {
      const first = rows[0]?._number ?? 0;
      const last = rows.at(-1)?._number ?? 0;
      await sql`${insert(JSON.stringify(rows))}`.execute(trx);
      const refused = await sql<Fault & { rule: string | null }>`delete from import_row
        where _number between ${first} and ${last} and ${checks.broken}
        returning _number as "row", ${checks.reason} as reason, ${checks.rule} as rule`.execute(trx);
      return refused.rows.map(({ row, reason, rule }) => {
        const words = rule === null ? undefined : layer.rules?.[rule];
        return words ? { row, reason: `breaks the rule ${rule}: ${words.en}`, words } : { row, reason };
      });
    },
  };
}

/** One statement a batch: JSON → geometry → valid → cut at longitude 180 → of the layer's kind → stage. */
function insertStatement(layer: Layer, columns: readonly string[]): (rows: string) => RawBuilder<unknown> {
  const attributes = attributesOf(layer);
  const type = (column: string) => {
    const kind = attributes.get(column)?.kind ?? (column === 'observed_at' ? 'instant' : 'text');
    return sql`${sql.ref(column)} ${sql.raw(columnTypes[kind])}`;
  };
  const given = sql.join(columns.map(type));
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const comma = columns.length > 0 ? sql`,` : sql``;
  return (rows) => sql`
    with given as materialized (
      select *, case
        when _x is not null then st_setsrid(st_makepoint(_x, _y), 4326)
        when _shape is not null then st_force2d(st_setsrid(st_geomfromgeojson(_shape), 4326)) end as raw
      from json_to_recordset(${rows}::text::json) as row (
        _number integer, _x double precision, _y double precision, _shape text, _crosses boolean,
        code text, source text${comma} ${given})
    ), checked as materialized (
      select *, ${layer.geometry === 'Point' ? sql`false` : sql`raw is not null and not st_isvalid(raw)`} as broken from given
    ), whole as materialized (
      select *, case when broken then ${repaired(sql`raw`, layer.geometry)} else raw end as valid from checked
    ), fitted as materialized (
      select *, ${ofKind(layer.geometry)} as geom from whole
    )
    insert into import_row (_number, _repaired, code, source, geom${comma} ${names})
    select _number, broken and _crosses is not true, code, source, geom${comma} ${names}
    from fitted`;
}

const dimension = (kind: GeometryKind) => (kind.endsWith('Polygon') ? 3 : kind.endsWith('LineString') ? 2 : 1);

/**
 * A valid geometry of the layer's dimension. `method=structure` keeps to what was drawn (the default turns some polygons
 * into collections); where rounding leaves its result invalid, the default finishes it.
 */
function repaired(geometry: RawBuilder<unknown>, kind: GeometryKind): RawBuilder<unknown> {
  const wanted = sql.lit(dimension(kind));
  return sql`(select case when st_isvalid(kept) then kept else st_collectionextract(st_makevalid(kept), ${wanted}) end
    from (select st_collectionextract(st_makevalid(${geometry}, 'method=structure'), ${wanted}) as kept) as structured)`;
}

function ofKind(kind: GeometryKind): RawBuilder<unknown> {
  // A shape may have been unrolled by more than one turn: the outer turns are brought back first.
  const turned = [540, -540, 180, -180].reduce(
    (geometry, edge) => sql`st_wrapx(${geometry}, ${sql.lit(edge)}, ${sql.lit(edge > 0 ? -360 : 360)})`,
    sql`valid`,
  );
  const cut = sql`case when _crosses then ${repaired(turned, kind)} else valid end`;
  if (kind.startsWith('Multi')) return sql`st_multi(${cut})`;
  // Several parts in a layer of single ones are refused by the checks below.
  return sql`(select case when st_numgeometries(one) = 1 then st_geometryn(one, 1) else one end from (select ${cut} as one) as cut)`;
}

/** The conditions that the layer's own table puts on its rows: which of them a row breaks, and what it is to be told of it. */
async function checksOf(
  trx: Transaction<Database>,
  layer: Layer,
): Promise<Record<'broken' | 'reason' | 'rule', RawBuilder<unknown>>> {
  const { rows } = await sql<{ name: string; condition: string }>`
    select conname as name, pg_get_expr(conbin, conrelid) as condition from pg_constraint
    where contype = 'c' and conrelid = ${`"${layer.id}"`}::regclass`.execute(trx);
  const conditions = [
    { name: null, fails: sql`st_isempty(geom)`, reason: sql`'nothing is left of the geometry after repair'` },
    {
      name: null,
      fails: sql`geometrytype(geom) <> ${layer.geometry.toUpperCase()}`,
      reason: sql`'after repair a ' || st_numgeometries(geom) || '-part ' || geometrytype(geom) || ' where the layer has ' || ${layer.geometry}::text`,
    },
    ...rows.map(({ name, condition }) => ({
      name,
      fails: sql`(${sql.raw(condition)}) is false`,
      reason: sql`'breaks the rule ' || ${name}::text || ': ' || ${condition}::text`,
    })),
  ];
  const broken = sql.join(
    conditions.map(({ fails }) => fails),
    sql` or `,
  );
  const first = (told: (condition: (typeof conditions)[number]) => RawBuilder<unknown>) => {
    const cases = conditions.map((condition) => sql`when ${condition.fails} then ${told(condition)}`);
    return sql`case ${sql.join(cases, sql` `)} end`;
  };
  return {
    broken: sql`(${broken})`,
    reason: first(({ reason }) => reason),
    rule: first(({ name }) => sql`${name}::text`),
  };
}
