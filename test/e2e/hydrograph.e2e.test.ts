import { sql } from 'kysely';
import { expect } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { faults } from '../support/axe.ts';
import { browserTests } from '../support/browser.ts';
import { eventually } from '../support/map_page.ts';
import { insertRows } from '../support/rows.ts';

const test = await browserTests();
const address = (id: number, more = '') =>
  `/?at=113.7,-8.17,14&layers=river_gauge&base=none&sel=river_gauge/${id}${more}`;

test('a gauge shows its levels with the siaga lines, gaps as gaps, and the suspect beside the line', async ({
  open,
  connection,
  id,
}) => {
  const gauge = id('PDA-3');
  // Every ten minutes of the last day, silent for four hours, one wild reading.
  await sql`insert into river_gauge_series (feature, observed_at, level_cm, quality)
    select ${gauge}::bigint, now() - make_interval(mins => n * 10), case when n = 12 then 9000 else 150 + n % 40 end,
      case when n = 12 then 'suspect' else 'good' end from generate_series(1, 140) as n where n not between 60 and 84`.execute(
    connection.db,
  );
  const { page, connected } = await open(address(gauge));
  await connected();
  const chart = page.locator('[data-quantity=level_cm]');
  await chart.locator('[data-run]').nth(1).waitFor();
  expect(await chart.locator('[data-run]').count()).toBe(2);
  const lines = await chart
    .locator('[data-threshold]')
    .evaluateAll((found) => found.map((line) => [line.getAttribute('data-severity'), line.textContent]));
  expect(lines).toEqual([
    ['critical', 'Siaga 1 · awas'],
    ['warning', 'Siaga 2 · waspada tinggi'],
    ['advisory', 'Siaga 3 · waspada'],
  ]);
  expect(await chart.locator('svg [data-suspect]').count()).toBe(1);
  // What is wild is in no line and does not stretch the axis.
  expect(await chart.textContent()).not.toMatch(/9\.000|5\.000/);
  expect(await chart.textContent()).toContain('1 pembacaan meragukan');

  // The newest is told, then the one before it by the keyboard, and the same again in the table.
  const slider = chart.getByRole('slider', { name: 'Baca grafik Tinggi muka air dengan panah' });
  await eventually(() => slider.getAttribute('aria-valuetext')).toMatch(/^210,5 cm · .* WIB$/);
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await eventually(() => slider.getAttribute('aria-valuetext')).toMatch(/^151 cm · /);
  await page.keyboard.press('Home');
  await eventually(() => slider.getAttribute('aria-valuetext')).toMatch(/^170 cm · /);
  await chart.getByText('Tabel', { exact: true }).click();
  await eventually(() => chart.locator('tbody tr').count()).toBeGreaterThan(100);
  expect(await chart.locator('tbody tr').first().textContent()).toContain('210,5');

  for (const range of ['6 jam', '7 hari', '30 hari']) {
    await page.getByText(range, { exact: true }).click();
    await eventually(() => chart.locator('[data-run]').count()).toBeGreaterThan(0);
  }
  // Until the range that was chosen last is there, the one before is shown faintly.
  await eventually(() => page.locator('[data-hydrograph="30d"] [aria-busy=true]').count()).toBe(0);
  expect(await faults(page)).toEqual([]);
});

test('the line goes on as readings come', async ({ open, connection, id }) => {
  const gauge = id('PDA-2');
  const { page, connected } = await open(address(gauge));
  await connected();
  const slider = page.locator('[data-quantity=level_cm]').getByRole('slider');
  await eventually(() => slider.getAttribute('aria-valuetext')).toMatch(/^320 cm/);
  for (const level of [333, 290]) {
    await sql`update river_gauge set level_cm = ${level}, observed_at = now() where id = ${gauge}`.execute(
      connection.db,
    );
    await eventually(() => slider.getAttribute('aria-valuetext')).toMatch(new RegExp(`^${level} cm`));
  }
});

test('a gauge that was never read says so, in both languages and themes', async ({ open, connection }) => {
  const layer = (await layerFiles()).find(({ id }) => id === 'river_gauge')!;
  const [silent] = await insertRows(connection.db, layer, [
    { code: 'PDA-9', name: 'Pos bisu', geom: 'SRID=4326;POINT(113.69 -8.18)' },
  ]);
  for (const [language, words, colorScheme] of [
    ['id', 'belum ada pembacaan', 'light'],
    ['en', 'no readings yet', 'dark'],
  ] as const) {
    const { page, connected } = await open(address(silent!, `&lang=${language}`), { colorScheme });
    await connected();
    await eventually(() => page.locator('[data-empty=level_cm]').textContent()).toContain(words);
    expect(await faults(page)).toEqual([]);
  }
  await sql`delete from river_gauge where id = ${silent}`.execute(connection.db);
});

test('what cannot be read is said, and read when asked again; other layers have no history', async ({ open, id }) => {
  const { page, connected } = await open('about:blank', { forgive: /Failed to load resource/ });
  await page.route('**/series?*', (route) => route.fulfill({ status: 400, json: { detail: 'rusak' } }));
  await page.goto(address(id('PDA-1')));
  await connected();
  const history = page.locator('[data-hydrograph]');
  await eventually(() => history.getByRole('alert').textContent()).toContain('Riwayat tidak bisa dibaca.');
  await page.unroute('**/series?*');
  await history.getByRole('button', { name: 'Coba lagi' }).click();
  await history.locator('[data-threshold]').first().waitFor();
  await page.goto(`/?sel=camera/${id('CAM-1')}`);
  await page.locator('aside[data-feature] h2').waitFor();
  expect(await page.locator('[data-hydrograph]').count()).toBe(0);
});

test('fits a phone', async ({ open, id }) => {
  const { page, connected } = await open(address(id('PDA-1')), {
    ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' },
  });
  await connected();
  const chart = page.locator('[data-quantity=level_cm]');
  await chart.locator('[data-threshold]').first().waitFor();
  await chart.scrollIntoViewIfNeeded();
  const { x = -1, width = 0 } = (await chart.boundingBox()) ?? {};
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(390);
  expect(await faults(page)).toEqual([]);
});

test('a hospital shows its free beds and its queue, and the classes it has under a fold', async ({
  open,
  connection,
}) => {
  const hospital = (await layerFiles()).find(({ id }) => id === 'hospital')!;
  const [id] = await insertRows(connection.db, hospital, [
    {
      ...{ code: 'RS-1', name: 'RSUD', geom: 'SRID=4326;POINT(113.7 -8.17)', observed_at: new Date().toISOString() },
      ...{ queue: 2, class1_free: 4, icu_free: 1, facility_status: 'normal' },
    },
  ]);
  await sql`insert into hospital_series (feature, observed_at, beds_free, queue, class1_free, icu_free, quality)
    select ${id}::bigint, now() - make_interval(mins => n * 20), 5 + n % 3, n % 4, 4 + n % 3, case when n = 3 then 9999 else 1 end,
      case when n = 3 then 'suspect' end from generate_series(1, 60) as n`.execute(connection.db);
  const { page, connected } = await open(`/?at=113.7,-8.17,14&layers=hospital&base=none&sel=hospital/${id}`);
  await connected();
  const chart = (quantity: string) => page.locator(`[data-quantity=${quantity}]`);
  await chart('beds_free').locator('[data-run]').first().waitFor();
  await chart('queue').locator('[data-run]').first().waitFor();
  expect(await page.locator('[data-quantity]').count()).toBe(2);
  expect(await chart('beds_free').textContent()).toContain('1 pembacaan meragukan');
  await page.getByText('2 grafik lagi', { exact: true }).click();
  // A level line has no height, and so is none that can be seen for playwright.
  await chart('icu_free').locator('[data-run]').first().waitFor({ state: 'attached' });
  expect(await chart('icu_free').textContent()).not.toMatch(/9\.999/);
  expect(await page.locator('[data-quantity]').count()).toBe(4);
  expect(await faults(page)).toEqual([]);
  await sql`delete from hospital`.execute(connection.db);
});
