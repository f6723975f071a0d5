import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { colours, count, eventually } from '../support/map_page.ts';

const test = await browserTests({ empty: true });

test('an empty database shows the regency’s place, every layer with none, and how to fill it', async ({ open }) => {
  const { page, connected, address, picture } = await open('/?base=none');
  await connected();
  const counts = await page.locator('[data-layer]').allTextContents();
  expect(counts.length).toBeGreaterThanOrEqual(13);
  for (const text of counts) expect(text).toMatch(/\D0$/);
  await eventually(() => Math.round(Number(address().get('at')?.split(',')[0]))).toBe(114);
  const shown = await picture();
  expect(count(shown, colours.critical)).toBe(0);
  // The map's ground, not a hole.
  expect(count(shown, [0xec, 0xef, 0xea])).toBeGreaterThan(0.8 * shown.width * shown.height);

  await page.getByRole('button', { name: 'Pengaturan Pos duga air' }).click();
  await page.getByText('npm run import -- river_gauge').waitFor();
  await page.getByRole('button', { name: 'Buka daftar' }).click();
  await eventually(() => page.locator('#panel').textContent()).toContain('0 fitur');
  await page.locator('#search').fill('apa saja');
  await page.getByText('Tidak ada yang cocok dengan').waitFor();
});

test('the picture of nothing can be saved as well', async ({ open }) => {
  const { page, connected } = await open('/?base=none');
  await connected();
  await page.getByRole('button', { name: 'Alat', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Simpan PNG' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.png$/);
});
