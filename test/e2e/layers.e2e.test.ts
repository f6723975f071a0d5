import { sql } from 'kysely';
import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { colours, eventually } from '../support/map_page.ts';
import type { Colour } from '../support/png.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests();
/** The icon of a business. */
const icon: Colour = [0x46, 0x56, 0x4e];
const [lon, lat] = places.coffee;
const foodPlace = [lon, lat + 0.003] as const;

test('a layer is turned off and on: its symbols go and come back', async ({ open }) => {
  const { page, ink, address } = await open('/?at=113.7,-8.17,14&layers=river_gauge,camera&base=none');
  const gauge = page.locator('[data-layer=river_gauge]');
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  expect(await gauge.getAttribute('aria-checked')).toBe('true');

  await gauge.click();
  await eventually(() => gauge.getAttribute('aria-checked')).toBe('false');
  await eventually(() => ink(places.critical, colours.critical)).toBe(0);
  await eventually(() => address().get('layers')).toBe('camera');
  expect(await ink(places.online, colours.normal)).toBeGreaterThan(20);

  await gauge.click();
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await eventually(() => address().get('layers')).toBe('camera,river_gauge');
});

test('the opacity of a layer is set by its slider', async ({ open }) => {
  const { page, ink, address } = await open('/?at=113.7,-8.17,14&layers=river_gauge&base=none');
  await eventually(() => ink(places.warning, colours.warning)).toBeGreaterThan(40);
  await page.getByRole('button', { name: 'Pengaturan Pos duga air' }).click();
  await page.getByRole('slider', { name: 'Kepekatan' }).press('Home');
  await eventually(() => address().get('layers')).toBe('river_gauge:0.1');
  await eventually(() => ink(places.warning, colours.warning)).toBe(0);
  await page.getByRole('slider', { name: 'Kepekatan' }).press('End');
  await eventually(() => ink(places.warning, colours.warning)).toBeGreaterThan(40);
});

test('a filter by choice goes to the server with the tiles and leaves only what was chosen', async ({ open }) => {
  const { page, ink, tiles, address } = await open('/?at=113.7,-8.17,14&layers=umkm&base=none');
  await eventually(() => ink(foodPlace, icon)).toBeGreaterThan(15);
  await page.getByRole('button', { name: 'Pengaturan UMKM' }).click();
  const chip = page.getByRole('button', { name: /^Kopi dan kakao/ });
  await eventually(() => chip.textContent()).toBe('Kopi dan kakao4');
  expect(await chip.getAttribute('aria-pressed')).toBe('false');

  await chip.click();
  expect(await chip.getAttribute('aria-pressed')).toBe('true');
  await eventually(() => ink(foodPlace, icon)).toBe(0);
  expect(await ink(places.coffee, icon)).toBeGreaterThan(15);
  const asked = new URL(tiles.at(-1) ?? '', 'http://x').searchParams;
  expect(asked.get('filter')).toBe("category IN ('coffee_cocoa')");
  expect(asked.get('filter-lang')).toBe('cql2-text');
  await eventually(() => page.locator('[data-layer=umkm]').textContent()).toMatch(/4 \/ 12$/);
  await eventually(() => address().get('where')).toBe('umkm.category:coffee_cocoa');

  await page.getByRole('button', { name: /^Kuliner/ }).click();
  await eventually(() => page.locator('[data-layer=umkm]').textContent()).toMatch(/9 \/ 12$/);
  await eventually(() => ink(foodPlace, icon)).toBeGreaterThan(15);

  await page.getByRole('button', { name: 'Hapus saringan' }).click();
  await eventually(() => page.locator('[data-layer=umkm]').textContent()).toMatch(/UMKM12$/);
  await eventually(() => address().get('where')).toBe(null);
});

test('a filter by state holds for the list as well', async ({ open }) => {
  const { page, ink } = await open('/?at=113.7,-8.17,14&layers=river_gauge&base=none');
  await page.getByRole('button', { name: 'Pengaturan Pos duga air' }).click();
  await page.getByRole('button', { name: /^Siaga 1 · awas/ }).click();
  await eventually(() => ink(places.warning, colours.warning)).toBe(0);
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await page.getByRole('button', { name: 'Buka daftar' }).click();
  await eventually(() => page.locator('[data-index]').allTextContents()).toEqual([
    expect.stringContaining('Pos Bedadung'),
  ]);
});

test('a layer says how much of it is in view, and in which states, under its filter too', async ({ open }) => {
  const { page } = await open('/?at=113.6995,-8.166,16.5&layers=river_gauge,streetlight&base=none');
  const row = page.locator('[data-layer=river_gauge]');
  const bar = page.locator('div:has(> div > [data-layer=river_gauge]) [role=img]').first();
  await eventually(() => row.textContent()).toMatch(/1 \/ 4$/);
  await eventually(() => bar.getAttribute('aria-label')).toBe('Kritis 1');
  expect(await row.getAttribute('aria-description')).toBe('1 dalam tampilan · 4 semua');
  // Clusters count for what is in them.
  await page.goto('/?at=113.7,-8.17,12&layers=river_gauge,streetlight&base=none');
  await eventually(() => row.textContent()).toMatch(/duga air4$/);
  await eventually(() => page.locator('[data-layer=streetlight]').getAttribute('aria-description')).toBe(
    '500 dalam tampilan · 500 semua',
  );
  await page.goto('/?at=113.7,-8.17,12&layers=river_gauge&where=river_gauge.siaga:2|3&base=none');
  await eventually(() => bar.getAttribute('aria-label')).toBe('Waspada tinggi 1 · Waspada 1');
  await eventually(() => row.getAttribute('aria-description')).toBe('2 dalam tampilan · 2 lolos saringan · 4 semua');
});

test('a yes or no is a filter as well', async ({ open, connection }) => {
  await sql`update camera set out_of_service = (code = 'CAM-2')`.execute(connection.db);
  const { page, tiles, address } = await open('/?at=113.7,-8.17,14&layers=camera&base=none');
  await page.getByRole('button', { name: 'Pengaturan Kamera CCTV' }).click();
  const group = page.getByRole('group', { name: 'Tidak dioperasikan' });
  await eventually(() => group.getByRole('button').allTextContents()).toEqual(['Ya1', 'Tidak2']);
  await group.getByRole('button', { name: /^Ya/ }).click();
  await eventually(() => page.locator('[data-layer=camera]').textContent()).toMatch(/1 \/ 3$/);
  expect(new URL(tiles.at(-1) ?? '', 'http://x').searchParams.get('filter')).toBe('(out_of_service = true)');
  await eventually(() => address().get('where')).toBe('camera.out_of_service:true');
});

test('values beside symbols are left out by a switch, and the address says so', async ({ open }) => {
  const { page, ink, address } = await open('/?at=113.7,-8.17,14&layers=river_gauge&base=none');
  const dark: Colour = [0x15, 0x20, 0x1b];
  const beside = [places.zero_level[0] + 0.0011, places.zero_level[1]] as const;
  await eventually(() => ink(beside, dark, 12)).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Pengaturan Pos duga air' }).click();
  await page.getByRole('switch', { name: 'Tulis nama dan nilai di peta' }).press('Space');
  await eventually(() => ink(beside, dark, 12)).toBe(0);
  await eventually(() => address().get('layers')).toBe('river_gauge:1:bare');
  await page.goto(page.url());
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  expect(await ink(beside, dark, 12)).toBe(0);
});
