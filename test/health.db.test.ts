import { expect, test } from 'vitest';
import { layerFiles } from '../server/registry/registry.ts';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';
import { insertRows } from './support/rows.ts';

const { connection } = await testDatabase();
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
