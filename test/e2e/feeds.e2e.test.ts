import { sql } from 'kysely';
import { afterEach, expect } from 'vitest';
import { bmkg_forecast } from '../../server/ingest/feeds/bmkg_forecast.ts';
import { bmkg_nowcast } from '../../server/ingest/feeds/bmkg_nowcast.ts';
import { bmkg_quake } from '../../server/ingest/feeds/bmkg_quake.ts';
import { pullFeeds } from '../../server/ingest/pull/pull_feeds.ts';
import { faults } from '../support/axe.ts';
import { browserTests } from '../support/browser.ts';
import { eventually, type MapPage } from '../support/map_page.ts';
import { webServer } from '../support/web_server.ts';

/** The page of the data sources and what the status bar says of them, over feeds that really are pulled. */
const code = '35.09.19.1001';
const settings = { FEEDS: ['bmkg_quake', 'bmkg_nowcast'], ROLE: 'operator' as const, FORECAST_AREAS: [code] };
const test = await browserTests({ settings });
const web = await webServer();
const address = '/?at=113.7,-8.17,14&layers=river_gauge&base=none&lang=id';
const feeds = [
  { ...bmkg_quake, urls: [`${web.url}/quakes`] },
  { ...bmkg_nowcast, urls: [`${web.url}/rss`] },
  { ...bmkg_forecast, urls: [`${web.url}/forecast`] },
];

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
/** One quake is the same in every answer. */
const yesterday = ago(30);
const quake = (members: object = {}) => ({
  ...{ DateTime: yesterday, Coordinates: '-8.21,113.61', Magnitude: '4.7' },
  ...{ Kedalaman: '9 km', Wilayah: 'Jember' },
  ...members,
});
const serveQuakes = (...gempa: object[]) => web.serve('/quakes', JSON.stringify({ Infogempa: { gempa } }));
const silence = (...paths: string[]) => {
  for (const path of paths) web.answers.set(path, (request) => request.socket.destroy());
};
const noWarnings = () => web.serve('/rss', '<rss><channel><title>BMKG</title></channel></rss>');

let pulling: ReturnType<typeof pullFeeds> | undefined;
afterEach(async () => {
  await pulling?.close();
  web.answers.clear();
});
type City = Parameters<Parameters<typeof test>[1]>[0];
/** Pulls until every feed was tried, and failed as often as expected or not at all. */
async function pulled({ connection, served }: City, failing: readonly string[] = []): Promise<void> {
  const { db } = connection;
  for (const table of ['quake', 'feed', 'feed_fault', 'raw_payload'])
    await sql`delete from ${sql.table(table)}`.execute(db);
  pulling = pullFeeds(served.parts, feeds);
  await eventually(async () => {
    const { rows } = await sql<{ id: string; failures: number; heard: boolean }>`
      select id, failures, last_success is not null as heard from feed`.execute(db);
    return settings.FEEDS.every((id) => {
      const row = rows.find((each) => each.id === id);
      return failing.includes(id) ? (row?.failures ?? 0) > 0 : row?.heard;
    });
  }).toBe(true);
}
const card = ({ page }: MapPage, id: string) => page.locator(`[data-feed="${id}"]`);

test('all is well: nothing in the status bar; the page opens by key, menu and address, and tells it', async (city) => {
  serveQuakes(quake(), quake({ Magnitude: 'besar' }));
  noWarnings();
  await pulled(city);
  const map = await city.open(address);
  const { page } = map;
  await map.connected();
  expect(await page.locator('[data-sources]').count()).toBe(0);

  await page.keyboard.press('s');
  const quakes = card(map, 'bmkg_quake');
  await eventually(() => quakes.textContent()).toMatch(/Baik · terdengar .*1 baru, 0 berubah, 0 berakhir, 1 rusak/);
  expect(map.address().get('panel')).toBe('feeds');
  await eventually(() => quakes.textContent()).toContain('1 di peta');
  await quakes.locator('summary').click();
  await eventually(() => quakes.locator('ol').innerText()).toMatch(/Magnitude is not a number[\s\S]*"besar"/);
  expect(await card(map, 'bmkg_forecast').textContent()).toContain('FEEDS=bmkg_forecast');
  expect(await page.locator('[data-door=http]').textContent()).toContain('Terbuka');
  expect(await page.locator('[data-door=mqtt]').textContent()).toContain('Tidak dibuka');

  await page.keyboard.press('l');
  await eventually(() => map.address().get('panel')).toBeNull();
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: /Sumber data/ }).click();
  await quakes.waitFor();
  const linked = await city.open(`${address.replace('lang=id', 'lang=en')}&panel=feeds`);
  await eventually(() => card(linked, 'bmkg_quake').textContent()).toMatch(/Good · heard .*1 new/);
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing serious on the page of the sources, ${colorScheme}`, async (city) => {
    serveQuakes(quake(), quake({ Magnitude: 'besar' }));
    silence('/rss');
    await pulled(city, ['bmkg_nowcast']);
    const map = await city.open(`${address}&panel=feeds`, { colorScheme });
    await map.connected();
    await card(map, 'bmkg_quake').locator('summary').click();
    await map.page.locator('[data-sources=one]').waitFor();
    expect(await faults(map.page)).toEqual([]);
  });

test('one that fails is named with its age; its chip opens the page; pulled when it is well again, the chip goes', async (city) => {
  serveQuakes(quake());
  noWarnings();
  await pulled(city);
  await sql`update feed set last_success = now() - interval '42 minutes'`.execute(city.connection.db);
  web.answers.set('/quakes', (_, response) => response.writeHead(503).end());
  await sql`update feed set next_run = now() where id = 'bmkg_quake'`.execute(city.connection.db);
  await pulling?.close();
  pulling = pullFeeds(city.served.parts, feeds);
  await eventually(async () => {
    const { rows } = await sql`select 1 from feed where id = 'bmkg_quake' and failures = 1`.execute(city.connection.db);
    return rows.length;
  }).toBe(1);

  const map = await city.open(address, { forgive: /429/ });
  const { page } = map;
  const chip = page.locator('[data-sources]');
  await eventually(() => chip.textContent()).toBe('Gempa bumi BMKG: 42 mnt, gagal');
  expect(await chip.getAttribute('title')).toMatch(/answered 503/);
  await chip.click();
  const quakes = card(map, 'bmkg_quake');
  await eventually(() => quakes.textContent()).toMatch(
    /Gagal · terdengar 42 menit lalu.*menolak permintaan.*answered 503/,
  );

  serveQuakes(quake(), quake({ DateTime: ago(3) }));
  await sql`update feed set last_run = now() - interval '1 minute'`.execute(city.connection.db);
  await quakes.getByRole('button', { name: /Tarik sekarang/ }).click();
  await eventually(() => quakes.getByRole('status').textContent()).toBe('Selesai: 1 baru, 0 berubah, 0 berakhir');
  await eventually(() => chip.count()).toBe(0);
  expect(await quakes.textContent()).toContain('Gagal terakhir');
  // Again at once: no, and why.
  await quakes.getByRole('button', { name: /Tarik sekarang/ }).click();
  await eventually(() => quakes.getByRole('status').textContent()).toContain('Baru saja ditarik');
});

test('one that nobody pulls any more is named as overdue with its age, and pulled again it is not', async (city) => {
  serveQuakes(quake());
  noWarnings();
  await pulled(city);
  await pulling?.close();
  await sql`update feed set last_success = now() - interval '42 minutes', last_run = now() - interval '42 minutes', due_at = now() - interval '41 minutes',
    next_run = now() + interval '1 hour' where id = 'bmkg_quake'`.execute(city.connection.db);
  const map = await city.open(address);
  const chip = map.page.locator('[data-sources=one]');
  await eventually(() => chip.textContent()).toBe('Gempa bumi BMKG: 42 mnt, terlambat');
  await chip.click();
  await eventually(() => card(map, 'bmkg_quake').textContent()).toMatch(/Terlambat ditarik.*seharusnya sudah ditarik/);
  pulling = pullFeeds(city.served.parts, feeds);
  await card(map, 'bmkg_quake')
    .getByRole('button', { name: /Tarik sekarang/ })
    .click();
  await eventually(() => chip.count()).toBe(0);
});

test('no network at all is said calmly, and the map goes on', async (city) => {
  silence('/quakes', '/rss');
  await pulled(city, settings.FEEDS);
  const map = await city.open(address);
  const chip = map.page.locator('[data-sources=no_network]');
  await eventually(() => chip.textContent()).toBe('Sumber luar belum terjangkau');
  await map.connected();
  await chip.click();
  await eventually(() => card(map, 'bmkg_quake').textContent()).toContain('Tanpa jaringan luar itu wajar');
  expect(await map.page.getByRole('alert').count()).toBe(0);
});

test('switched off and on from the page', async (city) => {
  serveQuakes(quake());
  noWarnings();
  await pulled(city);
  const map = await city.open(`${address}&panel=feeds`);
  const quakes = card(map, 'bmkg_quake');
  const toggle = quakes.getByRole('switch', { name: 'Tarik Gempa bumi BMKG' });
  await toggle.focus();
  await map.page.keyboard.press('Space');
  await eventually(() => quakes.getAttribute('data-state')).toBe('paused');
  expect(await quakes.getByRole('button', { name: /Tarik sekarang/ }).isDisabled()).toBe(true);
  await toggle.focus();
  await map.page.keyboard.press('Space');
  await eventually(() => quakes.getAttribute('data-state')).toBe('good');
});

test('when it cannot be read, that is said, and it comes back', async (city) => {
  serveQuakes(quake());
  noWarnings();
  await pulled(city);
  const map = await city.open('about:blank', { forgive: /503/ });
  await map.page.route('**/api/feeds', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"later"}' }),
  );
  await map.page.goto(`${address}&panel=feeds`);
  const notice = map.page.getByRole('alert');
  await eventually(() => notice.textContent()).toMatch(/tidak bisa dibaca.*later/);
  await map.connected();
  await map.page.unroute('**/api/feeds');
  await notice.getByRole('button', { name: 'Coba lagi' }).click();
  await card(map, 'bmkg_quake').waitFor();
});

test('on a phone the chip is a symbol that opens the page in the sheet', async (city) => {
  serveQuakes(quake());
  silence('/rss');
  await pulled(city, ['bmkg_nowcast']);
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const map = await city.open(address, phone);
  const chip = map.page.locator('[data-sources=one]');
  expect(await chip.getAttribute('aria-label')).toMatch(/Peringatan dini cuaca BMKG: belum pernah, gagal/);
  const box = await chip.boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  await chip.tap();
  await card(map, 'bmkg_nowcast')
    .getByRole('button', { name: /Tarik sekarang/ })
    .waitFor();
  const wide = await map.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wide).toBe(false);
});

test('the steps of a forecast are a table in the inspector, the present one marked', async (city) => {
  const first = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 4 * 3_600_000;
  const cuaca = Array.from({ length: 12 }, (_, i) => ({
    datetime: new Date(first + i * 3 * 3_600_000).toISOString(),
    ...{ t: 20 + i, tp: i, hu: 80, ws: 7.5, wd_deg: 90, tcc: 50, weather_desc: i === 1 ? 'Hujan Petir' : 'Cerah' },
    analysis_date: new Date(first).toISOString().slice(0, 19),
  }));
  const lokasi = { adm4: code, desa: 'Jember Kidul', kecamatan: 'Kaliwates', lon: 113.7, lat: -8.17 };
  web.serve(`/forecast?adm4=${code}`, JSON.stringify({ data: [{ lokasi, cuaca: [cuaca] }] }));
  const { db } = city.connection;
  const { parts } = city.served;
  pulling = pullFeeds({ ...parts, config: { ...parts.config, FEEDS: ['bmkg_forecast'] } }, feeds);
  let id = 0;
  await eventually(async () => {
    const { rows } = await sql<{ id: number }>`select id from forecast`.execute(db);
    id = rows[0]?.id ?? 0;
    return rows.length;
  }).toBe(1);
  const { page } = await city.open(`${address}&sel=forecast/${id}`);
  const inspector = page.locator(`aside[data-feature="forecast/${id}"]`);
  await eventually(() => inspector.locator('h2').textContent()).toBe('Jember Kidul');
  expect(await inspector.textContent()).toContain('Hujan petir');
  const table = inspector.getByRole('table', { name: 'Langkah prakiraan' });
  const rows = table.locator('tbody tr[data-past]');
  expect(await rows.count()).toBe(12);
  const present = table.locator('[aria-current=time]');
  expect(await present.innerText()).toMatch(/^\d\d\.\d\d\s+Hujan petir\s+1\s+21\s+80\s+7,5$/);
  expect(await table.locator('[data-past=true]').count()).toBe(1);
});
