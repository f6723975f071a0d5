import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, onTestFinished } from 'vitest';
import { createApp } from '../../server/app.ts';
import { assemble } from '../../server/assemble.ts';
import { config } from '../../server/config.ts';
import { changeDays, changesSince, parsePosition } from '../../server/database/change_log.ts';
import type { Connection } from '../../server/database/connect.ts';
import { keepPartitions } from '../../server/database/partitions.ts';
import { transaction } from '../../server/database/transaction.ts';
import { AUTH_SECRET } from '../support/auth_secret.ts';
import { browserTests } from '../support/browser.ts';
import { colours, eventually, type MapPage } from '../support/map_page.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests();
const address = `/?at=${places.critical.join(',')},14&layers=river_gauge&base=none`;
const forgive = { forgive: /ERR_|Failed to load resource/ };

/** Opens the map on a clock that can be put forward, and marks the page, so that a reload would show. */
async function watched(opened: MapPage): Promise<MapPage> {
  const { page, connected, ink } = opened;
  await page.clock.install();
  await page.goto(address);
  await connected();
  await eventually(() => ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await page.evaluate(() => Object.assign(window, { still: 'the same page' }));
  return opened;
}

/** An hour goes by, as on a computer whose lid was closed: whatever was due in it comes once. */
async function anHour({ page }: MapPage): Promise<void> {
  await page.clock.fastForward('01:01:00');
  const bar = page.locator('footer[data-offline=true]');
  await bar.waitFor();
  await eventually(() => bar.textContent()).toContain('tidak terhubung, gambar berumur 1 jam');
}

/** What happens meanwhile: one calms down, one rises, one goes and one comes. */
async function meanwhile({ db }: Connection): Promise<void> {
  const level = (code: string, cm: number) =>
    sql`update river_gauge set level_cm = ${cm}, observed_at = now() where code = ${code}`.execute(db);
  await level('PDA-1', 210);
  await level('PDA-2', 450);
  await sql`delete from river_gauge where code = 'PDA-9'`.execute(db);
  await sql`insert into river_gauge (code, name, geom, observed_at, level_cm, siaga1_cm, siaga2_cm, siaga3_cm)
    values ('PDA-9', 'Baru', st_setsrid(st_point(113.708, -8.163), 4326), now(), 500, 400, 300, 200)`.execute(db);
}

async function before({ db }: Connection): Promise<void> {
  const level = (code: string, cm: number) =>
    sql`update river_gauge set level_cm = ${cm}, observed_at = now() where code = ${code}`.execute(db);
  await level('PDA-1', 450);
  await level('PDA-2', 320);
  await sql`delete from river_gauge where code = 'PDA-9'`.execute(db);
}

/** The map is what the table is, the bar says so, and it is the same page. */
async function converged({ page, ink, connected }: MapPage): Promise<void> {
  await eventually(() => ink(places.critical, colours.advisory)).toBeGreaterThan(40);
  await eventually(() => ink(places.warning, colours.critical)).toBeGreaterThan(40);
  await eventually(() => ink([113.708, -8.163], colours.critical)).toBeGreaterThan(40);
  expect(await ink(places.critical, colours.critical)).toBe(0);
  await connected();
  await eventually(() => page.locator('footer[data-offline=false]').textContent()).toMatch(/gambar \d+ dtk/);
  await eventually(() => page.locator('[data-layer=river_gauge]').textContent()).toMatch(/5$/);
  expect(await page.evaluate(() => 'still' in window)).toBe(true);
}

test('without a network for an hour the map stays and says how old it is; with one again it shows the present', async ({
  open,
  connection,
}) => {
  await before(connection);
  const map = await watched(await open('about:blank', forgive));
  await map.page.context().setOffline(true);
  await anHour(map);
  await meanwhile(connection);
  expect(await map.ink(places.critical, colours.critical)).toBeGreaterThan(40);
  expect(await map.ink(places.critical, colours.advisory)).toBe(0);
  await map.page.context().setOffline(false);
  await converged(map);
});

test('the server is away for an hour, and comes back when the changes since are no longer kept', async ({
  open,
  connection,
  served,
  stopServer,
  startServer,
}) => {
  await before(connection);
  const map = await watched(await open('about:blank', forgive));
  await stopServer();
  await anHour(map);
  await meanwhile(connection);
  // The one that is away has heard of it; what it would say of a log that ends before is not what this is about.
  await served.follower.catchUp();
  // All days up to today, and another process, which remembers none of them.
  await keepPartitions(connection.db, changeDays(-1));
  const { parts, stop } = await assemble(config({ AUTH_SECRET }), connection, pino({ level: 'silent' }));
  onTestFinished(stop);
  const told = map.page.waitForResponse((response) => response.url().includes('/events?') && response.ok());
  await startServer(createApp(parts));
  await map.page.clock.fastForward(20_000);
  const { searchParams } = new URL((await told).url());
  const after = parsePosition(searchParams.get('last_event_id')!)!;
  const { db } = connection;
  expect(await transaction(db, (trx) => changesSince(trx, after, 1), { isolation: 'repeatable read' })).toBeUndefined();
  await converged(map);
});
