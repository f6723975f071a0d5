import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { colours, difference, eventually, type MapPage } from '../support/map_page.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests();

/** What of the page must come back. */
async function state({ page }: MapPage) {
  const shown = page.locator('[data-layer][aria-checked=true]');
  return {
    language: await page.locator('html').getAttribute('lang'),
    layers: await shown.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-layer')).sort()),
    filtered: await page.locator('[data-layer=umkm]').textContent(),
    selected: await page.locator('aside[data-feature]').getAttribute('data-feature'),
  };
}

test('the address of a picture brings the same picture to another browser', async ({ open, id }) => {
  const one = await open('/?at=113.7,-8.17,13');
  const { page } = one;
  await one.connected();
  await page.getByText('EN', { exact: true }).click();
  await page.locator('[data-layer=umkm]').click();
  await page.locator('[data-layer=district]').click();
  await page.getByRole('button', { name: 'Options of Small business' }).click();
  await page.getByRole('button', { name: /^Coffee and cocoa/ }).click();
  await page.getByRole('button', { name: 'Options of Camera' }).click();
  await page.getByRole('slider', { name: 'Opacity' }).press('Home');
  await page.getByRole('button', { name: 'Tools', exact: true }).click();
  const radios = page.getByRole('radio');
  const backgrounds = page.getByRole('radiogroup', { name: 'Basemap' }).getByRole('radio');
  await backgrounds.last().check();
  const basemap = await backgrounds.last().getAttribute('value');
  expect(await radios.count()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Layers', exact: true }).click();
  await page.locator('.ol-zoom-in').click();
  await eventually(() => one.address().get('at')?.split(',')[2]).toBe('14');
  const grip = await one.pixel(places.centre);
  await page.mouse.move(grip.x, grip.y);
  await page.mouse.down();
  await page.mouse.move(grip.x - 60, grip.y + 20, { steps: 4 });
  await page.mouse.up();
  await eventually(() => one.address().get('at')).not.toBe('113.7,-8.17,14');
  await one.connected();
  const gauge = await one.pixel(places.critical);
  await page.mouse.click(gauge.x, gauge.y);
  await eventually(() => one.address().get('sel')).toBe(`river_gauge/${id('PDA-1')}`);
  await page.locator('aside[data-feature] h2').waitFor();
  await eventually(() => one.address().get('lang')).toBe('en');
  expect(one.address().get('base')).toBe(basemap);

  const address = new URL(page.url()).search;
  const other = await open(`/${address}`);
  await other.connected();
  await other.page.locator('aside[data-feature] h2').waitFor();
  await eventually(() => state(other)).toEqual(await state(one));
  await eventually(() => other.page.locator('[data-layer=umkm]').textContent()).toMatch(/4 \/ 12$/);
  expect(new URL(other.page.url()).search).toBe(address);

  const before = await one.picture();
  await eventually(async () => difference(before, await other.picture())).toBeLessThan(
    (before.width * before.height) / 200,
  );
  expect(await other.ink(places.critical, colours.critical)).toBeGreaterThan(40);

  await other.page.reload();
  await other.connected();
  await eventually(() => state(other)).toEqual(await state(one));
  await eventually(async () => difference(before, await other.picture())).toBeLessThan(
    (before.width * before.height) / 200,
  );
});

test('an address with errors in it shows what it can', async ({ open }) => {
  const broken =
    'at=999,x&layers=nosuch,river_gauge,%25%&where=river_gauge.nosuch:1;;&base=gone&lang=xx&sel=river_gauge/99999999';
  const { page, connected } = await open(`/?${broken}`, { forgive: /404/ });
  await connected();
  await page.getByText('Fitur ini sudah tidak ada.').waitFor();
  expect(await page.locator('[data-layer][aria-checked=true]').count()).toBe(1);
  expect(await page.locator('html').getAttribute('lang')).toBe('id');
});
