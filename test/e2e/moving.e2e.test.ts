import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Connection } from '../../server/database/connect.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { browserTests } from '../support/browser.ts';
import { colours, eventually } from '../support/map_page.ts';
import type { Colour } from '../support/png.ts';
import { insertRows, type Row } from '../support/rows.ts';
import type { Place } from '../support/small_regency.ts';

const browserTest = await browserTests();
const layers = await layerFiles();
const ink: Colour = [0x15, 0x20, 0x1b];
const address = '/?at=113.7,-8.17,14&layers=unit,panic_button&base=none';

/** Degrees of a CSS pixel at zoom 14 on the equator; seven kilometres from it a hundredth less of latitude. */
const pixel = 360 / (512 * 2 ** 14);
const beside = ([lon, lat]: Place, right: number, down: number): Place => [lon + right * pixel, lat - down * pixel];
const point = ([lon, lat]: Place) => `SRID=4326;POINT(${lon} ${lat})`;

async function insert({ db }: Connection, layer: string, place: Place, row: Row): Promise<number> {
  const made = { ...row, geom: point(place), observed_at: new Date().toISOString() };
  const [id] = await insertRows(db, layers.find((each) => each.id === layer)!, [made]);
  return id!;
}
const move = ({ db }: Connection, id: number, to: Place) =>
  sql`update unit set geom = ${point(to)}, observed_at = now() where id = ${id}`.execute(db);
/** Each begins with a map on which nothing moves. */
const test: typeof browserTest = (name, run) =>
  browserTest(name, async (city) => {
    await sql`delete from unit`.execute(city.connection.db);
    await run(city);
  });

test('units move where the events say, are picked there, followed, and drawn once', async ({ open, connection }) => {
  const start: Place = [113.7, -8.17];
  const next: Place = [113.704, -8.17];
  const id = await insert(connection, 'unit', start, { code: 'U-1', name: 'Patroli 1', state: 'responding' });
  const { page, connected, ink: inkAt, pixel, tiles, address: query } = await open('/?at=113.7,-8.17,14&layers=unit');
  await connected();
  await eventually(() => inkAt(start, colours.warning)).toBeGreaterThan(40);
  const asked = tiles.length;
  await move(connection, id, next);
  await eventually(() => inkAt(next, colours.warning)).toBeGreaterThan(40);
  expect(await inkAt(start, colours.warning)).toBe(0);
  // Its tile is not asked for again.
  expect(tiles.length).toBe(asked);

  const { x, y } = await pixel(next);
  await page.mouse.click(x, y);
  await page.locator(`aside[data-feature="unit/${id}"]`).waitFor();
  await page.locator('#map').focus();
  await page.keyboard.press('f');
  const chip = page.getByRole('button', { name: 'Berhenti mengikuti' });
  await chip.first().waitFor();
  await eventually(() => query().get('at')).toMatch(/^113\.704,/);
  await move(connection, id, [113.72, -8.16]);
  await eventually(() => query().get('at')).toMatch(/^113\.72,-8\.16,/);
  // Whoever moves the map wants to look elsewhere.
  await page.keyboard.press('ArrowLeft');
  await eventually(() => page.locator('main').getByRole('button', { name: 'Berhenti mengikuti' }).count()).toBe(0);
  const at = query().get('at');
  await move(connection, id, start);
  await eventually(() => page.locator('aside').textContent()).toContain('-8.17000, 113.70000');
  expect(Number(query().get('at')?.split(',')[1])).toBeCloseTo(Number(at?.split(',')[1]), 3);
});

test('a thing that moves has an arrow where it is heading and its name beside it, one that stands only its name', async ({
  open,
  connection,
}) => {
  const [south, standing]: Place[] = [
    [113.695, -8.165],
    [113.695, -8.175],
  ];
  const ids: number[] = [];
  for (const [code, place, speed_km_h] of [
    ['U-1', south!, 40],
    ['U-2', standing!, 1],
  ] as const)
    ids.push(await insert(connection, 'unit', place, { code, name: `Patroli ${code}`, course_deg: 180, speed_km_h }));
  const map = await open(address);
  await map.connected();
  const below = (place: Place) => map.ink(beside(place, 0, 19), ink, 5);
  const right = (place: Place) => map.ink(beside(place, 40, 0), ink, 20);
  async function asTold() {
    await eventually(() => below(south!)).toBeGreaterThan(15);
    await eventually(() => right(south!)).toBeGreaterThan(40);
    await eventually(() => right(standing!)).toBeGreaterThan(40);
    expect(await below(standing!)).toBe(0);
  }
  // As the tile has them, and as an event told them.
  await asTold();
  for (const [index, place] of [south!, standing!].entries()) await move(connection, ids[index]!, place);
  await asTold();

  // Where two would be written over one another, one is not written.
  const one = await right(standing!);
  await move(connection, ids[0]!, beside(standing!, 0, -9));
  await eventually(() => below(south!)).toBe(0);
  await eventually(() => right(standing!)).toBeLessThan(one * 1.3);
});

test('what lies above the things that move is not wiped when one of them moves', async ({ open, connection }) => {
  const [here, there, alarm]: Place[] = [
    [113.695, -8.165],
    [113.705, -8.165],
    [113.7, -8.175],
  ];
  const selected = await insert(connection, 'unit', here!, { code: 'U-1', name: 'Patroli 1', state: 'available' });
  const other = await insert(connection, 'unit', there!, { code: 'U-2', name: 'Patroli 2', state: 'responding' });
  await insert(connection, 'panic_button', alarm!, { code: 'TP-1', name: 'Alun-alun', state: 'pressed' });
  const map = await open(`${address}&sel=unit/${selected}`);
  await map.connected();
  const marks = async () => [await map.ink(here!, colours.accent), await map.ink(alarm!, colours.critical)] as const;
  await eventually(async () => Math.min(...(await marks()))).toBeGreaterThan(40);
  for (const down of [20, 40, 60]) {
    const next = beside(there!, 0, down);
    await move(connection, other, next);
    await eventually(() => map.ink(next, colours.warning)).toBeGreaterThan(40);
    expect(Math.min(...(await marks()))).toBeGreaterThan(40);
  }
});

test('what is selected has a trail of where it was told to be, until it is let go of', async ({
  open,
  connection,
  served,
}) => {
  const west: Place = [113.694, -8.168];
  const say = async (place: Place, secondsAgo: number) => {
    const [lon, lat] = place;
    const observed_at = new Date(Date.now() - secondsAgo * 1000).toISOString();
    const answer = await served.app.request('/api/ingest/unit', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ code: 'U-9', name: 'Patroli 9', state: 'available', lon, lat, observed_at }]),
    });
    expect(answer.status).toBe(200);
  };
  const along = (right: number) => beside(west, right, 0);
  // Old enough to be gone, then a gap, then a way.
  await say(beside(west, 0, 200), 900);
  await say(beside(west, 0, 100), 290);
  await say(west, 40);
  await say(along(60), 30);
  const { rows } = await sql<{ id: string }>`select id::text from unit where code = 'U-9'`.execute(connection.db);
  const map = await open(`${address}&sel=unit/${rows[0]!.id}`);
  await map.connected();
  const { accent } = colours;
  await eventually(() => map.ink(along(30), accent, 8)).toBeGreaterThan(30);
  expect(await map.ink(beside(west, 0, 50), accent, 8)).toBe(0);
  expect(await map.ink(beside(west, 0, 150), accent, 8)).toBe(0);
  // It goes on with what is told.
  await say(along(160), 0);
  await eventually(() => map.ink(along(110), accent, 8)).toBeGreaterThan(30);
  expect(await map.ink(along(30), accent, 8)).toBeGreaterThan(30);

  await map.page.emulateMedia({ colorScheme: 'dark' });
  await eventually(() => map.ink(along(30), [0x57, 0xbe, 0x92], 8)).toBeGreaterThan(30);
  await map.page.emulateMedia({ colorScheme: 'light' });
  await eventually(() => map.ink(along(30), accent, 8)).toBeGreaterThan(30);

  await map.page.keyboard.press('Escape');
  await eventually(() => map.ink(along(30), accent, 8)).toBe(0);
  expect(await map.ink(along(110), accent, 8)).toBe(0);
});
