import { chromium } from 'playwright-core';
import { buildPage } from '../../server/page_build.ts';
import { chromiumPath, noChromium } from '../support/chromium.ts';
import { startServer } from './http.ts';
import { regency } from './regency.ts';
import { type Measure, median } from './report.ts';

/** What the page says of its own start. */
interface Start {
  /** Milliseconds from the navigation to the map with all its first tiles. */
  readonly mapMs: number;
  /** Bytes of script as they came over the wire by then. */
  readonly scriptBytes: number;
}

/** The first map on the screen of a browser that has nothing in its cache, production build, the regency of scale 1. */
export async function run(): Promise<Measure[]> {
  if (!chromiumPath) {
    console.error(`web is left out: ${noChromium}`);
    return [];
  }
  await buildPage((message) => console.error(`  ${message}`));
  const { connection, url } = await regency(1);
  await connection.close();
  const { child, port } = await startServer(url);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const starts: Start[] = [];
  for (let round = 0; round < 5; round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    starts.push(await page.evaluate(firstMap));
    await context.close();
  }
  await browser.close();
  child.kill('SIGTERM');
  return [
    {
      bench: 'web',
      metric: 'first map on the screen, cold cache',
      value: median(starts.map(({ mapMs }) => mapMs)) / 1000,
      unit: 's',
      target: 2,
      better: 'lower',
    },
    {
      bench: 'web',
      metric: 'compressed script before it',
      value: Math.max(...starts.map(({ scriptBytes }) => scriptBytes)) / 1000,
      unit: 'KB',
      target: 450,
      better: 'lower',
    },
  ];
}

/** Runs in the page: waits until the status bar says that everything asked for is here and drawn. */
function firstMap(): Promise<Start> {
  return new Promise((resolve) => {
    const look = () => {
      const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]; // by their type
      const tiles = entries.filter(({ name }) => name.includes('/tiles/'));
      if (tiles.length === 0 || !document.querySelector('[data-state=connected]')) return requestAnimationFrame(look);
      const mapMs = performance.now();
      const scripts = entries.filter(({ initiatorType, name }) => initiatorType === 'script' || name.endsWith('.js'));
      return resolve({ mapMs, scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) });
    };
    look();
  });
}
