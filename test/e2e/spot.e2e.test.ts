import { expect } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { browserTests } from '../support/browser.ts';
import { eventually, type MapPage } from '../support/map_page.ts';
import { insertRows } from '../support/rows.ts';
import type { Place } from '../support/small_regency.ts';

const test = await browserTests();
const layerNamed = async (id: string) => (await layerFiles()).find((layer) => layer.id === id)!;
const point = ([lon, lat]: Place) => `SRID=4326;POINT(${lon} ${lat})`;
const box = (west: number, south: number, east: number, north: number) =>
  `SRID=4326;MULTIPOLYGON(((${west} ${south}, ${east} ${south}, ${east} ${north}, ${west} ${north}, ${west} ${south})))`;
const list = ({ page }: MapPage) => page.locator('[data-spot]');
const focused = ({ page }: MapPage) =>
  page.evaluate(() => document.activeElement?.closest('[data-index]')?.textContent ?? '');

test('1,200 businesses on one spot: the cluster that no zoom opens opens a list of all of them', async ({
  open,
  connection,
}) => {
  const here: Place = [113.73, -8.2];
  const rows = Array.from({ length: 1200 }, (_, n) => ({
    ...{ name: `Kios ${n}`, category: 'food', scale: 'micro', geom: point(here), source: 'operator' },
  }));
  await insertRows(connection.db, await layerNamed('umkm'), rows);
  const map = await open(`/?at=${here.join(',')},15&layers=umkm&base=none`);
  const { page, connected, pixel, address } = map;
  await connected();
  const { x, y } = await pixel(here);
  await eventually(async () => {
    await page.mouse.click(x, y);
    return list(map).count();
  }).toBe(1);
  expect(address().get('at')).toBe('113.73,-8.2,15');
  await eventually(() => list(map).locator('h2').textContent()).toBe('UMKM di titik ini');
  await eventually(() => list(map).getByRole('status').textContent()).toBe('1.200 fitur');

  // By keys alone from here on, to the last of them.
  await eventually(() => focused(map)).toContain('Kios 0');
  // The end of what has come, page by page.
  await eventually(async () => {
    await page.keyboard.press('End');
    return focused(map);
  }).toContain('Kios 1199');
  await page.keyboard.press('Enter');
  await eventually(() => page.locator('aside[data-feature] h2').textContent()).toBe('Kios 1199');
  await page.keyboard.press('Escape');
  await eventually(() => page.locator('aside[data-feature]').count()).toBe(0);
  await page.keyboard.press('Escape');
  await eventually(() => list(map).count()).toBe(0);
});

test('two signals share one point: a finger is asked which, each can be chosen, and a camera beside them is not', async ({
  open,
  connection,
}) => {
  const here: Place = [113.74, -8.19];
  const signal = { geom: point(here), source: 'operator' };
  await insertRows(connection.db, await layerNamed('traffic_light'), [
    { ...signal, name: 'Simpang Utara', code: 'ATC-1' },
    { ...signal, name: 'Simpang Selatan', code: 'ATC-2' },
  ]);
  await insertRows(connection.db, await layerNamed('camera'), [
    { name: 'Kamera jauh', geom: point([113.742, -8.19]), status: 'online', source: 'operator' },
  ]);
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const map = await open(`/?at=${here.join(',')},15&layers=traffic_light,camera&base=none`, phone);
  const { page, connected, pixel } = map;
  await connected();
  const { x, y } = await pixel(here);
  await eventually(async () => {
    await page.touchscreen.tap(x, y);
    return list(map).count();
  }).toBe(1);
  expect(await list(map).locator('h2').textContent()).toBe('2 fitur di titik ini');
  const rows = list(map).locator('[data-index]');
  expect((await rows.allTextContents()).toSorted().map((text) => text.slice(0, 11))).toEqual([
    'Simpang Sel',
    'Simpang Uta',
  ]);
  for (const name of ['Simpang Utara', 'Simpang Selatan']) {
    await rows.filter({ hasText: name }).tap();
    await eventually(() => page.locator('aside[data-feature] h2').textContent()).toBe(name);
    await page.getByRole('button', { name: 'Tutup', exact: true }).tap();
    await eventually(() => list(map).count()).toBe(1);
  }
  await page.getByRole('button', { name: 'Tutup daftar titik ini' }).tap();
  await eventually(() => list(map).count()).toBe(0);
});

test('zones that lie over one another are listed, the village under them is not', async ({ open, connection }) => {
  const zone = { hazard_class: 'high', source: 'operator' };
  await insertRows(connection.db, await layerNamed('flood_zone'), [
    { ...zone, name: 'Zona besar', geom: box(113.69, -8.2, 113.71, -8.18) },
    { ...zone, name: 'Zona kecil', geom: box(113.695, -8.195, 113.705, -8.185) },
  ]);
  const here: Place = [113.7, -8.188];
  const map = await open(`/?at=${here.join(',')},14&layers=flood_zone,village&base=none`);
  const { page, connected, pixel } = map;
  await connected();
  const { x, y } = await pixel(here);
  await eventually(async () => {
    await page.mouse.click(x, y);
    return list(map).count();
  }).toBe(1);
  const names = list(map).locator('[data-index]');
  await eventually(async () => (await names.allTextContents()).length).toBe(2);
  expect((await names.allTextContents()).join()).toMatch(/Zona besar.*Zona kecil|Zona kecil.*Zona besar/);
  // Where there is one only, a click is a choice.
  const alone = await pixel([113.692, -8.188]);
  await page.mouse.click(alone.x, alone.y);
  await eventually(() => page.locator('aside[data-feature] h2').textContent()).toBe('Zona besar');
  expect(await list(map).count()).toBe(0);
});
