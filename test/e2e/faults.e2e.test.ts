import { expect } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { browserTests } from '../support/browser.ts';
import { colours, difference, eventually } from '../support/map_page.ts';
import { insertRows } from '../support/rows.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests();
const address = '/?at=113.7,-8.17,14&layers=river_gauge,camera&base=none';
const broken = { status: 503, contentType: 'application/problem+json', body: '{"status":503,"detail":"later"}' };

test('the server ends: the map stays and says how old it is; the server returns: what happened meanwhile is shown', async ({
  open,
  connection,
  stopServer,
  startServer,
}) => {
  const { page, connected, ink, picture, pixel } = await open('about:blank', {
    forgive: /ERR_|Failed to load resource/,
  });
  await page.clock.install();
  await page.goto(address);
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await connected();
  await page.evaluate(() => Object.assign(window, { still: 'the same page' }));
  const before = await picture();

  await stopServer();
  const offline = page.locator('[data-state=offline]');
  await eventually(async () => {
    await page.clock.fastForward(10_000);
    return offline.count();
  }).toBe(1);
  await eventually(() => offline.textContent()).toMatch(/tidak terhubung, gambar berumur \d+ (dtk|mnt)/);
  expect(await page.locator('footer[data-offline=true]').count()).toBe(1);
  expect(difference(before, await picture())).toBeLessThan(before.width * before.height * 0.005);
  // It can still be moved.
  const { x, y } = await pixel(places.centre);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, 120);
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(20);
  // What is counted is what is seen, though the tiles of this zoom cannot be had.
  const zoom = async () => {
    await page.clock.fastForward(1000);
    return Number(new URL(page.url()).searchParams.get('at')?.split(',')[2]);
  };
  await eventually(zoom).toBeLessThan(14);
  for (let before = await zoom(); before < 15; before = await zoom()) {
    await page.mouse.wheel(0, -120);
    await eventually(zoom).toBeGreaterThan(before);
  }
  await eventually(() => page.locator('[data-layer=river_gauge]').textContent()).toMatch(/^[^/]*[^/\d ]4$/);

  const gauge = (await layerFiles()).find(({ id }) => id === 'river_gauge')!;
  const [lon, lat] = [113.7, -8.176];
  await insertRows(connection.db, gauge, [
    {
      ...{ code: 'PDA-9', name: 'Pos baru', geom: `SRID=4326;POINT(${lon} ${lat})` },
      observed_at: new Date().toISOString(),
      ...{ level_cm: 500, siaga1_cm: 400, siaga2_cm: 300, siaga3_cm: 200 },
    },
  ]);
  await startServer();
  await eventually(async () => {
    await page.clock.fastForward(10_000);
    return ink([lon, lat], colours.critical);
  }).toBeGreaterThan(20);
  await connected();
  expect(await page.evaluate(() => 'still' in window)).toBe(true);
});

test('while a tile is on its way the status says that the map is loading, and no longer', async ({ open }) => {
  const { page, connected, ink } = await open('/?at=113.7,-8.17,14&layers=camera&base=none');
  await connected();
  const arriving = Promise.withResolvers<void>();
  await page.route('**/tiles/river_gauge/**', async (route) => {
    await arriving.promise;
    await route.continue();
  });
  await page.locator('[data-layer=river_gauge]').click();
  const loading = page.locator('[data-state=loading]');
  await loading.waitFor();
  expect(await loading.textContent()).toContain('Memuat…');
  expect(await page.locator('[data-state=connected]').count()).toBe(0);
  arriving.resolve();
  await connected();
  expect(await loading.count()).toBe(0);
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
});

test('tiles that fail are counted in amber and tried again', async ({ open }) => {
  const { page, connected, ink } = await open('/?at=113.7,-8.17,14&layers=camera&base=none', { forgive: /503/ });
  await connected();
  await page.route('**/tiles/river_gauge/**', (route) => route.fulfill(broken));
  await page.locator('[data-layer=river_gauge]').click();
  const failed = page.locator('[data-state=failed]');
  await failed.waitFor();
  expect(await failed.textContent()).toMatch(/\d+ petak peta gagal dimuat/);
  expect(await ink(places.online, colours.normal)).toBeGreaterThan(20);

  const asked = page.waitForRequest('**/tiles/river_gauge/**');
  await failed.getByRole('button', { name: 'Coba lagi' }).click();
  await asked;
  await page.unroute('**/tiles/river_gauge/**');
  // Either the button or the page itself tries next, whichever is first: then there is no button any more.
  await eventually(async () => {
    const button = failed.getByRole('button', { name: 'Coba lagi' });
    if ((await button.count()) > 0) await button.click({ timeout: 1000 }).catch(() => {});
    return ink(places.critical, colours.critical);
  }).toBeGreaterThan(40);
  await connected();
});

test('without the list of layers the page says so and asks again', async ({ open }) => {
  const { page, connected } = await open('about:blank', { forgive: /503/ });
  await page.route('**/api/layers', (route) => route.fulfill(broken));
  await page.goto('/');
  const notice = page.getByRole('alert');
  await eventually(() => notice.textContent()).toContain('Daftar lapisan tidak bisa dibaca.');
  expect(await notice.textContent()).toContain('later');
  const again = notice.getByRole('button', { name: 'Coba lagi' });
  const asked = page.waitForRequest('**/api/layers');
  await again.click();
  await asked;
  await page.unroute('**/api/layers');
  // Either the button or the page itself asks next, whichever is first: then there is no button any more.
  await eventually(async () => {
    if ((await again.count()) > 0) await again.click({ timeout: 1000 }).catch(() => {});
    return page.locator('[data-layer=river_gauge]').count();
  }).toBe(1);
  await connected();
});

test('a feature that cannot be read keeps its place and is tried again', async ({ open, id }) => {
  const { page } = await open('about:blank', { forgive: /503/ });
  await page.route('**/ogc/collections/river_gauge/items/*', (route) => route.fulfill(broken));
  await page.goto(`${address}&sel=river_gauge/${id('PDA-1')}`);
  const inspector = page.locator(`aside[data-feature="river_gauge/${id('PDA-1')}"]`);
  await eventually(() => inspector.textContent()).toContain('Fitur tidak bisa dibaca.');
  await page.unroute('**/ogc/collections/river_gauge/items/*');
  await inspector.getByRole('button', { name: 'Coba lagi' }).click();
  await eventually(() => inspector.locator('h2').textContent()).toBe('Pos Bedadung');
});

test('without a server whoever zooms far out still sees what the map holds', async ({ open, stopServer }) => {
  const { page, connected, ink, pixel, address: query } = await open('about:blank', { forgive: /ERR_|Failed to load/ });
  await page.goto(address);
  await connected();
  await eventually(() => ink(places.warning, colours.warning)).toBeGreaterThan(40);
  await stopServer();
  await page.locator('[data-state=offline]').waitFor();
  const { x, y } = await pixel(places.warning);
  await page.mouse.move(x, y);
  const zoom = () => Number(query().get('at')?.split(',')[2]);
  for (let before = zoom(); before > 10.5; before = zoom()) {
    await page.mouse.wheel(0, 240);
    await eventually(zoom).toBeLessThan(before);
  }
  await eventually(() => ink(places.warning, colours.warning)).toBeGreaterThan(8);
});
