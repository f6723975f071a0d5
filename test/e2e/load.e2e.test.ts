import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { colours, eventually } from '../support/map_page.ts';
import { hostileName, places } from '../support/small_regency.ts';

const test = await browserTests();

test('shows the regency at its address, with nothing asked of other hosts and no complaint of the browser', async ({
  open,
}) => {
  const { page, tiles, connected, ink, address } = await open('/');
  await connected();
  await eventually(() => page.title()).toContain('Kabupaten Jember');
  await eventually(() => address().get('layers')).toContain('river_gauge');
  expect(await page.locator('html').getAttribute('lang')).toBe('id');
  expect(tiles.some((path) => path.startsWith('/tiles/river_gauge/'))).toBe(true);
  // What is not initially visible is not fetched.
  expect(tiles.some((path) => path.startsWith('/tiles/umkm/'))).toBe(false);
  // At the scale of the whole regency the gauges lie over one another.
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(0);
});

test('is kept by the browser from running what it does not bring', async ({ open }) => {
  const { page, connected } = await open('/', { forgive: /Content Security Policy/ });
  await connected();
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.foreign = true';
    document.head.append(script);
    return 'foreign' in window;
  });
  expect(ran).toBe(false);
});

test('lists every layer with its count', async ({ open }) => {
  const { page } = await open('/');
  const countOf = (layer: string) => page.locator(`[data-layer=${layer}]`).textContent();
  await eventually(() => countOf('streetlight')).toMatch(/500$/);
  await eventually(() => countOf('river_gauge')).toMatch(/4$/);
  await eventually(() => countOf('siren')).toMatch(/0$/);
});

test('draws each gauge at its place in the colour of its siaga', async ({ open }) => {
  const { connected, ink } = await open('/?at=113.7,-8.17,14&layers=river_gauge&base=none');
  await connected();
  for (const state of ['critical', 'warning', 'advisory'] as const) {
    await eventually(() => ink(places[state], colours[state])).toBeGreaterThan(40);
    const others = Object.keys(colours).filter((other) => other !== state) as (keyof typeof colours)[];
    for (const other of others) expect(await ink(places[state], colours[other]), `${other} at ${state}`).toBe(0);
  }
  await eventually(() => ink(places.zero_level, colours.normal)).toBeGreaterThan(40);
  expect(await ink(places.centre, colours.critical)).toBe(0);
});

test('hostile_name: is text wherever it is shown', async ({ open, id }) => {
  const { page, connected, pixel } = await open('/?at=113.7,-8.17,14&layers=camera&base=none');
  await connected();
  const { x, y } = await pixel(places.hostile_name);
  await page.mouse.move(x, y);
  await eventually(() => page.locator('.map-tooltip strong').textContent()).toBe(hostileName);
  await page.mouse.click(x, y);
  const inspector = page.locator(`aside[data-feature="camera/${id('CAM-3')}"]`);
  await eventually(() => inspector.locator('h2').textContent()).toBe(hostileName);
  await page.locator('#search').fill('<img');
  await page.getByRole('option').filter({ hasText: hostileName }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Daftar', exact: true }).click();
  await page.locator('[data-index]').filter({ hasText: hostileName }).waitFor();
  expect(await page.locator('img[src=x]').count()).toBe(0);
  expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
});
