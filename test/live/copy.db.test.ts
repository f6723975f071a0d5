import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { LiveCopy } from '../../server/live/copy.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { picture } from '../support/picture.ts';
import { seededRandom } from '../support/random.ts';
import { insertLawful, insertRows, randomRow } from '../support/rows.ts';
import { placesOf } from '../tiles/places.ts';

const { connection } = await testDatabase();
const { db } = connection;
const layers = (await layerFiles()).filter(({ id }) => ['streetlight', 'complaint', 'flood_zone'].includes(id));
const { parts, follower, complaints } = await testApp(connection);

test('after random inserts, updates, moves and deletes the copy equals a fresh load', async () => {
  const random = seededRandom(3);
  for (let round = 0; round < 6; round++) {
    for (const layer of layers) {
      const rows = placesOf(layer.geometry, random, 60).map((place) => randomRow(layer, random, place));
      await insertLawful(db, layer, [...rows, randomRow(layer, random, null)]);
      const table = sql.table(layer.id);
      await sql`update ${table} set observed_at = now() - random() * interval '9 days' where id % 7 = ${round}`.execute(
        db,
      );
      await sql`update ${table} set geom = st_translate(geom, 0.003, -0.002) where id % 11 = ${round} and st_xmax(geom) < 170 and abs(st_ymin(geom)) < 80`.execute(
        db,
      );
      await sql`update ${table} set geom = null where id % 23 = ${round}`.execute(db);
      await sql`update ${table} set agency = 'Dinas lain', source = 'operator' where id % 5 = ${round}`.execute(db);
      await sql`delete from ${table} where id % 13 = ${round}`.execute(db);
    }
    // A column that no tile carries is read late and must then keep up as well.
    if (round === 2) for (const { id } of layers) await parts.live.keep(id, ['agency', 'updated_at']);
    await follower.catchUp();
  }
  const fresh = new LiveCopy(connection);
  await fresh.load(layers);
  for (const { id } of layers) {
    await fresh.keep(id, ['agency', 'updated_at']);
    expect(parts.live.layer(id).size).toBeGreaterThan(150);
    expect(picture(parts.live.layer(id)), id).toEqual(picture(fresh.layer(id)));
  }
  expect(parts.live.position).toBe(fresh.position);
  expect(complaints).toEqual([]);
});

test('a change drops exactly the cached tiles it touches', async () => {
  const layer = layers.find(({ id }) => id === 'streetlight')!;
  const [here, there] = await insertRows(db, layer, [
    randomRow(layer, seededRandom(8), 'SRID=4326;POINT(113.7 -8.17)'),
    randomRow(layer, seededRandom(9), 'SRID=4326;POINT(113.5 -8.3)'),
  ]);
  await follower.catchUp();
  const view = parts.registry.view('streetlight', visitor('operator'));
  const at = (lon: number, lat: number, z: number) => {
    const side = 2 ** z;
    const sin = Math.sin((lat * Math.PI) / 180);
    const y = Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * side);
    return parts.tiles.tile([view], { z, x: Math.floor((lon / 360 + 0.5) * side), y });
  };
  const before = { near: await at(113.7, -8.17, 16), far: await at(113.5, -8.3, 16), low: await at(113.7, -8.17, 4) };
  expect(await at(113.7, -8.17, 16)).toBe(before.near);
  await sql`update streetlight set geom = st_setsrid(st_point(113.7001, -8.17), 4326) where id = ${here}`.execute(db);
  await follower.catchUp();
  expect((await at(113.7, -8.17, 16)).etag).not.toBe(before.near.etag);
  expect(await at(113.5, -8.3, 16)).toBe(before.far);
  expect(await at(113.7, -8.17, 4)).not.toBe(before.low);
  await sql`delete from streetlight where id = ${there}`.execute(db);
  await follower.catchUp();
  expect(await at(113.5, -8.3, 16)).not.toBe(before.far);
});
