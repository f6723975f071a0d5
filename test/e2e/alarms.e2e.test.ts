import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Connection } from '../../server/database/connect.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { browserTests } from '../support/browser.ts';
import { colours, eventually, type MapPage } from '../support/map_page.ts';
import { readPng } from '../support/png.ts';
import { insertRows, type Row } from '../support/rows.ts';
import { type Place, places } from '../support/small_regency.ts';

const browserTest = await browserTests();
const layers = await layerFiles();
const gauge = places.critical;
/** Degrees of a CSS pixel at zoom 14. */
const pixel = 360 / (512 * 2 ** 14);
const beside = ([lon, lat]: Place, right: number): Place => [lon + right * pixel, lat];
const point = ([lon, lat]: Place) => `SRID=4326;POINT(${lon} ${lat})`;

async function insert({ db }: Connection, layer: string, place: Place, row: Row): Promise<void> {
  const made = { ...row, geom: point(place), observed_at: new Date().toISOString() };
  await insertRows(db, layers.find((each) => each.id === layer)!, [made]);
}
const siren = (connection: Connection, place: Place, code = 'SRN-1') =>
  insert(connection, 'siren', place, { code, name: 'Sirene Bedadung', reported: 'idle' });
const test: typeof browserTest = (name, run) =>
  browserTest(name, async (city) => {
    for (const table of ['siren', 'unit']) await sql`delete from ${sql.table(table)}`.execute(city.connection.db);
    await run(city);
  });

/** The ring of a symbol or a cluster, of a colour, in pixels. */
const ring = (map: MapPage, colour: keyof typeof colours, place = gauge) => map.ink(place, colours[colour], 14);
const address = (zoom: number) => `/?at=${gauge.join(',')},${zoom}&layers=river_gauge,siren,unit&base=none`;

test('a critical gauge lies over a siren and over a unit on its spot, and is the first that a click means', async ({
  open,
  connection,
  id,
}) => {
  await siren(connection, gauge);
  await insert(connection, 'unit', gauge, { code: 'U-1', name: 'Patroli 1', state: 'available' });
  const map = await open(address(14));
  const { page, connected, pixel: at } = map;
  await connected();
  const isSeen = async () => {
    await eventually(() => ring(map, 'critical')).toBeGreaterThan(100);
    expect(await ring(map, 'normal')).toBe(0);
  };
  await isSeen();
  // As the tiles have them, and as an event told them.
  for (let moved = 0; moved < 5; moved++) {
    await sql`update unit set observed_at = now()`.execute(connection.db);
    await sql`update siren set observed_at = now()`.execute(connection.db);
    await isSeen();
  }
  const { x, y } = await at(gauge);
  await page.mouse.click(x, y);
  const rows = page.locator('[data-spot] [data-index]');
  await eventually(() => rows.count()).toBe(3);
  expect(await rows.first().textContent()).toContain('Pos Bedadung');
  await page.locator(`[data-pulse="river_gauge/${id('PDA-1')}"]`).waitFor({ state: 'attached' });
});

test('where their symbols only overlap, a click on both selects the critical one', async ({ open, connection, id }) => {
  await siren(connection, beside(gauge, 12));
  const { page, connected, pixel: at, ...map } = await open(address(14));
  await connected();
  await eventually(() => ring({ page, connected, pixel: at, ...map }, 'critical')).toBeGreaterThan(100);
  const { x, y } = await at(beside(gauge, 8));
  await page.mouse.click(x, y);
  await page.locator(`aside[data-feature="river_gauge/${id('PDA-1')}"]`).waitFor();
});

test('a cluster that holds a critical gauge lies over a cluster of sirens, and no longer when the water has fallen', async ({
  open,
  connection,
}) => {
  // In the middle of the four gauges.
  const middle: Place = [113.6985, -8.168];
  for (const right of [0, 1, 2]) await siren(connection, beside(middle, right), `SRN-${right}`);
  const map = await open(`/?at=${middle.join(',')},7&layers=river_gauge,siren&base=none`);
  await map.connected();
  // A fourth of the gauges' ring and all its notches; of the sirens' ring little more than its edge.
  await eventually(() => map.ink(middle, colours.critical, 22)).toBeGreaterThan(90);
  expect(await map.ink(middle, colours.normal, 22)).toBeLessThan(150);
  await sql`update river_gauge set level_cm = 120 where code = 'PDA-1'`.execute(connection.db);
  await eventually(() => map.ink(middle, colours.critical, 22)).toBe(0);
});

test('in the picture of a replay, too, what was critical lies over the others', async ({ open, connection, id }) => {
  await insert(connection, 'unit', gauge, { code: 'U-1', name: 'Patroli 1', state: 'available' });
  const then = Math.floor(Date.now() / 1000 - 1800) * 1000;
  await sql`insert into river_gauge_series (feature, observed_at, level_cm, quality)
    values (${id('PDA-1')}::bigint, ${new Date(then)}, 450, 'good')`.execute(connection.db);
  await sql`insert into unit_series (feature, observed_at, lon, lat, state)
    select id, ${new Date(then)}, ${gauge[0]}, ${gauge[1]}, 'available' from unit`.execute(connection.db);
  const map = await open(`${address(14)}&t=${new Date(then + 60_000).toISOString().slice(0, 19)}Z`);
  const { page, connected } = map;
  await connected();
  await eventually(() => ring(map, 'critical')).toBeGreaterThan(100);
  await page.getByRole('button', { name: 'Menu' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /PNG/ }).click(),
  ]);
  const { width, height, colour } = readPng(await readFile(await download.path()));
  // The gauge is in the middle of the map, which has a band of 52 CSS pixels over it; the picture has two pixels for one.
  const box = (await page.locator('#map').boundingBox())!;
  const { x, y } = await map.pixel(gauge);
  const [left, top] = [2 * (x - box.x), 2 * (y - box.y + 52)].map(Math.round) as [number, number];
  expect([left < width, top < height]).toEqual([true, true]);
  const near = (at: readonly number[], wanted: readonly number[]) =>
    at.every((part, of) => Math.abs(part - wanted[of]!) <= 20);
  let seen = 0;
  for (let right = -28; right <= 28; right++)
    for (let down = -28; down <= 28; down++) if (near(colour(left + right, top + down), colours.critical)) seen++;
  expect(seen).toBeGreaterThan(200);
});
