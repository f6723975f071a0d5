import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { colours, eventually } from '../support/map_page.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests();
const all = 'layers=river_gauge,camera&base=none';

test('a name that is searched is flown to, selected and shown', async ({ open, id }) => {
  const { page, pixel, address } = await open(`/?at=113.3,-8.4,10&${all}`);
  await page.locator('#search').fill('patrang');
  await page.getByRole('option').filter({ hasText: 'Pos Patrang' }).click();
  const inspector = page.locator(`aside[data-feature="river_gauge/${id('PDA-2')}"]`);
  await eventually(() => inspector.locator('h2').textContent()).toBe('Pos Patrang');
  await eventually(() => address().get('sel')).toBe(`river_gauge/${id('PDA-2')}`);
  const map = (await page.locator('#map').boundingBox())!;
  await eventually(async () => {
    const { x, y } = await pixel(places.warning);
    return Math.max(Math.abs(x - map.x - map.width / 2), Math.abs(y - map.y - map.height / 2));
  }).toBeLessThan(250);
});

test('a code is found as well, and a village though its layer is off', async ({ open, id }) => {
  const { page, address } = await open(`/?at=113.3,-8.4,10&${all}`);
  await page.locator('#search').fill('PDA-0');
  await page.getByRole('option').filter({ hasText: 'Pos Nol' }).click();
  await page.locator(`aside[data-feature="river_gauge/${id('PDA-0')}"]`).waitFor();
  await page.locator('#search').fill('kepatihan');
  await page.getByRole('option').filter({ hasText: '35.09.19.1006' }).click();
  const inspector = page.locator(`aside[data-feature="village/${id('35.09.19.1006')}"]`);
  await eventually(() => inspector.locator('h2').textContent()).toBe('Kepatihan');
  await eventually(() => address().get('layers')?.split(',')).toContain('village');
  await eventually(() => Number(address().get('at')?.split(',')[2])).toBeGreaterThan(12);
});

test('Enter takes the first that is found, though it is pressed before that is here', async ({ open, id }) => {
  const { page, connected } = await open(`/?at=113.3,-8.4,10&${all}`);
  await connected();
  await page.keyboard.press('/');
  await page.keyboard.type('PDA-0');
  await page.keyboard.press('Enter');
  await page.locator(`aside[data-feature="river_gauge/${id('PDA-0')}"]`).waitFor();
  // Nothing is chosen where nothing is found, nor by an Enter of words that were changed since.
  await page.locator('#search').fill('tidak ada nama begini');
  await page.keyboard.press('Enter');
  await page.getByText('Tidak ada yang cocok dengan').waitFor();
  await page.locator('#search').fill('patrang');
  await page.getByRole('option').filter({ hasText: 'Pos Patrang' }).waitFor();
  expect(await page.locator(`aside[data-feature="river_gauge/${id('PDA-0')}"]`).count()).toBe(1);
});

test('a search without a match says what is searched', async ({ open }) => {
  const { page } = await open(`/?at=113.7,-8.17,14&${all}`);
  await page.locator('#search').fill('tidak ada nama begini');
  await page.getByText('Tidak ada yang cocok dengan').waitFor();
});

test('coordinates are a place to go to', async ({ open }) => {
  const { page, address } = await open(`/?at=113.3,-8.4,10&${all}`);
  await page.locator('#search').fill('-8.17, 113.7');
  await page.getByRole('option').filter({ hasText: 'Ke koordinat' }).click();
  await eventually(() =>
    address()
      .get('at')
      ?.split(',')
      .slice(0, 2)
      .map((degree) => Number(degree).toFixed(3)),
  ).toEqual(['113.700', '-8.170']);
});

test('zero_level: a click opens the gauge that is there, with its reading of zero, its unit and its age', async ({
  open,
  id,
}) => {
  const { page, connected, pixel, address } = await open(`/?at=113.7,-8.17,14&${all}`);
  await connected();
  const inspector = page.locator('aside[data-feature]');
  const { x, y } = await pixel(places.zero_level);
  await eventually(async () => {
    await page.mouse.click(x, y);
    return inspector.count();
  }).toBe(1);
  expect(await inspector.getAttribute('data-feature')).toBe(`river_gauge/${id('PDA-0')}`);
  await eventually(() => inspector.textContent()).toContain('Tinggi muka air0 cm');
  const text = await inspector.textContent();
  expect(text).toContain('Pos Nol');
  expect(text).toContain('Siaga 4 · normal');
  expect(text).toMatch(/diperbarui [45] menit lalu/);
  expect(text).toContain('Laju naikbelum ada data');
  await eventually(() => inspector.textContent()).toContain('Kepatihan');
  await eventually(() => address().get('sel')).toBe(`river_gauge/${id('PDA-0')}`);

  await page.keyboard.press('Escape');
  await eventually(() => inspector.count()).toBe(0);
  await eventually(() => address().get('sel')).toBe(null);
});

test('a click on nothing deselects', async ({ open, id }) => {
  const { page, connected, pixel } = await open(`/?at=113.7,-8.17,14&${all}&sel=river_gauge/${id('PDA-1')}`);
  await connected();
  await page.locator(`aside[data-feature="river_gauge/${id('PDA-1')}"]`).waitFor();
  const { x, y } = await pixel(places.centre);
  await page.mouse.click(x, y);
  await eventually(() => page.locator('aside[data-feature]').count()).toBe(0);
});

test('what is under the pointer is named', async ({ open }) => {
  const { page, connected, pixel } = await open(`/?at=113.7,-8.17,14&${all}`);
  await connected();
  const tooltip = page.locator('.map-tooltip');
  const nothing = await pixel(places.centre);
  const { x, y } = await pixel(places.warning);
  await eventually(async () => {
    await page.mouse.move(nothing.x, nothing.y);
    await page.mouse.move(x, y);
    return tooltip.isVisible();
  }).toBe(true);
  expect(await tooltip.locator('strong').textContent()).toBe('Pos Patrang');
  expect(await tooltip.locator('span').textContent()).toBe('Pos duga air · Siaga 2 · waspada tinggi');
  await page.mouse.move(nothing.x, nothing.y);
  await eventually(() => tooltip.isVisible()).toBe(false);
});

test('a cluster tells what is inside and opens by clicks', async ({ open }) => {
  const [lon, lat] = places.lamps;
  const { page, connected, pixel, address } = await open(`/?at=${lon},${lat},11&layers=streetlight&base=none`);
  await connected();
  const title = page.locator('.map-tooltip strong');
  const zoom = () => Number(address().get('at')?.split(',')[2]);
  const { x, y } = await pixel(places.lamps);
  await page.mouse.move(x, y);
  await eventually(() => title.textContent()).toBe('500 lampu jalan (PJU)');
  expect(await page.locator('.map-tooltip span').textContent()).toMatch(/^1 waspada tinggi · terlama \d+ menit lalu$/);

  await page.mouse.click(x, y);
  await eventually(zoom).toBeGreaterThan(11);
  expect(await page.locator('aside[data-feature]').count()).toBe(0);
  await eventually(async () => {
    const at = await pixel(places.lamps);
    await page.mouse.move(at.x + 3, at.y);
    await page.mouse.move(at.x, at.y);
    const name = await title.textContent();
    if (name?.endsWith('lampu jalan (PJU)')) await page.mouse.click(at.x, at.y);
    return name;
  }).toMatch(/^PJU-\d+$/);
  expect(zoom()).toBeGreaterThanOrEqual(14);
});

test('what a filter hides is found, says so, and is shown by one act', async ({ open, id }) => {
  const { page, ink, address } = await open(
    '/?at=113.7,-8.17,14&layers=river_gauge&where=river_gauge.siaga:1&base=none',
  );
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await page.locator('#search').fill('patrang');
  await page.getByRole('option').filter({ hasText: 'Pos Patrang' }).click();
  const inspector = page.locator(`aside[data-feature="river_gauge/${id('PDA-2')}"]`);
  await inspector.getByText('Saringan lapisan menyembunyikan').waitFor();
  await inspector.getByRole('button', { name: 'Hapus saringan' }).click();
  await eventually(() => address().get('where')).toBe(null);
  await eventually(() => ink(places.warning, colours.warning)).toBeGreaterThan(20);
  expect(await inspector.getByText('Saringan lapisan menyembunyikan').count()).toBe(0);
});
