import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { eventually, type MapPage } from '../support/map_page.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests();
const [width, height] = [390, 844];
const phone = { viewport: { width, height }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const address = '/?at=113.7,-8.17,14&layers=river_gauge,camera&base=none';
const smallest = 44;

const sheetHeight = async ({ page }: MapPage) => (await page.locator('[data-cover=bottom]').boundingBox())?.height;

/** Controls on the screen that a thumb would miss, with their size. */
function smallTargets({ page }: MapPage): Promise<string[]> {
  return page.evaluate((least) => {
    const wanted =
      'button, a[href], input, select, [role=option], [role=menuitem], [role=menuitemradio], [role=slider]';
    return [...document.querySelectorAll<HTMLElement>(wanted)].flatMap((control) => {
      // The label of a radio button is its target as well.
      const target =
        (control instanceof HTMLInputElement && control.type === 'radio' && control.labels?.[0]) || control;
      const box = target.getBoundingClientRect();
      const x = box.x + box.width / 2;
      const y = box.y + box.height / 2;
      const top = document.elementFromPoint(x, y);
      const seen = box.width > 0 && top !== null && (target.contains(top) || top.contains(target));
      // A link within a text is as large as its line.
      const inText = control.closest('p, li, .ol-attribution') !== null && control.tagName === 'A';
      if (!seen || inText || (box.width >= least - 0.5 && box.height >= least - 0.5)) return [];
      return `${control.tagName} ${control.getAttribute('aria-label') ?? control.textContent} ${box.width}×${box.height}`;
    });
  }, smallest);
}

test('the sheet has three heights, by its handle and by a thumb that drags it', async ({ open }) => {
  const map = await open(address, phone);
  const { page, connected } = map;
  await connected();
  await eventually(() => sheetHeight(map)).toBe(96);
  const handle = page.getByRole('button', { name: 'Ubah tinggi lembar' });
  await handle.tap();
  await eventually(() => sheetHeight(map)).toBe(height / 2);
  await handle.tap();
  await eventually(() => sheetHeight(map)).toBeGreaterThan(0.9 * height);
  await handle.tap();
  await eventually(() => sheetHeight(map)).toBe(96);

  const grip = (await handle.boundingBox())!;
  const x = grip.x + grip.width / 2;
  await page.mouse.move(x, grip.y + grip.height / 2);
  await page.mouse.down();
  await page.mouse.move(x, height - 300, { steps: 5 });
  await page.mouse.move(x, height - 400, { steps: 5 });
  await page.mouse.up();
  await eventually(() => sheetHeight(map)).toBe(height / 2);

  const fingers = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove', y: number) =>
    fingers.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y }] });
  await touch('touchStart', height / 2 + 8);
  for (const y of [height / 2 + 40, height / 2 + 120, height - 120]) await touch('touchMove', y);
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await eventually(() => sheetHeight(map)).toBe(96);
});

test('nothing is wider than the screen', async ({ open }) => {
  const { page, connected } = await open(address, phone);
  await connected();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
});

test('every target is large enough for a thumb: layers, list, views, tools, search, inspector', async ({ open }) => {
  const map = await open(address, phone);
  const { page, connected, pixel } = map;
  await connected();
  expect(await smallTargets(map)).toEqual([]);
  for (const panel of ['Lapisan', 'Daftar', 'Tampilan', 'Alat']) {
    if (panel === 'Lapisan') await page.getByRole('button', { name: 'Ubah tinggi lembar' }).tap();
    await page.getByRole('button', { name: panel, exact: true }).tap();
    await eventually(() => sheetHeight(map)).toBe(height / 2);
    await connected();
    expect(await smallTargets(map), panel).toEqual([]);
  }
  await page.locator('#search').fill('pos');
  await page.getByRole('option').first().waitFor();
  expect(await smallTargets(map), 'search').toEqual([]);
  await page.keyboard.press('Escape');
  const { x, y } = await pixel(places.critical);
  await page.touchscreen.tap(x, y);
  await page.locator('aside[data-feature] h2').waitFor();
  expect(await smallTargets(map), 'inspector').toEqual([]);
});

test('what is found comes into the sheet and stays in sight above it', async ({ open, id }) => {
  const map = await open('/?at=113.3,-8.4,10&layers=river_gauge&base=none', phone);
  const { page, pixel } = map;
  await page.locator('#search').fill('bedadung');
  await page.getByRole('option').filter({ hasText: 'Pos Bedadung' }).tap();
  const inspector = page.locator(`[data-cover=bottom] aside[data-feature="river_gauge/${id('PDA-1')}"]`);
  await eventually(() => inspector.locator('h2').textContent()).toBe('Pos Bedadung');
  await eventually(() => sheetHeight(map)).toBe(height / 2);
  await eventually(async () => {
    const { x, y } = await pixel(places.critical);
    return x > 0 && x < width && y > 60 && y < height / 2;
  }).toBe(true);
});

test('a tap on the map selects, a tap on the cross puts the sheet back', async ({ open, id }) => {
  const { page, connected, pixel } = await open(address, phone);
  await connected();
  const { x, y } = await pixel(places.warning);
  await eventually(async () => {
    await page.touchscreen.tap(x, y);
    return page.locator('aside[data-feature]').count();
  }).toBe(1);
  expect(await page.locator('aside').getAttribute('data-feature')).toBe(`river_gauge/${id('PDA-2')}`);
  await page.locator('aside').getByRole('button', { name: 'Tutup' }).tap();
  await eventually(() => page.locator('aside[data-feature]').count()).toBe(0);
});

test('a thumb measures: the sheet makes room, and the ends of it are on the map', async ({ open }) => {
  const map = await open(address, phone);
  const { page, connected, pixel } = map;
  await connected();
  await page.getByRole('button', { name: 'Alat', exact: true }).tap();
  await page.getByRole('button', { name: 'Jarak', exact: true }).tap();
  await eventually(() => sheetHeight(map)).toBe(96);
  const label = page.locator('.map-measure');
  for (const place of [places.zero_level, places.centre]) {
    const { x, y } = await pixel(place);
    await page.touchscreen.tap(x, y);
  }
  await page.getByRole('button', { name: 'Akhiri', exact: true }).tap();
  await eventually(() => label.textContent()).toMatch(/^\d+\s?m$|^\d,\d+\s?km$/);
  await eventually(() => page.locator('#map.map-measuring').count()).toBe(0);
  expect(await smallTargets(map)).toEqual([]);
  await page.getByRole('button', { name: 'Hapus ukuran' }).tap();
  await eventually(() => label.isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: 'Hapus ukuran' }).count()).toBe(0);
});
