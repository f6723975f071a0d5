import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { buildPage } from '../../server/page_build.ts';
import { chromiumPath, noChromium } from '../support/chromium.ts';
import { colours } from '../support/map_page.ts';
import type { Colour } from '../support/png.ts';
import { seededRandom } from '../support/random.ts';
import { places, smallRegency } from '../support/small_regency.ts';
import { ingestKey, startServer } from './http.ts';
import { lamps } from './lamps.ts';
import { stopped } from './live.ts';
import type { Measure } from './report.ts';

const changes = 100;
/** Levels of the gauge in the middle, and the colour of its symbol then. */
const levels = [
  [210, colours.advisory],
  [450, colours.critical],
] as const;

/** live/drawn: from when a reading is posted by HTTP until the gauge has its new colour in two pages, the later counts. */
export async function run(): Promise<Measure[]> {
  if (!chromiumPath) {
    console.error(`live/drawn is left out: ${noChromium}`);
    return [];
  }
  await buildPage((message) => console.error(`  ${message}`));
  const { connection, url } = await lamps('pendopo_bench_drawn', 0);
  await smallRegency(connection.db);
  await connection.close();
  const server = await startServer(url);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const base = `http://127.0.0.1:${server.port}`;
    const pages = await Promise.all([openMap(), openMap()]);
    async function openMap(): Promise<Page> {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
      const page = await context.newPage();
      await page.goto(`${base}/?at=${places.critical.join(',')},14&layers=river_gauge&base=none`);
      await page.locator('[data-state=connected]').first().waitFor();
      return page;
    }
    const random = seededRandom(5);
    const delays: number[] = [];
    for (let n = 0; n < changes; n++) {
      const [level, colour] = levels[n % levels.length]!;
      for (const page of pages) await page.evaluate(watchForColour, colour);
      await wait(random() * 200);
      const at = performance.timeOrigin + performance.now();
      const answer = await fetch(`${base}/api/ingest/river_gauge`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ingestKey}` },
        body: JSON.stringify({ code: 'PDA-1', observed_at: new Date().toISOString(), level_cm: level }),
      });
      if (!answer.ok) throw new Error(`the reading was refused: ${await answer.text()}`);
      const drawn = await Promise.all(pages.map((page) => page.evaluate<number>('drawnAt')));
      delays.push(Math.max(...drawn) - at);
    }
    delays.sort((a, b) => a - b);
    const row = (name: string, value: number): Measure => ({
      bench: 'live/drawn',
      metric: `reading posted by HTTP → drawn in two pages, ${name}`,
      value,
      unit: 'ms',
      target: 1_000,
      better: 'lower',
    });
    const quantile = (share: number) => delays[Math.floor(delays.length * share)]!;
    return [row('p50', quantile(0.5)), row('p95', quantile(0.95)), row('the slowest', delays.at(-1)!)];
  } finally {
    await browser.close();
    await stopped(server.child);
  }
}

/** Runs in the page: `drawnAt` becomes the moment of the first frame in which the middle of the map has the colour. */
function watchForColour(colour: Colour): void {
  const side = 24;
  const enough = 40;
  const host = document.getElementById('map')!;
  const area = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!;
  const { promise, resolve } = Promise.withResolvers<number>();
  Object.assign(window, { drawnAt: promise });
  function look() {
    const { width, height } = host.getBoundingClientRect();
    area.clearRect(0, 0, side, side);
    for (const canvas of host.querySelectorAll('canvas')) {
      if (canvas.width === 0) continue;
      // Where the middle of the map is in the pixels of a canvas that OpenLayers has moved by a transform.
      const { x, y } = new DOMMatrix(canvas.style.transform || undefined)
        .inverse()
        .transformPoint(new DOMPoint(width / 2, height / 2));
      area.drawImage(canvas, x - side / 2, y - side / 2, side, side, 0, 0, side, side);
    }
    const { data } = area.getImageData(0, 0, side, side);
    let found = 0;
    for (let at = 0; at < data.length; at += 4)
      if (colour.every((channel, i) => Math.abs(channel - data[at + i]!) <= 20)) found++;
    if (found >= enough) resolve(performance.timeOrigin + performance.now());
    else requestAnimationFrame(look);
  }
  requestAnimationFrame(look);
}
