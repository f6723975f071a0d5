import type { Feature } from 'geojson';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { doorOf, viewerNamed } from '../support/acting.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';

const { connection } = await testDatabase();
const { parts, complaints } = await testApp(connection);
const admin = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
const citizen = doorOf(parts, viewerNamed('Fajar', { role: 'citizen' }));
const items = '/ogc/collections/shelter/items';
const type = { 'Content-Type': 'application/geo+json' };
const balai: Feature = {
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [113.7, -8.17] },
  properties: { name: 'Balai Desa', capacity: 120, toilets: 4, address: 'Jalan Desa 1', code: 'PSK-1' },
};

test('a feature is added, read, replaced, changed and deleted, each with the version that was seen', async () => {
  const made = await admin.send('POST', items, balai, type);
  expect(made.status, await made.clone().text()).toBe(201);
  const location = new URL(made.headers.get('Location')!).pathname;
  const read = await admin.get(location);
  expect(read.headers.get('ETag')).toBe('"1"');
  const feature: Feature = await read.json();
  expect(feature).toMatchObject(balai);

  expect((await admin.send('PUT', location, feature, type)).status).toBe(428);
  const { address: _left, ...rest } = feature.properties!;
  const replaced = await admin.send('PUT', location, { ...feature, properties: rest }, { ...type, 'If-Match': '"1"' });
  expect(replaced.status, await replaced.clone().text()).toBe(204);
  expect(replaced.headers.get('ETag')).toBe('"2"');
  expect(((await (await admin.get(location)).json()) as Feature).properties).toMatchObject({
    address: null,
    capacity: 120,
  });

  const patch = { 'Content-Type': 'application/merge-patch+json', 'If-Match': '"2"' };
  expect(
    (await admin.send('PATCH', location, { properties: { capacity: 90 } }, { ...patch, 'If-Match': '"1"' })).status,
  ).toBe(412);
  expect((await admin.send('PATCH', location, { properties: { capacity: 90 } }, patch)).status).toBe(204);
  const changed: Feature = await (await admin.get(location)).json();
  expect(changed.properties).toMatchObject({ capacity: 90, toilets: 4, version: 3 });
  expect(changed.geometry).toEqual(balai.geometry);

  // Outputs round to a centimetre; sent back, nobody moved it.
  const { rows } = await sql<{ id: number }>`
    update shelter set geom = st_setsrid(st_makepoint(113.123456789012, -8.1), 4326), version = 3 returning id`.execute(
    connection.db,
  );
  const exact: Feature = await (await admin.get(location)).json();
  const again = { ...exact, properties: { ...exact.properties, toilets: 5 } };
  const put = await admin.send('PUT', location, again, { ...type, 'If-Match': `"${exact.properties?.version}"` });
  expect(put.status, await put.clone().text()).toBe(204);
  const kept = await sql<{ lon: number }>`select st_x(geom) as lon from shelter where id = ${rows[0]!.id}`.execute(
    connection.db,
  );
  expect(kept.rows[0]?.lon).toBe(113.123456789012);
  const last = Number(/\d+/.exec(put.headers.get('ETag')!)![0]);

  expect((await citizen.send('DELETE', location, undefined, { 'If-Match': `"${last}"` })).status).toBe(403);
  expect((await admin.send('DELETE', location, undefined, { 'If-Match': `"${last}"` })).status).toBe(204);
  expect((await admin.get(location)).status).toBe(404);
  expect(complaints).toEqual([]);
});

test('what cannot be taken is said at its place', async () => {
  const wrong = await admin.send(
    'POST',
    items,
    { ...balai, properties: { name: 'x', capacity: -1, colour: 'red' } },
    type,
  );
  expect(await wrong.json()).toMatchObject({
    ...{
      status: 422,
      errors: [
        { pointer: '#/properties/capacity', code: 'min' },
        { pointer: '#/properties/colour', code: 'unknown' },
      ],
    },
  });
  const elsewhere = { ...balai, geometry: { type: 'Point', coordinates: [10, 50] } };
  expect(await (await admin.send('POST', items, elsewhere, type)).json()).toMatchObject({
    errors: [{ pointer: '#/geometry', code: 'region' }],
  });
  expect((await admin.send('POST', items, balai, { 'Content-Type': 'text/plain' })).status).toBe(415);
  const metres = { ...type, 'Content-Crs': '<http://www.opengis.net/def/crs/EPSG/0/32749>' };
  expect((await admin.send('POST', items, balai, metres)).status).toBe(400);
  expect((await admin.send('POST', '/ogc/collections/no_such/items', balai, type)).status).toBe(404);
  expect((await citizen.send('POST', '/ogc/collections/siren/items', balai, type)).status).toBe(404);
});

test('the conformance classes are named', async () => {
  const { conformsTo } = await (await admin.get('/ogc/conformance')).json();
  for (const name of ['create-replace-delete', 'update', 'optimistic-locking-etags'])
    expect(conformsTo).toContain(`http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/${name}`);
});
