import { sql } from 'kysely';
import { expect } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { browserTests } from '../support/browser.ts';
import { eventually } from '../support/map_page.ts';
import { seededRandom } from '../support/random.ts';
import { insertRows, randomRow } from '../support/rows.ts';

const test = await browserTests({ settings: { ROLE: 'public' } });

test('a visitor hears nothing of rows and attributes that are not for him', async ({ open, connection }) => {
  const complaint = (await layerFiles()).find(({ id }) => id === 'complaint')!;
  const { page, connected } = await open('/?at=113.7,-8.17,14&layers=complaint&base=none');
  await connected();
  const said: string[] = [];
  const session = await page.context().newCDPSession(page);
  session.on('Network.eventSourceMessageReceived', ({ data }) => said.push(data));
  await session.send('Network.enable');
  await page.keyboard.press('k');

  const make = (seed: number, subject: string, secret: boolean) =>
    insertRows(connection.db, complaint, [
      {
        ...randomRow(complaint, seededRandom(seed), 'SRID=4326;POINT(113.7 -8.17)'),
        ...{ code: `ADU-${seed}`, subject, secret, reporter_name: 'zqreporter', address: 'zqaddress' },
      },
    ]);
  const [hidden] = await make(1, 'zqsecret', true);
  await sql`update complaint set subject = 'zqchanged' where id = ${hidden}`.execute(connection.db);
  const [open1] = await make(2, 'Lampu padam', false);
  const entry = page.locator(`[data-entry="complaint/${open1}"]`);
  await eventually(() => entry.textContent()).toContain('Lampu padam');
  expect(await page.locator(`[data-entry="complaint/${hidden}"]`).count()).toBe(0);
  await entry.click();
  await page.locator(`aside[data-feature="complaint/${open1}"] h2`).waitFor();
  expect(await page.locator('body').textContent()).not.toContain('zq');
  expect(said.join()).toContain('Lampu padam');
  expect(said.join()).not.toContain('zq');
});

test('of a catalogue in which only hidden things changed the position alone is new', async ({ open, connection }) => {
  const complaint = (await layerFiles()).find(({ id }) => id === 'complaint')!;
  const { page, connected } = await open('/?layers=complaint&base=none');
  await connected();
  const ask = () =>
    page.evaluate(async () => {
      const response = await fetch('/api/layers');
      return { kept: (await response.json()).position, now: response.headers.get('Pendopo-Position') };
    });
  const before = await ask();
  const row = randomRow(complaint, seededRandom(3), 'SRID=4326;POINT(113.7 -8.17)');
  await insertRows(connection.db, complaint, [{ ...row, code: 'ADU-3', secret: true }]);
  await eventually(async () => (await ask()).now).not.toBe(before.now);
  expect((await ask()).kept, 'it is the browser’s own').toBe(before.kept);
});
