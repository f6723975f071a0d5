import { sql } from 'kysely';
import { expect } from 'vitest';
import { faults } from '../support/axe.ts';
import { browserTests } from '../support/browser.ts';
import { colours, eventually } from '../support/map_page.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests({ settings: { EVENTS_PER_ADDRESS: 1 } });
const address = `/?at=${places.critical.join(',')},14&layers=river_gauge&base=none`;

test('a page too many is told why it is not live and what to do, and is live by itself when another is closed', async ({
  open,
  connection,
}) => {
  const first = await open(address);
  await first.connected();
  // The first page of another browser: the one connection there may be is taken.
  const { page, connected, ink } = await open(address, { forgive: /429/ });
  const bar = page.locator('footer[data-offline=true]');
  await eventually(() => bar.textContent()).toMatch(
    /terlalu banyak peta terbuka, tutup salah satu; gambar berumur \d+ dtk/,
  );
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await bar.getByRole('button').first().click();
  await eventually(() => page.getByRole('dialog').textContent()).toContain('Tutup salah satunya');
  expect(await faults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await eventually(() => page.getByRole('dialog').count()).toBe(0);
  await page.getByText('EN', { exact: true }).click();
  await eventually(() => bar.textContent()).toContain('too many maps are open, close one; picture is');

  await page.setViewportSize({ width: 390, height: 844 });
  const chip = page.locator('[data-state=offline]');
  await eventually(() => chip.textContent()).toMatch(/too many maps are open, picture \d+ /);
  const { x, width, height } = (await chip.boundingBox())!;
  expect([x >= 0, x + width <= 390, height < 48]).toEqual([true, true, true]);

  await first.page.context().close();
  await connected();
  await sql`update river_gauge set level_cm = 210, observed_at = now() where code = 'PDA-1'`.execute(connection.db);
  await eventually(() => ink(places.critical, colours.advisory)).toBeGreaterThan(40);
});
