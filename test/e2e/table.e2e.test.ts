import { readFile } from 'node:fs/promises';
import type { FeatureCollection } from 'geojson';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { faults } from '../support/axe.ts';
import { browserTests } from '../support/browser.ts';
import { eventually, type MapPage } from '../support/map_page.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests();
const address = '/?at=113.7,-8.17,14&layers=river_gauge,streetlight&base=none';

async function openTable({ page, connected }: MapPage): Promise<void> {
  await connected();
  await page.getByRole('button', { name: 'Daftar', exact: true }).click();
  await page.getByRole('button', { name: 'Tampilkan sebagai tabel' }).click();
  await page.locator('tbody [data-index]').first().waitFor();
}

/** A column of the table, by its title, top down. */
async function column({ page }: MapPage, title: string): Promise<string[]> {
  const titles = await page.locator('thead th').allTextContents();
  const at = titles.findIndex((each) => each.startsWith(title));
  expect(at, `${title} in ${titles.join()}`).toBeGreaterThanOrEqual(0);
  return page
    .locator('tbody tr:has([data-index])')
    .evaluateAll((rows, index) => rows.map((row) => row.children[index]?.textContent ?? ''), at);
}

async function downloaded({ page }: MapPage, opener: Locator, item: RegExp): Promise<string> {
  await opener.click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ]);
  return readFile(await download.path(), 'utf8');
}

test('the table has a column for everything, with its unit, and sorts by it; zero_level is a number', async ({
  open,
}) => {
  const map = await open(address);
  const { page } = map;
  await openTable(map);
  expect(await page.locator('thead th').allTextContents()).toEqual(
    expect.arrayContaining(['Nama pos', 'Umur', 'Kode', 'Tinggi muka air cm']),
  );
  expect(await column(map, 'Umur')).toEqual(expect.arrayContaining([expect.stringMatching(/^[45] mnt/)]));
  const title = page.locator('[data-sort=level_cm]');
  await title.click();
  await eventually(() => column(map, 'Tinggi muka air')).toEqual(['0', '210,5', '320', '450']);
  expect(await page.locator('th:has([data-sort=level_cm])').getAttribute('aria-sort')).toBe('ascending');
  await title.press('Enter');
  await eventually(() => column(map, 'Tinggi muka air')).toEqual(['450', '320', '210,5', '0']);
  expect(await faults(page)).toEqual([]);
});

test('chosen on the map, it comes into sight in the table; chosen in the table, it is marked on the map', async ({
  open,
  id,
}) => {
  const map = await open(`/?at=${places.lamps.join(',')},17&layers=streetlight&base=none`);
  const { page, address: query } = map;
  await openTable(map);
  await page.getByText('Semua', { exact: true }).click();
  await eventually(() => page.locator('table').getAttribute('aria-rowcount')).toBe('501');
  // Of a page that is not loaded, and of one that is.
  for (const code of ['PJU-490', 'PJU-150']) {
    await page.goto(`${page.url().replace(/&sel=[^&]*/, '')}&sel=streetlight/${id(code)}`);
    await openTable(map);
    await page.getByText('Semua', { exact: true }).click();
    const row = page.locator('tr[data-chosen=true]');
    await eventually(() => row.count()).toBe(1);
    expect(await row.textContent()).toContain(code);
    await eventually(() =>
      row.evaluate((element) => {
        const [own, around] = [element.getBoundingClientRect(), element.closest('div')!.getBoundingClientRect()];
        return own.top >= around.top && own.bottom <= around.bottom;
      }),
    ).toBe(true);
  }
  await page.locator('tbody [data-index="152"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await eventually(() => query().get('sel')).toMatch(/^streetlight\/\d+$/);
  await eventually(() => page.locator('tr[data-chosen=true] [data-index]').getAttribute('data-index')).toBe('153');
});

test('what is in view is what is listed and what is saved, filtered as the map is', async ({ open }) => {
  const map = await open(`/?at=${places.lamps.join(',')},19&layers=streetlight&base=none`);
  const { page } = map;
  await openTable(map);
  const status = page.locator('#panel [role=status]');
  const count = async () => Number.parseInt((await status.textContent()) ?? '', 10);
  const save = page.getByRole('button', { name: /^Unduh/ });
  await eventually(count).toBeLessThan(500);
  const inView = await count();
  expect(inView).toBeGreaterThan(5);
  const lines = (await downloaded(map, save, /CSV/)).trim().split('\r\n');
  expect(lines).toHaveLength(1 + inView);
  expect(lines[0]).toContain('status');

  await page.getByText('Semua', { exact: true }).click();
  await eventually(count).toBe(500);
  await page.goto(`${page.url()}&where=streetlight.status:confirmed_out`);
  await page.getByRole('button', { name: 'Pengaturan Lampu jalan (PJU)' }).click();
  const one = page.getByRole('button', { name: 'Unduh 1 fitur' });
  const file: FeatureCollection = JSON.parse(await downloaded(map, one, /GeoJSON/));
  expect(file.features.map(({ properties }) => properties?.code)).toEqual(['PJU-0']);
});
