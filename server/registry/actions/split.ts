import type { Geometry } from 'geojson';
import { sql } from 'kysely';
import { record } from '../../audit/record.ts';
import { fitGeometry } from '../../ingest/import/fit_geometry.ts';
import { checkGeometry } from '../../ingest/import/geometry_check.ts';
import { areaCodeOf, isArea } from '../areas.ts';
import { type Acting, type Done, entryOf } from './acting.ts';
import { keptColumns } from './deleted.ts';
import { type FieldError, invalid, pointerTo } from './input.ts';
import { demand, rolesFor, whoseAfter } from './may.ts';
import { partOfKey } from './parts.ts';
import type { StoredRow } from './row.ts';
import { write } from './write.ts';

/** The most features that one line makes of one. */
const mostParts = 20;
/** Square metres of an area, metres of a line: less is a slip of the hand along the border. */
const leastSize = 1;

/** A part as the database cut it. */
interface Piece {
  /** GeoJSON text, every digit of it. */
  readonly geometry: string;
  readonly area: string | null;
  readonly size: number;
}

/** Reads the line to cut along, as GeoJSON text for the database. Throws `invalid_input`. */
export function cutOf({ wish }: Acting): string {
  const { cut, ...others } = wish.input;
  const errors = Object.keys(others).map((key): FieldError => fault('unknown', 'is not known here', key.slice(0, 60)));
  const checked = cut === undefined || cut === null ? undefined : checkGeometry(cut, () => {});
  const line =
    checked === undefined || typeof checked === 'string' ? checked : fitGeometry(checked, 'LineString', undefined);
  if (line === undefined) errors.push(fault('required', 'must be given'));
  else if (typeof line === 'string' || !('shape' in line) || line.crosses)
    errors.push(fault('geometry', 'must be a LineString in degrees'));
  else if (errors.length === 0) return line.shape;
  throw invalid(errors);
}

/**
 * Cuts a feature along a line. The largest piece keeps the id, and with it whatever the line does not cross; each other
 * piece becomes a feature with the same attributes and no code. Throws `invalid_input` when the line does not divide it.
 */
export async function split(acting: Acting, row: StoredRow, cut: string): Promise<Done> {
  const { origin, trx, view, wish } = acting;
  const { layer } = view;
  const [kept, ...others] = await cutRow(acting, row, cut);
  const areaOf = ({ area }: Piece) => (isArea(layer) ? row.area_code : area);
  for (const piece of [kept!, ...others])
    demand(
      origin.viewer,
      rolesFor(layer, 'split'),
      whoseAfter(row, { values: { area_code: areaOf(piece) }, geometry: piece.geometry }),
    );
  const made: { readonly id: number; readonly version: number; readonly piece: Piece }[] = [];
  for (const piece of others) made.push({ ...(await insertPart(acting, row, piece, areaOf(piece))), piece });

  const changes = { values: { area_code: areaOf(kept!) }, geometry: kept!.geometry };
  const parts = made.map(({ id, version }) => ({ id, version }));
  const done = await write(acting, row, changes, { parts: { before: [], after: parts } });
  const copied = keptColumns(layer).filter((key) => !newOfPart.has(key) && (row.values[key] ?? null) !== null);
  const same = Object.fromEntries(copied.map((key) => [key, row.values[key]]));
  for (const { id, version, piece } of made) {
    const area = areaOf(piece);
    const after = { ...same, ...(area !== null && { area_code: area }), geometry: JSON.parse(piece.geometry) };
    const said = { before: {}, after: { ...after, [partOfKey]: done.audit } };
    await record(trx, origin, { ...entryOf(wish), feature: id, version, ...said });
  }
  const geometryOf = ({ geometry }: Piece): Geometry => JSON.parse(geometry);
  return {
    ...done,
    parts: [
      { id: row.id, version: done.version, geometry: geometryOf(kept!) },
      ...made.map(({ piece, ...part }) => ({ ...part, geometry: geometryOf(piece) })),
    ],
  };
}

/** Columns that a part does not take over. */
const newOfPart: ReadonlySet<string> = new Set(['code', 'created_at', 'area_code', 'source']);

async function insertPart({ trx, view }: Acting, row: StoredRow, { geometry }: Piece, area: string | null) {
  const table = sql.table(view.layer.id);
  const columns = keptColumns(view.layer).filter((key) => !newOfPart.has(key));
  const same = columns.map((key) => sql`, ${sql.id(key)}`);
  const { rows } = await sql<{ id: number; version: number }>`
    insert into ${table} (geom, area_code, source ${sql.join(same, sql``)})
    select st_setsrid(st_geomfromgeojson(${geometry}), 4326), ${area}, 'operator' ${sql.join(same, sql``)}
    from ${table} where id = ${row.id}::bigint
    returning id, version`.execute(trx);
  return rows[0]!;
}

/** The pieces of a row, the one that keeps the id first. Throws `invalid_input`. */
async function cutRow({ trx, view }: Acting, row: StoredRow, cut: string): Promise<readonly Piece[]> {
  const { id, geometry } = view.layer;
  const size = geometry.endsWith('Polygon') ? sql`st_area(piece::geography)` : sql`st_length(piece::geography)`;
  const whole = geometry.startsWith('Multi') ? sql`st_multi(st_collect(piece))` : sql`(array_agg(piece))[1]`;
  // Along a part of a line it cannot be cut: PostGIS would fail.
  const { rows: along } = await sql`
    with line as materialized (select st_setsrid(st_force2d(st_geomfromgeojson(${cut})), 4326) as cut)
    select from ${sql.table(id)}, line where id = ${row.id}::bigint and st_dimension(geom) = 1 and st_relate(geom, cut, '1********')`.execute(
    trx,
  );
  if (along.length > 0) throw invalid([fault('cut', 'runs along the line that it should cut')]);
  const { rows } = await sql<Piece & { divided: boolean; valid: boolean }>`
    with line as materialized (select st_setsrid(st_force2d(st_geomfromgeojson(${cut})), 4326) as cut),
    part as materialized (select part.path, part.geom from ${sql.table(id)} as there, st_dump(there.geom) as part
      where there.id = ${row.id}::bigint),
    cut as materialized (select part.path, (st_dump(st_split(part.geom, line.cut))).geom as piece from part, line),
    sized as materialized (select piece, ${size} as size, count(*) over (partition by path) > 1 as divided from cut),
    ranked as (select *, row_number() over (order by divided desc, size desc, st_xmin(piece), st_ymin(piece)) as rank
      from sized),
    grouped as materialized (select case when divided then rank else 1 end as rank, ${whole} as geom, sum(size) as size,
      bool_or(divided) as divided from ranked group by 1)
    select st_asgeojson(geom, 15) as geometry, divided, st_isvalid(geom) as valid, size, ${areaCodeOf(sql`grouped.geom`)} as area
    from grouped order by rank`.execute(trx);
  if (!rows[0]?.divided || rows.length < 2)
    throw invalid([fault('cut', 'does not divide the shape: begin and end it outside')]);
  if (rows.length > mostParts) throw invalid([{ ...fault('max', `at most ${mostParts} parts`), limit: mostParts }]);
  if (rows.some(({ valid, size: of }) => !valid || of < leastSize))
    throw invalid([fault('cut', 'leaves a part that is too small')]);
  return rows;
}

function fault(code: FieldError['code'], detail: string, key = 'cut'): FieldError {
  return { pointer: pointerTo(key), code, detail };
}
