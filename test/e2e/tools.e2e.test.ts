import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { colours, count, eventually, type MapPage } from '../support/map_page.ts';
import { readPng } from '../support/png.ts';
import { type Place, places } from '../support/small_regency.ts';

const test = await browserTests();
const address = '/?at=113.7,-8.17,14&layers=river_gauge&base=none';
const radians = Math.PI / 180;
/** Metres; the sphere on which OpenLayers measures. */
const earth = 6371008.8;

/** Kilometres along a great circle (haversine). */
function kilometres([lon1, lat1]: Place, [lon2, lat2]: Place): number {
  const h =
    Math.sin(((lat2 - lat1) * radians) / 2) ** 2 +
    Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * Math.sin(((lon2 - lon1) * radians) / 2) ** 2;
  return (2 * earth * Math.asin(Math.sqrt(h))) / 1000;
}

/** Clicks places one by one, the last one twice. */
async function draw({ page, pixel }: MapPage, corners: readonly Place[]): Promise<void> {
  for (const corner of corners) {
    const { x, y } = await pixel(corner);
    await page.mouse.move(x, y, { steps: 3 });
    if (corner === corners.at(-1)) await page.mouse.dblclick(x, y);
    else await page.mouse.click(x, y);
  }
}

/** A number as Indonesians write it. */
const indonesian = (text: string) => Number.parseFloat(text.replaceAll('.', '').replace(',', '.'));

test('a length is measured by clicks, which select nothing meanwhile', async ({ open }) => {
  const map = await open(address);
  const { page, connected, address: query } = map;
  await connected();
  await page.getByRole('button', { name: 'Alat', exact: true }).click();
  await page.getByRole('button', { name: 'Jarak', exact: true }).click();
  await draw(map, [places.zero_level, places.critical, places.warning]);
  const label = page.locator('.map-measure');
  await eventually(() => label.textContent()).toMatch(/^\d,\d+\skm$/);
  const expected = kilometres(places.zero_level, places.critical) + kilometres(places.critical, places.warning);
  expect(Math.abs(indonesian((await label.textContent()) ?? '') / expected - 1)).toBeLessThan(0.01);
  await eventually(() => page.locator('#map.map-measuring').count()).toBe(0);
  expect(await page.locator('aside[data-feature]').count()).toBe(0);
  expect(query().get('at') ?? '113.7,-8.17,14').toBe('113.7,-8.17,14');

  await page.getByRole('button', { name: 'Selesai mengukur' }).click();
  await eventually(() => label.isVisible()).toBe(false);
});

test('an area is measured by its corners', async ({ open }) => {
  const map = await open(address);
  const { page, connected } = map;
  await connected();
  await page.getByRole('button', { name: 'Alat', exact: true }).click();
  await page.getByRole('button', { name: 'Luas', exact: true }).click();
  const [west, south, east, north] = [113.692, -8.176, 113.708, -8.16];
  await draw(map, [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ]);
  const label = page.locator('.map-measure');
  await eventually(() => label.textContent()).toMatch(/^\d,\d+\skm²$/);
  const expected = kilometres([west, south], [east, south]) * kilometres([west, south], [west, north]);
  expect(Math.abs(indonesian((await label.textContent()) ?? '') / expected - 1)).toBeLessThan(0.01);
});

test('the scale is told as a fraction and by a line, and where the pointer is', async ({ open }) => {
  const { page, connected, pixel } = await open(address);
  await connected();
  const metresPerPixel = (2 * Math.PI * earth * Math.cos(places.critical[1] * radians)) / (512 * 2 ** 14);
  // 16,900 at zoom 14, at the 0.28 mm pixel of OGC's standard screen, in two digits.
  expect(Math.round(metresPerPixel / 0.28)).toBe(17);
  const scale = page.getByTitle('Skala');
  await eventually(() => scale.textContent()).toBe('1:17.000');
  const line = page.locator('.ol-scale-line-inner');
  const [, metres] = /^(\d+) m$/.exec((await line.textContent()) ?? '') ?? [];
  const width = (await line.boundingBox())!.width;
  expect(Math.abs(Number(metres) / (width * metresPerPixel) - 1)).toBeLessThan(0.02);

  const { x, y } = await pixel(places.critical);
  await page.mouse.move(x, y);
  const pointer = page.getByTitle('Penunjuk');
  await eventually(() => pointer.textContent()).toMatch(/^-8\.\d{5}, 113\.\d{5}$/);
  const [lat = 0, lon = 0] = ((await pointer.textContent()) ?? '').split(', ').map(Number);
  // The mouse stands on whole pixels.
  expect(kilometres([lon, lat], places.critical) * 1000).toBeLessThan(2 * metresPerPixel);

  await page.locator('.ol-zoom-out').click();
  await eventually(() => scale.textContent()).toBe('1:34.000');
});

test('the picture of the map is saved as a PNG', async ({ open }) => {
  const { page, connected, ink } = await open(address);
  await connected();
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await page.getByRole('button', { name: 'Alat', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Simpan PNG' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^pendopo-.*\.png$/);
  const picture = readPng(await readFile(await download.path()));
  const map = (await page.locator('#map').boundingBox())!;
  expect(picture.width).toBe(2 * map.width);
  expect(picture.height).toBeGreaterThan(2 * map.height);
  // The ring of the gauge at twice the size, and its colour once more in the legend.
  for (const state of ['critical', 'warning', 'advisory', 'normal'] as const)
    expect(count(picture, colours[state]), state).toBeGreaterThan(300);
});
