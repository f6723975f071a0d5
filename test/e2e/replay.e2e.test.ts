import { sql } from 'kysely';
import { expect } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { faults } from '../support/axe.ts';
import { browserTests } from '../support/browser.ts';
import { colours, eventually } from '../support/map_page.ts';
import { insertRows } from '../support/rows.ts';
import { type Place, places } from '../support/small_regency.ts';

const test = await browserTests();
const home = '/?at=113.7,-8.17,14&base=none';
const point = ([lon, lat]: Place) => `SRID=4326;POINT(${lon} ${lat})`;
/** A whole second, some minutes ago, and as an address writes it. */
const ago = (minutes: number) => Math.floor(Date.now() / 1000 - minutes * 60) * 1000;
const written = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

test('a unit is where it was, on its way between two reports, in the state it had, and live again afterwards', async ({
  open,
  connection,
}) => {
  const [start, end, now]: Place[] = [
    [113.69, -8.17],
    [113.71, -8.17],
    [113.7, -8.16],
  ];
  const middle: Place = [113.7, -8.17];
  const layer = (await layerFiles()).find(({ id }) => id === 'unit')!;
  const [unit] = await insertRows(connection.db, layer, [
    { code: 'U-1', name: 'Patroli 1', geom: point(now!), state: 'available', observed_at: new Date().toISOString() },
  ]);
  const then = ago(30);
  await sql`insert into unit_series (feature, observed_at, lon, lat, state) values
    (${unit}::bigint, ${new Date(then)}, ${start![0]}, ${start![1]}, 'responding'),
    (${unit}::bigint, ${new Date(then + 100_000)}, ${end![0]}, ${end![1]}, null),
    (${unit}::bigint, ${new Date(then + 900_000)}, ${now![0]}, ${now![1]}, 'available')`.execute(connection.db);

  const { page, connected, ink, pixel, address } = await open(`${home}&layers=unit&t=${written(then)}`);
  await connected();
  await eventually(() => ink(start!, colours.warning)).toBeGreaterThan(40);
  expect(await ink(now!, colours.normal)).toBe(0);
  // Half of the way, to the pixel.
  await page.goto(`${home}&layers=unit&t=${written(then + 50_000)}`);
  await eventually(() => ink(middle, colours.warning)).toBeGreaterThan(40);
  expect(await ink(start!, colours.warning)).toBe(0);
  expect(await ink(end!, colours.warning)).toBe(0);
  // It is picked where it is drawn, and the mark goes along.
  const { x, y } = await pixel(middle);
  await page.mouse.click(x, y);
  await page.locator(`aside[data-feature="unit/${unit}"]`).waitFor();
  await eventually(() => ink(middle, colours.accent, 24)).toBeGreaterThan(40);
  expect(await page.locator('aside').textContent()).toContain('panel ini menampilkan keadaan sekarang');
  // Beyond a gap nobody knows its way: it is where it was last heard.
  await page.goto(`${home}&layers=unit&t=${written(then + 600_000)}`);
  await eventually(() => ink(end!, colours.warning)).toBeGreaterThan(0);

  await page.evaluate(() => Object.assign(window, { still: 'the same page' }));
  await page.getByRole('button', { name: 'Kembali ke langsung' }).click();
  await eventually(() => ink(now!, colours.normal)).toBeGreaterThan(40);
  expect(await ink(end!, colours.warning)).toBe(0);
  await eventually(() => address().get('t')).toBeNull();
  expect(await page.evaluate(() => 'still' in window)).toBe(true);
  await sql`delete from unit where id = ${unit}`.execute(connection.db);
});

test('gauges have the colour of their level then; what is not kept shows now, and the page says so', async ({
  open,
  connection,
  id,
}) => {
  await sql`insert into river_gauge_series (feature, observed_at, level_cm, quality) values
    (${id('PDA-1')}::bigint, ${new Date(ago(50))}, 210, 'good'), (${id('PDA-1')}::bigint, ${new Date(ago(20))}, 320, 'good'),
    (${id('PDA-1')}::bigint, ${new Date(ago(19))}, 9999, 'suspect'), (${id('PDA-0')}::bigint, ${new Date(ago(50))}, 0, 'good')`.execute(
    connection.db,
  );
  const { page, connected, ink, address } = await open(`${home}&layers=river_gauge,camera`);
  await connected();
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await page.keyboard.press('t');
  const band = page.locator('[data-replay]');
  await eventually(() => band.textContent()).toContain(
    'Diputar ulang: Pos duga air · tetap keadaan sekarang: Kamera CCTV',
  );
  expect(await band.textContent()).toMatch(/Bukan sekarang\d+ \S+ 2\d{3} \d\d\.\d\d\.\d\d WIB1 jam lalu/);
  // An hour ago nobody knows how it was: neither its colour of now nor any other.
  await eventually(() => ink(places.critical, colours.critical)).toBe(0);
  expect(await ink(places.online, colours.normal)).toBeGreaterThan(40);

  // Eleven minutes on, by ten and one.
  const slider = page.getByRole('slider', { name: 'Saat yang ditampilkan' });
  await page.keyboard.press('PageUp');
  await page.keyboard.press('ArrowRight');
  await eventually(() => ink(places.critical, colours.advisory)).toBeGreaterThan(40);
  expect(await ink(places.zero_level, colours.normal)).toBeGreaterThan(40);
  await eventually(() => address().get('t')).toBe(written(Number(await slider.inputValue())));
  for (const _ of [1, 2, 3]) await page.keyboard.press('PageUp');
  await eventually(() => ink(places.critical, colours.warning)).toBeGreaterThan(40);

  // What happens now is told now, and drawn when one is back.
  await sql`update river_gauge set level_cm = 210, observed_at = now() where id = ${id('PDA-1')}`.execute(
    connection.db,
  );
  await page.keyboard.press('k');
  await page.locator(`[data-entry="river_gauge/${id('PDA-1')}"]`).waitFor();
  expect(await ink(places.critical, colours.warning)).toBeGreaterThan(40);
  await page.keyboard.press('Escape');
  await eventually(() => band.count()).toBe(0);
  await eventually(() => ink(places.critical, colours.advisory)).toBeGreaterThan(40);
  expect(await ink(places.critical, colours.warning)).toBe(0);
  await sql`update river_gauge set level_cm = 450 where id = ${id('PDA-1')}`.execute(connection.db);
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
});

test('plays at the speed that is chosen, stops, steps, and ends where now begins', async ({ open }) => {
  const { page, connected } = await open(`${home}&layers=river_gauge`);
  await connected();
  await page.getByRole('button', { name: 'Rekaman' }).click();
  const slider = page.getByRole('slider', { name: 'Saat yang ditampilkan' });
  const at = async () => Number(await slider.inputValue());
  await eventually(() => page.getByRole('button', { name: 'Putar', exact: true }).count()).toBe(1);
  const first = await at();
  await page.getByText('300×', { exact: true }).click();
  await slider.focus();
  await page.keyboard.press(' ');
  await eventually(at).toBeGreaterThan(first + 120_000);
  await page.keyboard.press(' ');
  await page.getByRole('button', { name: 'Putar', exact: true }).waitFor();
  const rested = await at();
  await page.getByRole('button', { name: 'Mundur 1 menit' }).click();
  expect(Math.abs((await at()) - (rested - 60_000))).toBeLessThanOrEqual(1000);
  await page.getByText('24 jam', { exact: true }).click();
  await eventually(
    async () => Number(await slider.getAttribute('max')) - Number(await slider.getAttribute('min')),
  ).toBe(86_400_000);
  await slider.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('PageDown');
  await page.keyboard.press(' ');
  // The last minutes, then it stands at the end.
  await eventually(async () => Number(await slider.getAttribute('max')) - (await at())).toBeLessThan(1000);
  await page.getByRole('button', { name: 'Putar', exact: true }).waitFor();
});

test('what cannot be read is said, stays live, and is read when asked again', async ({ open }) => {
  const { page, connected, ink } = await open('about:blank', { forgive: /Failed to load resource/ });
  await page.route('**/api/layers/river_gauge/series?*', (route) =>
    route.fulfill({ status: 413, json: { detail: 'terlalu banyak' } }),
  );
  await page.goto(`${home}&layers=river_gauge`);
  await connected();
  await page.keyboard.press('t');
  const bar = page.getByRole('region', { name: 'Putar ulang jam-jam terakhir' });
  await eventually(() => bar.getByRole('alert').textContent()).toContain('terlalu banyak');
  expect(await ink(places.warning, colours.warning)).toBeGreaterThan(40);
  await page.unroute('**/api/layers/river_gauge/series?*');
  await bar.getByRole('button', { name: 'Coba lagi' }).click();
  await eventually(() => page.locator('[data-replay]').textContent()).toContain('Diputar ulang: Pos duga air');
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing serious in a replay, ${colorScheme}: desk, phone and wall`, async ({ open, id }) => {
    for (const [query, viewport] of [
      [`&sel=river_gauge/${id('PDA-1')}`, { width: 1440, height: 900 }],
      ['&lang=en', { width: 390, height: 844 }],
      ['&wall', { width: 1920, height: 1080 }],
    ] as const) {
      const { page, connected } = await open(`${home}&layers=river_gauge,camera&t=${written(ago(30))}${query}`, {
        ...{ colorScheme, viewport },
      });
      await connected();
      await eventually(() => page.locator('[data-replay]').textContent()).toMatch(/Diputar ulang|Replayed/);
      expect(await faults(page), query).toEqual([]);
      const { x = 0, width = 0 } = (await page.locator('section:has(> div input[type=range])').boundingBox()) ?? {};
      expect(x + width).toBeLessThanOrEqual(viewport.width);
    }
  });
