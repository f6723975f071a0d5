import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/connect.ts';
import { fitGeometry } from '../../ingest/import/fit_geometry.ts';
import { checkGeometry } from '../../ingest/import/geometry_check.ts';
import { areaCodeOf } from '../areas.ts';
import type { Bbox } from '../catalogue.ts';
import type { Layer } from '../layer.ts';
import type { FieldError } from './input.ts';
import { pointerTo } from './input.ts';

/** A geometry that a layer can take: GeoJSON as the database writes it, and the village (or district) it lies in. */
export interface CheckedPlace {
  readonly geometry: string;
  readonly areaCode: string | null;
}

/** Checks a GeoJSON geometry that somebody drew: of the layer's kind, valid, inside the region. */
export async function checkPlace(
  trx: Transaction<Database>,
  layer: Layer,
  given: unknown,
  region: Bbox,
): Promise<CheckedPlace | FieldError> {
  const fault = (code: FieldError['code'], detail: string): FieldError => ({
    pointer: pointerTo('geometry'),
    code,
    detail,
  });
  const checked = checkGeometry(given, () => {});
  if (typeof checked === 'string') return fault('geometry', checked);
  const fitted = fitGeometry(checked, layer.geometry, undefined);
  if (typeof fitted === 'string') return fault('geometry', `must be a ${layer.geometry} in degrees`);
  const [west, south, east, north] = region;
  if ('crosses' in fitted && fitted.crosses) return fault('region', 'lies outside the region');
  const shape =
    'shape' in fitted
      ? sql`st_force2d(st_geomfromgeojson(${fitted.shape}))`
      : sql`st_makepoint(${fitted.x}, ${fitted.y})`;
  const { rows } = await sql<{ geometry: string; valid: boolean; inside: boolean; area: string | null }>`
    with given as materialized (select st_setsrid(${shape}, 4326) as geom),
    judged as materialized (select geom, st_isvalid(geom) and not st_isempty(geom) as valid,
      st_xmin(geom) >= ${west}::float8 and st_ymin(geom) >= ${south}::float8
      and st_xmax(geom) <= ${east}::float8 and st_ymax(geom) <= ${north}::float8 as inside from given),
    middle as materialized (select case when valid then st_pointonsurface(geom) end as at from judged)
    select st_asgeojson(geom, 15) as geometry, valid, inside, ${areaCodeOf(sql`middle.at`)} as area from judged, middle`.execute(
    trx,
  );
  const { geometry, valid, inside, area } = rows[0]!;
  if (!valid) return fault('crossing', 'must not cross itself');
  if (!inside) return fault('region', 'lies outside the region');
  return { geometry, areaCode: area };
}
