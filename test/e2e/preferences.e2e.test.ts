import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { colours, eventually, type MapPage } from '../support/map_page.ts';
import type { Colour } from '../support/png.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests();
const darkCritical: Colour = [0xff, 0x5c, 0x7a];
const address = '/?at=113.7,-8.17,14&layers=river_gauge&base=none';

const token = ({ page }: MapPage, name: string) =>
  page.evaluate((key) => getComputedStyle(document.documentElement).getPropertyValue(key).trim(), name);

test('English by a switch, for the page and the map, and still the next time', async ({ open }) => {
  const { page, connected } = await open(address);
  await connected();
  expect(await page.locator('.ol-zoom-in').getAttribute('title')).toBe('Perbesar');
  await page.getByText('EN', { exact: true }).click();
  await eventually(() => page.locator('html').getAttribute('lang')).toBe('en');
  await page.getByRole('button', { name: 'Layers', exact: true }).waitFor();
  expect(await page.locator('[data-layer=river_gauge]').textContent()).toContain('River gauge');
  expect(await page.locator('.ol-zoom-in').getAttribute('title')).toBe('Zoom in');
  await page.goto('/');
  await page.getByRole('button', { name: 'Layers', exact: true }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');

  await page.getByText('ID', { exact: true }).click();
  await page.getByRole('button', { name: 'Lapisan', exact: true }).waitFor();
});

test('dark by a choice, for the page and its symbols, and still the next time', async ({ open }) => {
  const map = await open(address);
  const { page, ink } = map;
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  expect(await token(map, '--map')).toBe('#ecefea');
  await page.getByRole('button', { name: 'Tema' }).click();
  await page.getByRole('menuitemradio', { name: 'Gelap' }).click();
  await eventually(() => token(map, '--map')).toBe('#141b18');
  await eventually(() => ink(places.critical, darkCritical)).toBeGreaterThan(40);
  expect(await ink(places.critical, colours.critical)).toBe(0);

  await page.goto(address);
  await eventually(() => token(map, '--map')).toBe('#141b18');
  await eventually(() => ink(places.critical, darkCritical)).toBeGreaterThan(40);
});

test('without a choice the theme is the device’s, also when that changes', async ({ open }) => {
  const map = await open(address, { colorScheme: 'dark' });
  await eventually(() => map.ink(places.critical, darkCritical)).toBeGreaterThan(40);
  await map.page.emulateMedia({ colorScheme: 'light' });
  await eventually(() => map.ink(places.critical, colours.critical)).toBeGreaterThan(40);
  expect(await token(map, '--bg')).toBe('#f4f6f4');
});

test('a view is kept under a name, opened by its key, renamed, deleted and taken back', async ({ open }) => {
  const map = await open('/?at=113.7,-8.17,14&layers=river_gauge&where=river_gauge.siaga:1&base=none');
  const { page, address: query, connected } = map;
  await connected();
  await page.getByRole('button', { name: 'Tampilan', exact: true }).click();
  await page.getByText('Belum ada.').waitFor();
  await page.getByLabel('Nama tampilan').fill('<b>Siaga</b> Bedadung');
  await page.keyboard.press('Enter');
  const saved = page.locator('#panel li');
  await eventually(() => saved.allTextContents()).toEqual(['1<b>Siaga</b> Bedadung']);

  await page.goto('/?at=113.5,-8.3,10&layers=camera&base=none&lang=en');
  await connected();
  await page.keyboard.press('2');
  await page.getByText('No view is saved on key 2 yet.').waitFor();
  await page.keyboard.press('1');
  await eventually(() => query().get('at')).toBe('113.7,-8.17,14');
  expect(query().get('layers')).toBe('river_gauge');
  expect(query().get('where')).toBe('river_gauge.siaga:1');
  expect(query().get('lang')).toBe('en');
  await eventually(() => map.ink(places.critical, colours.critical)).toBeGreaterThan(40);
  expect(await map.ink(places.warning, colours.warning)).toBe(0);

  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await page.getByRole('button', { name: /^Rename/ }).click();
  await page.locator('#panel li input').fill('Awas');
  await page.keyboard.press('Enter');
  await eventually(() => saved.allTextContents()).toEqual(['1Awas']);
  await page.getByRole('button', { name: 'Delete Awas' }).click();
  await eventually(() => saved.count()).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(() => saved.allTextContents()).toEqual(['1Awas']);
});
