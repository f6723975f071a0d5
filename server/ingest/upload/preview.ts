import type { Feature, FeatureCollection } from 'geojson';
import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/connect.ts';
import type { Layer } from '../../registry/layer.ts';

/** The most features of a preview: enough to see where they lie. */
const mostFeatures = 2_000;
/** How fine a preview is: parts of the longer side of what it covers. */
const fineness = 2_000;

/** What a preview says of a feature. */
export interface PreviewProperties {
  /** The row's number. */
  readonly row: number;
  readonly name: string | null;
  readonly outcome: 'insert' | 'update' | 'unchanged';
}

export interface Preview extends FeatureCollection {
  /** How many there are; `features` are at most 2,000 of them, those that change something first. */
  readonly count: number;
}

/** Where the rows of an import would lie: simplified, before the end of its transaction. */
export async function previewOf(trx: Transaction<Database>, layer: Layer): Promise<Preview> {
  const { rows: sizes } = await sql<{ count: number; span: number | null }>`
    select count(*) as count, greatest(max(st_xmax(geom)) - min(st_xmin(geom)), max(st_ymax(geom)) - min(st_ymin(geom))) as span
    from import_row where geom is not null`.execute(trx);
  const { count, span } = sizes[0] ?? { count: 0, span: null };
  const tolerance = (span ?? 0) / fineness;
  const { rows } = await sql<PreviewProperties & { geometry: string }>`
    select here._number as row, stored.${sql.id(layer.name)}::text as name,
      case when match._number is null then 'insert' when match.changed then 'update' else 'unchanged' end as outcome,
      st_asgeojson(${layer.geometry === 'Point' ? sql`here.geom` : sql`st_simplify(here.geom, ${tolerance}::float8, true)`}, 6) as geometry
    from import_row as here left join import_match as match using (_number)
    join ${sql.table(layer.id)} as stored on stored.code = here.code
    where here.geom is not null
    order by match._number is not null and not match.changed, hashint4(here._number) limit ${sql.lit(mostFeatures)}`.execute(
    trx,
  );
  const features = rows.map(
    ({ geometry, ...properties }): Feature => ({
      ...{ type: 'Feature', geometry: JSON.parse(geometry), properties },
    }),
  );
  return { type: 'FeatureCollection', features, count };
}
