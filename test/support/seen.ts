import type { MultiPolygon } from 'geojson';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../../server/database/connect.ts';
import { type Layer, outwardAttributes } from '../../server/registry/layer.ts';
import type { Grant, Viewer } from '../../server/registry/viewer.ts';
import type { VisiblePart } from '../../server/registry/visibility.ts';

/** What ought to be seen, worked out from the layer files alone: the oracle of the tests on views. */

/** How many parts of a layer some grants show, of whatever rows. */
export function partsOf(layer: Layer, { grants }: Viewer): number {
  return grants.flatMap((grant) => visibleParts(layer, grant)).length;
}

function visibleParts(layer: Layer, grant: Grant): readonly VisiblePart[] {
  const visibility = layer.visible[grant.role] ?? layer.visible.default;
  if (visibility === 'none') return [];
  if (visibility === 'all') return [{ attributes: 'all' }];
  const parts: readonly VisiblePart[] = 'attributes' in visibility ? [visibility] : visibility;
  return parts.filter(({ own }) => !own || grant.agency !== undefined);
}

/** A row, and whose it is. */
export interface OwnedRow {
  readonly id: number;
  readonly agency: string | null;
  readonly area_code: string | null;
}

async function isWithin(db: Kysely<Database>, layer: Layer, id: number, polygon: MultiPolygon): Promise<boolean> {
  const { rows } = await sql`select from ${sql.table(layer.id)} where id = ${id}
    and st_within(geom, st_setsrid(st_geomfromgeojson(${JSON.stringify(polygon)}), 4326))`.execute(db);
  return rows.length > 0;
}

/** The attributes that ought to be seen of a row, undefined when it is not to be seen at all. */
export async function seenOf(
  db: Kysely<Database>,
  layer: Layer,
  { id, agency, area_code }: OwnedRow,
  grants: readonly Grant[],
): Promise<ReadonlySet<string> | undefined> {
  const found = new Set<string>();
  const all = [...outwardAttributes(layer).keys()];
  let any = false;
  for (const grant of grants)
    for (const { attributes, where, own } of visibleParts(layer, grant)) {
      const { areas, polygon } = grant;
      const inside =
        (!areas && !polygon) ||
        (areas?.some((code) => area_code === code || area_code?.startsWith(`${code}.`)) ?? false) ||
        (polygon !== undefined && (await isWithin(db, layer, id, polygon)));
      if (own && !(agency === grant.agency && inside)) continue;
      if (where) {
        // What the layer files say in CQL2 is SQL as well.
        const { rows } = await sql`select from ${sql.table(layer.id)} where id = ${id} and (${sql.raw(where)})`.execute(
          db,
        );
        if (rows.length === 0) continue;
      }
      any = true;
      for (const key of attributes === 'all' ? all : attributes) found.add(key);
      found.add(layer.name);
    }
  return any ? found : undefined;
}
