import { sql } from 'kysely';
import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { colours, eventually, type MapPage } from '../support/map_page.ts';
import { places } from '../support/small_regency.ts';
import { watchMiddle } from '../support/watch_middle.ts';

const test = await browserTests();
const moving = { reducedMotion: 'no-preference' } as const;

const zoomOf = ({ address }: MapPage) => Number(address().get('at')?.split(',')[2]);

for (const [layer, at] of [
  ['river_gauge', places.critical],
  ['village', places.centre],
] as const) {
  test(`${layer}: what is in the middle of the map is there in every frame of zooming in and out`, async ({ open }) => {
    const map = await open(`/?at=${at.join(',')},12&layers=${layer}&base=none`, moving);
    const { page, connected } = map;
    await connected();
    await page.locator('#map').focus();
    const seen = await watchMiddle(map);
    await eventually(async () => (await seen()).samples).toBeGreaterThan(5);
    const atFirst = (await seen()).blank;
    for (const [key, zoom] of [
      ['+', 13],
      ['+', 14],
      ['+', 15],
      ['-', 14],
      ['-', 13],
      ['-', 12],
      ['-', 11],
    ] as const) {
      await page.keyboard.press(key);
      await eventually(() => zoomOf(map)).toBe(zoom);
    }
    await connected();
    const { samples, blank } = await seen();
    expect(samples).toBeGreaterThan(30);
    expect(blank - atFirst).toBe(0);
  });
}

test('the watch sees a blank middle where there is one', async ({ open }) => {
  const map = await open('/?at=113.3,-8.4,12&layers=river_gauge&base=none', moving);
  await map.connected();
  const seen = await watchMiddle(map);
  await eventually(async () => (await seen()).blank).toBeGreaterThan(5);
});

test('a filter and a change in the database replace the picture without a blank frame', async ({
  open,
  connection,
  id,
}) => {
  const map = await open(`/?at=${places.critical.join(',')},14&layers=river_gauge&base=none`, moving);
  const { page, connected, ink } = map;
  await connected();
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  const seen = await watchMiddle(map);
  await eventually(async () => (await seen()).samples).toBeGreaterThan(5);
  const atFirst = (await seen()).blank;

  await page.getByRole('button', { name: 'Pengaturan Pos duga air' }).click();
  await page.getByRole('button', { name: /^Siaga 1 · awas/ }).click();
  await eventually(() => ink(places.warning, colours.warning)).toBe(0);
  await page.getByRole('button', { name: 'Hapus saringan' }).click();
  await eventually(() => ink(places.warning, colours.warning)).toBeGreaterThan(40);

  await sql`update river_gauge set level_cm = 310 where id = ${id('PDA-1')}`.execute(connection.db);
  await eventually(() => ink(places.critical, colours.warning)).toBeGreaterThan(40);
  expect(await ink(places.critical, colours.critical)).toBe(0);
  const { samples, blank } = await seen();
  expect(samples).toBeGreaterThan(30);
  expect(blank - atFirst).toBe(0);
});
