import { expect, test } from 'vitest';
import { createApp } from '../server/app.ts';
import { connect } from '../server/database/connect.ts';
import { LiveCopy } from '../server/live/copy.ts';
import { layerFiles } from '../server/registry/registry.ts';
import { TileServer } from '../tiles/tile_server.ts';
import { testApp } from './support/app.ts';
import { testDatabase, testLocation } from './support/database.ts';
import { insertRows } from './support/rows.ts';

const { connection } = await testDatabase();
const second = await testLocation();
const layers = await layerFiles();

/** A square of that many degrees: smaller than a unit of a z14 tile (0.0000054°), it is in none. */
const square = (west: number, size: number) =>
  `SRID=4326;MULTIPOLYGON(((${west} -8.2,${west + size} -8.2,${west + size} ${-8.2 + size},${west} ${-8.2 + size},${west} -8.2)))`;
const zone = (name: string, size: number) => ({ name, source: 'operator', geom: square(113.7, size) });

test('a shape too small for any tile does not keep the server from being ready', async () => {
  const find = (id: string) => layers.find((layer) => layer.id === id)!;
  await insertRows(connection.db, find('flood_zone'), [zone('Titik kecil', 1e-7), zone('Zona', 0.01)]);
  await insertRows(connection.db, find('flood_area'), [zone('Setitik air', 1e-7)]);
  const { app, complaints } = await testApp(connection);
  const response = await app.request('/health/ready');
  expect([response.status, complaints]).toEqual([200, []]);
});

test('a server whose tiles lack a feature is not ready, and its log names it', async () => {
  const empty = new LiveCopy(connection);
  await empty.load(layers);
  const hospital = layers.find(({ id }) => id === 'hospital')!;
  await insertRows(connection.db, hospital, [
    { name: 'RSD', source: 'operator', geom: 'SRID=4326;POINT(113.7 -8.17)' },
  ]);
  const { app, parts, complaints } = await testApp(connection);
  expect((await app.request('/health/ready')).status).toBe(200);
  // Tiles of the copy before, as when one is kept that should not have been.
  const response = await createApp({ ...parts, tiles: new TileServer(empty, 2 ** 20) }).request('/health/ready');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ detail: 'A tile lacks a feature; the log names it.' });
  expect(complaints.join()).toMatch(/feature \d+ of 'hospital'/);
});

test('a server without its database lives, and is not ready', async () => {
  const other = await connect(second);
  const { app } = await testApp(other);
  expect((await app.request('/health/ready')).status).toBe(200);
  await other.close();
  const response = await app.request('/health/ready');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ detail: 'The database does not answer.' });
  expect((await app.request('/health/live')).status).toBe(200);
});
