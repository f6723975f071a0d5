import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { chooseRows } from '../../tiles/choose.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { insertRows, randomRow } from '../support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const layers = await layerFiles();
const lamp = layers.find(({ id }) => id === 'streetlight')!;
const camera = layers.find(({ id }) => id === 'camera')!;
const random = seededRandom(9);
const total = 8000;
const lamps = Array.from({ length: total }, () => ({
  ...randomRow(lamp, random, 'SRID=4326;POINT(113.7 -8.17)'),
  agency: 'DPU',
}));
const ids: number[] = [];
// In parts: all at once took a busy machine longer than a statement may.
for (let from = 0; from < total; from += 1000)
  ids.push(...(await insertRows(db, lamp, lamps.slice(from, from + 1000))));
await insertRows(
  db,
  camera,
  Array.from({ length: 100 }, () => randomRow(camera, random, 'SRID=4326;POINT(113.7 -8.17)')),
);
const { parts, follower } = await testApp(connection);
const { live } = parts;
const tile = { z: 0, x: 0, y: 0 };
await live.keep(lamp.id, ['agency']);

/** Says yes after a while of work: 32 rows are a slice and more. */
function slowly(): boolean {
  const until = performance.now() + 0.3;
  while (performance.now() < until);
  return true;
}

let isSlow = true;

/** Whether a row is the DPU's. */
function isDpu(slot: number): boolean {
  if (isSlow) slowly();
  const { id, value } = live.layer(lamp.id).reader.text('agency');
  return value(id(slot)) === 'DPU';
}

test('a slow filter leaves room for others, and what changes meanwhile is asked again', async () => {
  let turns = 0;
  let done = false;
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  const drawn = chooseRows(live, lamp.id, tile, isDpu, (chosen) => {
    done = true;
    const of = live.layer(lamp.id);
    return ids.filter((id) => chosen(of.slotOf(id))).length;
  });
  await vi.waitUntil(() => turns > 5);
  // The first rows have been asked when this is committed, and are not asked a second time unless they changed.
  await sql`update streetlight set agency = 'Dishub' where id in (${sql.join(ids.slice(0, 7))})`.execute(db);
  await follower.catchUp();
  expect(done).toBe(false);
  isSlow = false;
  expect(await drawn).toBe(total - 7);
});

test('nobody works on for one who left, and not for any number at once', async () => {
  const left = new AbortController();
  const draw = () => 'drawn';
  const given = chooseRows(live, camera.id, tile, slowly, draw, () => left.signal);
  left.abort();
  await expect(given).rejects.toMatchObject({ code: 'timed_out' });

  const many = await Promise.allSettled(
    Array.from({ length: 40 }, () => chooseRows(live, camera.id, tile, slowly, draw)),
  );
  const refused = many.filter((each) => each.status === 'rejected');
  expect(refused.length).toBe(40 - 32);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'too_many', status: 429 });
  expect(await chooseRows(live, camera.id, tile, slowly, draw)).toBe('drawn');
});
