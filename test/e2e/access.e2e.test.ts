import { sql } from 'kysely';
import { expect } from 'vitest';
import { faults } from '../support/axe.ts';
import { browserTests } from '../support/browser.ts';
import { eventually, type MapPage } from '../support/map_page.ts';

const test = await browserTests();
/** Of a map whose picture is whole. */
async function faultsOf({ page, connected }: MapPage): Promise<string[]> {
  await connected();
  return faults(page);
}

const address = '/?at=113.7,-8.17,14&layers=river_gauge,camera&base=none';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on a desk, ${colorScheme}: every panel, the legend, the menus and the inspector`, async ({
    open,
    id,
    connection,
  }) => {
    const map = await open(address, { colorScheme });
    const { page } = map;
    await page.getByRole('button', { name: 'Pengaturan Pos duga air' }).click();
    await page.getByRole('button', { name: 'Legenda', exact: true }).click();
    expect(await faultsOf(map), 'layers').toEqual([]);
    await page.getByText('Legenda', { exact: true }).first().click();
    expect(await faultsOf(map), 'legend').toEqual([]);
    await page.getByRole('button', { name: 'Daftar', exact: true }).click();
    await page.locator('[data-index="0"]').click();
    await page.locator(`aside[data-feature] h2`).waitFor();
    expect(await faultsOf(map), 'list and inspector').toEqual([]);
    for (const panel of ['Tampilan', 'Alat']) {
      await page.getByRole('button', { name: panel, exact: true }).click();
      expect(await faultsOf(map), panel).toEqual([]);
    }
    await page.getByRole('button', { name: 'Kabar', exact: true }).click();
    expect(await faultsOf(map), 'empty feed').toEqual([]);
    const level = (cm: number) =>
      sql`update river_gauge set level_cm = ${cm} where id = ${id('PDA-3')}`.execute(connection.db);
    await level(320);
    await page.locator('[data-entry]').first().waitFor(); // both at once would be told as no change at all
    await level(210.5);
    expect(await faultsOf(map), 'feed').toEqual([]);
    await page.locator('footer [data-state=connected] button').click();
    await page.getByText('memegang sambungan').waitFor();
    expect(await faultsOf(map), 'connection').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Tema' }).click();
    await page.getByRole('menuitemradio', { name: 'Gelap' }).waitFor();
    expect(await faultsOf(map), 'menu').toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('#search').fill('pos');
    await page.getByRole('option').first().waitFor();
    expect(await faultsOf(map), 'search').toEqual([]);
    await page.goto(`/?sel=camera/${id('CAM-2')}`);
    await page.locator('aside[data-feature] h2').waitFor();
    expect(await faultsOf(map), 'camera').toEqual([]);
  });
}

test('axe finds nothing serious in English and in the dialogs', async ({ open, id }) => {
  const map = await open(`${address}&lang=en&sel=river_gauge/${id('PDA-1')}`);
  await map.page.locator('aside[data-feature] h2').waitFor();
  expect(await faultsOf(map)).toEqual([]);
  await map.page.keyboard.press('?');
  await map.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  expect(await faultsOf(map)).toEqual([]);
});

test('axe finds nothing serious on a phone, with the sheet low, half and full, and on a wall', async ({ open, id }) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const map = await open(address, phone);
  expect(await faultsOf(map), 'low').toEqual([]);
  const handle = map.page.getByRole('button', { name: 'Ubah tinggi lembar' });
  const sheet = map.page.locator('[data-cover=bottom]');
  for (const height of ['half', 'full']) {
    await handle.tap();
    await eventually(() => sheet.getAttribute('data-height')).toBe(height);
    expect(await faultsOf(map), height).toEqual([]);
  }
  await map.page.goto(`${address}&sel=river_gauge/${id('PDA-1')}`);
  await map.page.locator('aside[data-feature] h2').waitFor();
  expect(await faultsOf(map), 'inspector').toEqual([]);

  const wall = await open(`${address}&wall`, { viewport: { width: 1920, height: 1080 } });
  expect(await faultsOf(wall), 'wall').toEqual([]);
});
