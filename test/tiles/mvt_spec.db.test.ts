import { each } from '@mapbox/mvt-fixtures';
import { describe, expect, test } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { maxLayers } from '../../tiles/route.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { insertLawful, randomRow } from '../support/rows.ts';
import { shapeLayers } from '../support/shape_layers.ts';
import { faultsOf } from './mvt_validator.ts';
import { placesOf } from './places.ts';

const { connection } = await testDatabase();

/** Fixtures a decoder must survive but an encoder must not write: no type, version 1, fewer coordinates than promised. */
const onlyToBeRead = new Set(['016', '039', '057']);

describe('the validator judges the fixtures as their authors do', () => {
  each(({ id, description, buffer, validity }) => {
    test(`${id} ${description.slice(0, 60)}`, () => {
      expect(faultsOf(buffer).length === 0, faultsOf(buffer).join('; ')).toBe(validity.v2 && !onlyToBeRead.has(id));
    });
  });
});

test('every tile we encode is valid, at every zoom, of every kind of geometry, alone and together', async () => {
  const layers = [...(await shapeLayers(connection)), ...(await layerFiles())];
  for (const layer of layers) {
    const random = seededRandom(layer.id);
    const rows = placesOf(layer.geometry, random, 60).map((place) => randomRow(layer, random, place));
    await insertLawful(connection.db, layer, rows);
  }
  const { app } = await testApp(connection);
  const together = layers.slice(0, maxLayers).map(({ id }) => id);
  const urls: string[] = [];
  for (let z = 0; z <= 20; z++) {
    const [x, y] = [Math.floor((13366.6 / 2 ** 14) * 2 ** z), Math.floor((8565.1 / 2 ** 14) * 2 ** z)];
    for (const { id } of layers) urls.push(`/tiles/${id}/${z}/${x}/${y}`);
    urls.push(`/tiles/${together.join(',')}/${z}/${x}/${y}`);
  }
  let bytes = 0;
  for (const url of urls) {
    const response = await app.request(url);
    expect([200, 204], url).toContain(response.status);
    const tile = new Uint8Array(await response.arrayBuffer());
    bytes += tile.length;
    expect(faultsOf(tile), url).toEqual([]);
  }
  expect(bytes).toBeGreaterThan(50_000);
});
