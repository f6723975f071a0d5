import { sql } from 'kysely';
import { expect } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { browserTests } from '../support/browser.ts';
import { listen } from '../support/events.ts';
import { colours, eventually, mapPage } from '../support/map_page.ts';
import { insertRows } from '../support/rows.ts';
import { type Place, places } from '../support/small_regency.ts';
import { watchMiddle } from '../support/watch_middle.ts';

const test = await browserTests();
const moving = { reducedMotion: 'no-preference' } as const;
const address = `/?at=${places.critical.join(',')},14&layers=river_gauge&base=none`;
const point = ([lon, lat]: Place) => `SRID=4326;POINT(${lon} ${lat})`;
const layerNamed = async (id: string) => (await layerFiles()).find((layer) => layer.id === id)!;

test('a reading posted by HTTP recolours a gauge in two pages, without a frame in which it is not there', async ({
  open,
}) => {
  const pages = [await open(address, moving), await open(address, moving)];
  const watched = [];
  for (const map of pages) {
    await map.connected();
    await eventually(() => map.ink(places.critical, colours.critical)).toBeGreaterThan(40);
    const seen = await watchMiddle(map);
    await eventually(async () => (await seen()).samples).toBeGreaterThan(5);
    watched.push({ seen, atFirst: (await seen()).blank });
  }
  for (const [level, colour, old] of [
    [310, colours.warning, colours.critical],
    [210, colours.advisory, colours.warning],
    [450, colours.critical, colours.advisory],
  ] as const) {
    const posted = await fetch(new URL('/api/ingest/river_gauge', pages[0]!.page.url()), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code: 'PDA-1', observed_at: new Date().toISOString(), level_cm: level }),
    });
    expect(await posted.json()).toMatchObject({ accepted: 1 });
    for (const { ink } of pages) {
      await eventually(() => ink(places.critical, colour)).toBeGreaterThan(40);
      expect(await ink(places.critical, old)).toBe(0);
    }
  }
  for (const { seen, atFirst } of watched) {
    const { samples, blank } = await seen();
    expect(samples).toBeGreaterThan(30);
    expect(blank - atFirst).toBe(0);
  }
});

test('what is added, moved and deleted appears, moves and goes', async ({ open, connection }) => {
  const { page, connected, ink } = await open(address);
  await connected();
  const [here, there] = [
    [113.7, -8.171],
    [113.708, -8.163],
  ] as const satisfies Place[];
  expect(await ink(here, colours.critical)).toBe(0);
  const [id] = await insertRows(connection.db, await layerNamed('river_gauge'), [
    {
      ...{ code: 'PDA-8', name: 'Pos baru', geom: point(here), observed_at: new Date().toISOString() },
      ...{ level_cm: 500, siaga1_cm: 400, siaga2_cm: 300, siaga3_cm: 200 },
    },
  ]);
  await eventually(() => ink(here, colours.critical)).toBeGreaterThan(40);
  await page.locator(`[data-pulse="river_gauge/${id}"]`).waitFor({ state: 'attached' });
  await sql`update river_gauge set geom = ${point(there)} where id = ${id}`.execute(connection.db);
  await eventually(() => ink(there, colours.critical)).toBeGreaterThan(40);
  await eventually(() => ink(here, colours.critical)).toBe(0);
  await sql`delete from river_gauge where id = ${id}`.execute(connection.db);
  await eventually(() => ink(there, colours.critical)).toBe(0);
  expect(await page.locator(`[data-pulse="river_gauge/${id}"]`).count()).toBe(0);
});

test('what becomes critical pulses until it is selected or calm again', async ({ open, connection, id }) => {
  const { page, connected, pixel } = await open(address);
  await connected();
  const gauge = id('PDA-3');
  const level = (cm: number) => sql`update river_gauge set level_cm = ${cm} where id = ${gauge}`.execute(connection.db);
  const pulse = page.locator(`[data-pulse="river_gauge/${gauge}"]`);
  await level(420);
  await pulse.waitFor({ state: 'attached' });
  await level(210.5);
  await eventually(() => pulse.count()).toBe(0);
  await level(430);
  await pulse.waitFor({ state: 'attached' });
  const { x, y } = await pixel(places.advisory);
  await page.mouse.click(x, y);
  await eventually(() => pulse.count()).toBe(0);
  await level(210.5);
});

test('what becomes critical is told wherever one looks, also inside a cluster', async ({ open, connection, id }) => {
  for (const at of ['114.1,-8.4,14', '113.7,-8.17,6']) {
    const { page, connected } = await open(`/?at=${at}&layers=river_gauge&base=none`);
    await connected();
    await page.keyboard.press('k');
    await page.getByRole('combobox', { name: 'Bagian peta' }).click();
    await page.getByRole('option', { name: 'Semua' }).click();
    await sql`update river_gauge set level_cm = 420 where id = ${id('PDA-3')}`.execute(connection.db);
    const entry = page.locator(`[data-entry="river_gauge/${id('PDA-3')}"]`);
    await eventually(() => entry.first().textContent()).toContain('Siaga 3 → Siaga 1 · awas');
    await page.getByRole('alert').waitFor();
    await page.locator(`[data-pulse="river_gauge/${id('PDA-3')}"]`).waitFor({ state: 'attached' });
    await sql`update river_gauge set level_cm = 210.5 where id = ${id('PDA-3')}`.execute(connection.db);
    await page.context().close();
  }
});

test('the inspector and the counts follow', async ({ open, connection, id }) => {
  const { page, connected } = await open(`${address}&sel=river_gauge/${id('PDA-2')}`);
  await connected();
  const inspector = page.locator(`aside[data-feature="river_gauge/${id('PDA-2')}"]`);
  await eventually(() => inspector.textContent()).toContain('320');
  await sql`update river_gauge set level_cm = 333 where id = ${id('PDA-2')}`.execute(connection.db);
  await eventually(() => inspector.textContent()).toContain('333');
  const count = page.locator('[data-layer=river_gauge]');
  await eventually(() => count.textContent()).toMatch(/4$/);
  const [added] = await insertRows(connection.db, await layerNamed('river_gauge'), [
    { code: 'PDA-7', name: 'Pos tujuh', geom: point([113.69, -8.18]) },
  ]);
  await eventually(() => count.textContent()).toMatch(/5$/);
  await sql`delete from river_gauge where id = ${added}`.execute(connection.db);
  await eventually(() => count.textContent()).toMatch(/4$/);
});

test('a layer that was off shows what changed meanwhile', async ({ open, connection, id }) => {
  const { page, connected, ink } = await open(`/?at=113.7,-8.17,14&layers=river_gauge,camera&base=none`);
  await connected();
  await eventually(() => ink(places.online, colours.normal)).toBeGreaterThan(40);
  const toggle = page.locator('[data-layer=camera]');
  await toggle.click();
  await eventually(() => ink(places.online, colours.normal)).toBe(0);
  await sql`update camera set status = 'degraded' where id = ${id('CAM-1')}`.execute(connection.db);
  await sql`update river_gauge set level_cm = 1 where id = ${id('PDA-0')}`.execute(connection.db);
  await toggle.click();
  await eventually(() => ink(places.online, colours.advisory)).toBeGreaterThan(40);
  expect(await ink(places.online, colours.normal)).toBe(0);
  await sql`update camera set status = 'online' where id = ${id('CAM-1')}`.execute(connection.db);
  await eventually(() => ink(places.online, colours.normal)).toBeGreaterThan(40);
});

test('the feed of a layer of thousands is of what is around the view, and nothing shown is old for it', async ({
  open,
  connection,
  id,
}) => {
  const [near, far] = [places.lamps, [113.9, -8.3] as const satisfies Place];
  await sql`insert into streetlight (pole, code, status, geom, observed_at) select 'F' || n, 'F' || n, 'ok',
    st_setsrid(st_makepoint(case n when 1 then 113.9 else 113.4 end, case n when 1 then -8.3 else -8.5 end), 4326), now()
    from generate_series(1, 2000) as n`.execute(connection.db);
  const lamp = (code: string, status: string) =>
    sql`update streetlight set status = ${status} where code = ${code}`.execute(connection.db);
  const { page, connected, ink, address } = await open('about:blank');
  const streams: URL[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/events') streams.push(url);
  });
  const goTo = async ([lon, lat]: Place) => {
    await page.locator('#search').fill(`${lat}, ${lon}`);
    await page.getByRole('option').filter({ hasText: 'Ke koordinat' }).click();
    await eventually(() => Number(address().get('at')?.split(',')[0])).toBeCloseTo(lon, 3);
  };
  await page.goto(`/?at=${far.join(',')},17&layers=streetlight,river_gauge&base=none`);
  await connected();
  await eventually(() => ink(far, colours.normal)).toBeGreaterThan(10);
  const { searchParams } = streams.at(-1)!;
  expect(searchParams.get('everywhere')).toBe('river_gauge');
  const [west = 0, , east = 0] = searchParams.get('bbox')!.split(',').map(Number);
  expect([west < far[0], east > far[0], east - west < 0.1]).toEqual([true, true, true]);
  await lamp('F1', 'confirmed_out');
  await eventually(() => ink(far, colours.warning)).toBeGreaterThan(10);

  await goTo(near);
  await eventually(() => streams.length).toBe(2);
  await connected();
  await lamp('F1', 'ok'); // nobody tells of it here
  // A gauge is heard of wherever it is.
  await sql`update river_gauge set level_cm = 420 where id = ${id('PDA-3')}`.execute(connection.db);
  await page.locator(`[data-pulse="river_gauge/${id('PDA-3')}"]`).waitFor({ state: 'attached' });
  await sql`update river_gauge set level_cm = 210.5 where id = ${id('PDA-3')}`.execute(connection.db);
  await goTo(far);
  await eventually(() => ink(far, colours.normal)).toBeGreaterThan(10);
  expect(await ink(far, colours.warning)).toBe(0);
  await sql`delete from streetlight where code like 'F%'`.execute(connection.db);
});

test('two tabs of one browser share one connection, and the second goes on when the first is closed', async ({
  open,
  connection,
  served,
  id,
}) => {
  const first = await open(address);
  await first.connected();
  const origin = new URL(first.page.url()).origin;
  const second = mapPage(await first.page.context().newPage(), origin);
  // It needs a layer more than the first: still one connection.
  await second.page.goto(`${address.replace('river_gauge', 'river_gauge,camera')}`);
  await second.connected();
  await sql`update camera set status = 'degraded' where id = ${id('CAM-1')}`.execute(connection.db);
  await eventually(() => second.ink(places.online, colours.advisory)).toBeGreaterThan(40);
  await eventually(() => served.parts.hub.size).toBe(1);

  await first.page.close();
  for (const [status, colour] of [
    ['online', colours.normal],
    ['degraded', colours.advisory],
    ['online', colours.normal],
  ] as const) {
    await sql`update camera set status = ${status} where id = ${id('CAM-1')}`.execute(connection.db);
    await eventually(() => second.ink(places.online, colour)).toBeGreaterThan(40);
  }
  await eventually(() => served.parts.hub.size).toBe(1);
  await second.connected();
  expect(second.faults).toEqual([]);
});

test('the feed tells what changed in words, highlights it and flies to it', async ({ open, connection, id }) => {
  const { page, connected, address: query } = await open(address);
  await connected();
  await page.keyboard.press('k');
  const panel = page.locator('#panel');
  await eventually(() => panel.getAttribute('aria-label')).toBe('Kabar');
  await eventually(() => panel.textContent()).toContain('Belum ada perubahan');
  await sql`update river_gauge set level_cm = 350 where id = ${id('PDA-3')}`.execute(connection.db);
  const entry = panel.locator(`[data-entry="river_gauge/${id('PDA-3')}"]`);
  await eventually(() => entry.textContent()).toContain('Pos duga air Pos Arjasa');
  expect(await entry.textContent()).toContain('Siaga 3 → Siaga 2 · waspada tinggi');
  await eventually(() => entry.textContent()).toContain('Kepatihan');
  // An observation that says the same again is no news.
  await sql`update river_gauge set observed_at = now() where id = ${id('PDA-2')}`.execute(connection.db);
  await sql`update river_gauge set level_cm = 351 where id = ${id('PDA-3')}`.execute(connection.db);
  await eventually(() => entry.first().textContent()).toContain('Tinggi muka air 350 → 351 cm');
  expect(await panel.locator(`[data-entry="river_gauge/${id('PDA-2')}"]`).count()).toBe(0);

  await entry.first().hover();
  const ring = page.locator('.map-highlight');
  await ring.waitFor({ state: 'visible' });
  // While somebody reads, nothing moves under the pointer.
  await sql`update river_gauge set level_cm = 420 where id = ${id('PDA-2')}`.execute(connection.db);
  await eventually(() => page.getByRole('alert').textContent()).toContain(
    'Pos duga air Pos Patrang: Siaga 2 → Siaga 1 · awas',
  );
  await panel.getByRole('button', { name: '1 kabar baru' }).waitFor();
  expect(await panel.locator(`[data-entry="river_gauge/${id('PDA-2')}"]`).count()).toBe(0);
  await panel.getByRole('button', { name: '1 kabar baru' }).click();
  await panel.locator(`[data-entry="river_gauge/${id('PDA-2')}"]`).waitFor();

  await entry.first().click();
  await eventually(() => query().get('sel')).toBe(`river_gauge/${id('PDA-3')}`);
  await eventually(() => query().get('at')?.split(',')[2]).toBe('15');
  await sql`update river_gauge set level_cm = 210.5 where id = ${id('PDA-3')}`.execute(connection.db);
  await sql`update river_gauge set level_cm = 320 where id = ${id('PDA-2')}`.execute(connection.db);
});

test('the feed of a filtered layer tells of what the filter shows', async ({ open, connection, id }) => {
  const { page, connected } = await open(`${address}&where=river_gauge.siaga:1|2`);
  await connected();
  await page.keyboard.press('k');
  const entry = (code: string) => page.locator(`#panel [data-entry="river_gauge/${id(code)}"]`);
  const level = (code: string, cm: number) =>
    sql`update river_gauge set level_cm = ${cm} where id = ${id(code)}`.execute(connection.db);
  // Not chosen before and after; chosen from now on; chosen until now.
  await level('PDA-0', 120);
  await level('PDA-3', 310);
  await eventually(() => entry('PDA-3').textContent()).toContain('Siaga 3 → Siaga 2 · waspada tinggi');
  await level('PDA-2', 110);
  await eventually(() => entry('PDA-2').textContent()).toContain('Siaga 2 → Siaga 4 · normal');
  await level('PDA-2', 120);
  await level('PDA-3', 420);
  await eventually(() => entry('PDA-3').first().textContent()).toContain('Siaga 2 → Siaga 1 · awas');
  expect(await entry('PDA-0').count()).toBe(0);
  expect(await entry('PDA-2').count()).toBe(1);
  for (const [code, cm] of [
    ['PDA-0', 0],
    ['PDA-2', 320],
    ['PDA-3', 210.5],
  ] as const)
    await level(code, cm);
});

test('nothing heard for more than twenty seconds is amber, the map stays, and the next word ends it', async ({
  open,
  connection,
  id,
}) => {
  const { page, connected, ink } = await open('about:blank');
  await page.clock.install();
  await page.goto(address);
  await connected();
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  // After a ping it is quiet for 15 seconds, by the clock of the server.
  const beside = await listen(new URL('/events?layers=river_gauge', page.url()).href);
  await beside.until(({ event }) => event === 'ping');
  beside.close();
  await page.clock.fastForward(22_000);
  const stale = page.locator('[data-state=stale]');
  await stale.waitFor();
  expect(await stale.textContent()).toMatch(/tanpa kabar, gambar berumur 2\d dtk/);
  expect(await page.locator('footer[data-stale=true]').count()).toBe(1);
  expect(await ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await stale.getByRole('button').click();
  await eventually(() => page.getByRole('dialog').textContent()).toContain('memegang sambungan');
  await page.keyboard.press('Escape');
  await sql`update river_gauge set observed_at = now() where id = ${id('PDA-1')}`.execute(connection.db);
  await connected();
  expect(await page.locator('footer[data-stale=false]').count()).toBe(1);
});

test('a computer with a wrong clock shows the age of things by the clock of the server', async ({
  open,
  connection,
  id,
}) => {
  await sql`update river_gauge set observed_at = now() - interval '4 minutes' where id = ${id('PDA-1')}`.execute(
    connection.db,
  );
  const { page, connected, ink } = await open('about:blank');
  const gauge = page.locator(`aside[data-feature="river_gauge/${id('PDA-1')}"]`);
  for (const [minutes, note] of [
    [-20, 'jam komputer ini terlambat 20 mnt'],
    [40, 'jam komputer ini terlalu cepat 40 mnt'],
  ] as const) {
    // And half a minute more, as it is told in whole ones.
    await page.clock.install({ time: Date.now() + (minutes + Math.sign(minutes) / 2) * 60_000 });
    await page.goto(`${address}&sel=river_gauge/${id('PDA-1')}`);
    await connected();
    await page.getByText(note).waitFor();
    // Read four minutes ago, of the fifteen after which it is stale: the ring is whole, and the words agree.
    await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
    await eventually(() => gauge.textContent()).toMatch(/diperbarui [4-9] menit lalu/);
  }
});

test('what is stale after ten seconds looks so within seconds, at rest', async ({ open, connection }) => {
  // Of a clock that runs ahead, so that it is fresh however long the page takes.
  const observed_at = new Date(Date.now() + 12_000).toISOString();
  const [id] = await insertRows(connection.db, await layerNamed('traffic_light'), [
    { code: 'APILL-9', name: 'Simpang', geom: point(places.coffee), observed_at, mode: 'fixed_time' },
  ]);
  const { page, connected } = await open('about:blank');
  await page.clock.install({ time: Date.now() });
  await page.goto(`/?at=${places.coffee.join(',')},17&layers=traffic_light&base=none`);
  await connected();
  const { x, y } = await mapPage(page, '').pixel(places.coffee);
  const clip = { x: x - 14, y: y - 14, width: 28, height: 28 };
  const fresh = await page.screenshot({ clip });
  await page.clock.fastForward(26_000);
  await eventually(async () => fresh.equals(await page.screenshot({ clip }))).toBe(false);
  await sql`delete from traffic_light where id = ${id}`.execute(connection.db);
});

test('what was missed while the server was away is there when it is back, without a reload', async ({
  open,
  connection,
  id,
  stopServer,
  startServer,
}) => {
  const { page, connected, ink } = await open(address, { forgive: /ERR_|Failed to load resource/ });
  await connected();
  await page.evaluate(() => Object.assign(window, { still: 'the same page' }));
  await stopServer();
  await page.locator('[data-state=offline]').waitFor();
  await eventually(() => page.locator('[data-state=offline]').textContent()).toMatch(/gambar berumur \d+ dtk/);
  for (const [code, level] of [
    ['PDA-1', 210],
    ['PDA-2', 450],
  ] as const)
    await sql`update river_gauge set level_cm = ${level} where id = ${id(code)}`.execute(connection.db);
  expect(await ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await startServer();
  await eventually(() => ink(places.critical, colours.advisory)).toBeGreaterThan(40);
  await eventually(() => ink(places.warning, colours.critical)).toBeGreaterThan(40);
  await connected();
  expect(await page.evaluate(() => 'still' in window)).toBe(true);
});

test('told to start over, the page converges in place and tells what became of things meanwhile', async ({
  open,
  connection,
  stopServer,
  startServer,
  id,
}) => {
  const { page, connected, ink } = await open(address, { forgive: /ERR_|Failed to load resource/ });
  await connected();
  await page.keyboard.press('k');
  await page.evaluate(() => Object.assign(window, { still: 'the same page' }));
  await sql`update river_gauge set level_cm = 450 where id = ${id('PDA-1')}`.execute(connection.db);
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await stopServer();
  await page.locator('[data-state=offline]').waitFor();
  await sql`update river_gauge set level_cm = 310, observed_at = '2026-11-29T12:34:56Z' where id = ${id('PDA-1')}`.execute(
    connection.db,
  );
  // As if it had been away for longer than changes are kept: the position it comes back with is of another log.
  await page.context().route('**/events?*', (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set('last_event_id', '00000000-0000-4000-8000-000000000000:5');
    return route.continue({ url: url.href });
  });
  await startServer();
  await eventually(() => ink(places.critical, colours.warning)).toBeGreaterThan(40);
  const entry = page.locator(`[data-entry="river_gauge/${id('PDA-1')}"]`).first();
  await eventually(() => entry.textContent()).toContain('Siaga 1 → Siaga 2 · waspada tinggi');
  // Not as if it were now: it says when that was observed, and that nobody here heard it then.
  expect(await entry.textContent()).toContain('selagi tidak tersambung');
  expect(await entry.locator('time').getAttribute('datetime')).toBe('2026-11-29T12:34:56.000Z');
  await connected();
  expect(await page.evaluate(() => 'still' in window)).toBe(true);
});
