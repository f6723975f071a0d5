import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { colours, eventually, mapPage } from '../support/map_page.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests();
const address = `/?at=${places.critical.join(',')},14&layers=river_gauge&base=none`;

/**
 * Stops a tab where it is, as a browser does with one that nobody has looked at for long: no task of it runs. (A browser
 * without a screen takes every tab for a visible one, and freezes none by itself, nor when told to.) The answer lets it go on.
 */
async function freeze(page: Page): Promise<() => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Debugger.enable');
  const stopped = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
  await devtools.send('Debugger.pause');
  await stopped;
  return async () => {
    await devtools.send('Debugger.resume');
    await devtools.detach();
  };
}

test('another tab takes over from one that is frozen with the connection of all, and it comes back as a follower', async ({
  open,
  connection,
  served,
  id,
}) => {
  const level = (cm: number) =>
    sql`update river_gauge set level_cm = ${cm} where id = ${id('PDA-1')}`.execute(connection.db);
  const leader = await open(address);
  await leader.connected();
  const other = mapPage(await leader.page.context().newPage(), new URL(leader.page.url()).origin);
  await other.page.goto(address);
  await other.connected();
  await eventually(() => other.ink(places.critical, colours.critical)).toBeGreaterThan(40);
  await eventually(() => served.parts.hub.size).toBe(1);

  const thaw = await freeze(leader.page);
  for (const [cm, colour] of [
    [310, colours.warning],
    [210, colours.advisory],
  ] as const) {
    await level(cm);
    await eventually(() => other.ink(places.critical, colour)).toBeGreaterThan(40);
  }
  await other.connected();
  // The frozen one cannot let go of its own.
  expect(served.parts.hub.size).toBe(2);

  await thaw();
  await eventually(() => leader.ink(places.critical, colours.advisory)).toBeGreaterThan(40);
  // It has noticed that it leads no more, and holds no connection beside the one of the other.
  await eventually(() => served.parts.hub.size).toBe(1);
  await level(450);
  for (const tab of [leader, other]) {
    await eventually(() => tab.ink(places.critical, colours.critical)).toBeGreaterThan(40);
    await tab.connected();
  }
  expect(served.parts.hub.size).toBe(1);
  expect(other.faults).toEqual([]);
});
