import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { eventually } from '../support/map_page.ts';

const test = await browserTests();
const address = '/?at=113.7,-8.17,14&layers=river_gauge,camera&base=none';

test('keys of the page: / L B M ? and Esc', async ({ open }) => {
  const { page, connected } = await open(address);
  await connected();
  const focused = () => page.evaluate(() => document.activeElement?.id);
  await page.keyboard.press('/');
  await eventually(focused).toBe('search');
  // In the field they are letters.
  await page.keyboard.type('lb?');
  expect(await page.locator('#search').inputValue()).toBe('lb?');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await eventually(focused).not.toBe('search');

  const panel = page.locator('#panel');
  await page.keyboard.press('b');
  await eventually(() => panel.count()).toBe(0);
  await page.keyboard.press('l');
  await eventually(() => panel.getAttribute('aria-label')).toBe('Lapisan');

  const measuring = page.locator('#map.map-measuring');
  await page.keyboard.press('m');
  await measuring.waitFor();
  await page.keyboard.press('Escape');
  await eventually(() => measuring.count()).toBe(0);

  const keys = page.getByRole('dialog', { name: 'Tombol pintas' });
  await page.keyboard.press('?');
  await keys.waitFor();
  await page.keyboard.press('Escape');
  await eventually(() => keys.count()).toBe(0);
});

test('the first Tab leads to the map, whose arrows pan and whose + and - zoom', async ({ open }) => {
  const { page, connected, address: query } = await open(address);
  await connected();
  const at = () => (query().get('at') ?? '').split(',').map(Number);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await eventually(() => page.evaluate(() => document.activeElement?.id)).toBe('map');
  const focus = await page.locator('#map').evaluate((map) => getComputedStyle(map).outlineStyle);
  expect(focus).not.toBe('none');

  await page.keyboard.press('ArrowRight');
  await eventually(() => at()[0]).toBeGreaterThan(113.7);
  await page.keyboard.press('ArrowUp');
  await eventually(() => at()[1]).toBeGreaterThan(-8.17);
  await page.keyboard.press('+');
  await eventually(() => at()[2]).toBe(15);
  await page.keyboard.press('-');
  await eventually(() => at()[2]).toBe(14);
});

test('a layer is switched and a feature selected from the list without a pointer', async ({ open }) => {
  const { page, connected } = await open(address);
  await connected();
  const layer = page.locator('[data-layer=umkm]');
  await layer.focus();
  await page.keyboard.press('Space');
  await eventually(() => layer.getAttribute('aria-checked')).toBe('true');
  await page.keyboard.press('Space');
  await eventually(() => layer.getAttribute('aria-checked')).toBe('false');

  await page.getByRole('button', { name: 'Daftar', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-index="0"]').waitFor();
  const rows = await page.locator('[data-index]').allTextContents();
  await page.locator('[data-index="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('1');
  await page.keyboard.press('Enter');
  const name = await page.locator('aside[data-feature] h2').textContent();
  expect(rows[1]).toContain(name);
  await page.keyboard.press('Escape');
  await eventually(() => page.locator('aside[data-feature]').count()).toBe(0);
});

test('G and a letter go to a layer', async ({ open }) => {
  const { page, connected, address: query } = await open('/?at=113.3,-8.4,10&layers=camera&base=none');
  await connected();
  await page.keyboard.press('?');
  const line = page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'Pos duga air' });
  const letter = await line.locator('kbd').textContent();
  await page.keyboard.press('Escape');
  await eventually(() => page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('g');
  await page.keyboard.press(letter?.toLowerCase() ?? '');
  await eventually(() => query().get('layers')).toBe('camera,river_gauge');
  await eventually(() => Number(query().get('at')?.split(',')[2])).toBeGreaterThan(12);
  await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-layer'))).toBe('river_gauge');
});
