import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Catalogue } from '../server/registry/catalogue.ts';
import { rowsOf } from '../server/registry/filter/filter.ts';
import { attributesOf } from '../server/registry/layer.ts';
import { layerFiles } from '../server/registry/registry.ts';
import { viewOf } from '../server/registry/view.ts';
import { visitor } from '../server/registry/viewer.ts';
import { doorOf } from './support/acting.ts';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';
import { seededRandom } from './support/random.ts';
import { insertLawful, randomRow } from './support/rows.ts';
import { shapeLayers } from './support/shape_layers.ts';
import { tileAt } from './support/tile_at.ts';
import { placesOf } from './tiles/places.ts';

const { connection } = await testDatabase();
const { db } = connection;
const layers = [...(await layerFiles()), ...(await shapeLayers(connection))];
for (const layer of layers) {
  const random = seededRandom(layer.id);
  const rows = placesOf(layer.geometry, random, 12).map((place) => randomRow(layer, random, place));
  await insertLawful(db, layer, [...rows, randomRow(layer, random, null)]);
}
const { parts, complaints } = await testApp(connection);

test.each(['operator', 'public'] as const)('what the catalogue tells %s of each layer is so', async (role) => {
  const viewer = visitor(role);
  const { app, get } = doorOf(parts, viewer);
  const catalogue: Catalogue = await (await get('/api/layers')).json();
  const seen = layers.flatMap((layer) => viewOf(layer, viewer) ?? []);
  expect(catalogue.layers.map(({ id }) => id)).toEqual(seen.map(({ layer }) => layer.id));
  let units = 0;
  for (const view of seen) {
    const { layer } = view;
    const entry = catalogue.layers.find(({ id }) => id === layer.id)!;
    const { rows } = await sql<{ count: number; unlocated: number; newest: string | null; lon: number; lat: number }>`
      select count(*)::int as count, count(*) filter (where geom is null)::int as unlocated,
        to_char(max(observed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as newest,
        (array_agg(st_x(inside) order by id) filter (where geom is not null))[1] as lon,
        (array_agg(st_y(inside) order by id) filter (where geom is not null))[1] as lat
      from (select *, st_pointonsurface(geom) as inside from ${sql.table(layer.id)} where ${rowsOf(view)}) as seen`.execute(
      db,
    );
    const { lon, lat, ...told } = rows[0]!;
    expect(told.count, layer.id).toBeGreaterThan(0);
    expect(entry, layer.id).toMatchObject(told);

    const { properties } = entry.schema as { properties: Record<string, Record<string, unknown>> };
    for (const [key, attribute] of attributesOf(layer)) {
      if (!view.attributes.has(key)) continue;
      const unit = 'unit' in attribute ? attribute.unit : undefined;
      expect(properties[key]?.['x-ogc-unit'], `${layer.id} ${key}`).toBe(unit);
      if (unit) units++;
    }

    const tile = `${layer.fullZoom}/${tileAt(layer.fullZoom, [lon, lat])}`;
    for (const link of Object.values(entry.links))
      expect((await get(link.replace('{z}/{x}/{y}', tile))).status, link).toBe(200);
    const stream = await app.request(`/events?layers=${entry.eventTopic}`, { method: 'HEAD' }, {});
    expect(stream.status, entry.eventTopic).toBe(200);
  }
  expect(units).toBeGreaterThan(20);
  expect(complaints).toEqual([]);
});
