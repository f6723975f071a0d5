import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { eventually } from '../support/map_page.ts';

const test = await browserTests();
const address = '/?at=113.7,-8.17,14&layers=river_gauge&base=none';
const forgive = /ERR_|Failed to load resource/;

test('what was never opened opens without a server, in both languages', async ({ open, stopServer }) => {
  const { page, connected } = await open('about:blank', { forgive });
  const phrases = page.waitForResponse(/\/assets\/en-/);
  await page.goto(address);
  await connected();
  await page.getByRole('combobox', { name: 'Cari' }).waitFor();
  await (await phrases).finished();
  await stopServer();
  const nav = page.getByRole('navigation').first();
  for (const panel of ['Daftar', 'Kabar', 'Tampilan', 'Alat']) {
    await nav.getByRole('button', { name: panel }).click();
    await eventually(() => page.locator('#panel').textContent()).not.toBe('');
  }
  await page.getByRole('button', { name: 'Jarak' }).click();
  await page.getByRole('region', { name: 'Ukur' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('EN', { exact: true }).click();
  await nav.getByRole('button', { name: 'List' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});

test('what had not come when the server went says so, and the map stays', async ({ open }) => {
  const { page, connected } = await open('about:blank', { forgive });
  await page.route(/\/assets\/rest-.*\.js/, (route) => route.abort());
  await page.goto(address);
  await connected({ rest: false });
  await page.keyboard.press('?');
  await page.getByRole('alert').getByText('Bagian ini belum sempat dimuat').waitFor();
  expect(await page.locator('#map canvas').count()).toBeGreaterThan(0);
});
