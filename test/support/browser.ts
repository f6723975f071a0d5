import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Config } from '../../server/config.ts';
import type { Connection } from '../../server/database/connect.ts';
import { type TestApp, testApp } from './app.ts';
import { chromiumPath, noChromium } from './chromium.ts';
import { testDatabase } from './database.ts';
import { type MapPage, mapPage } from './map_page.ts';
import { smallRegency } from './small_regency.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type OpenOptions = BrowserContextOptions & {
  /** Console errors that the test itself causes. */
  readonly forgive?: RegExp;
  /** What is to be done in the profile before the page is opened. */
  readonly before?: (context: BrowserContext, origin: string) => Promise<void>;
};

/** What a browser test has: the served regency, and pages of it. */
export interface City {
  readonly connection: Connection;
  readonly served: TestApp;
  /** The row's id by its code. */
  readonly id: (code: string) => number;
  /** Opens an address (`/?at=…`) in a browser profile of its own: light theme, desk size, no motion, unless said otherwise. */
  readonly open: (address: string, options?: OpenOptions) => Promise<MapPage>;
  /** Ends the web server, with all its connections, and starts it again on the same port, also with the app of a new process. */
  readonly stopServer: () => Promise<void>;
  readonly startServer: (app?: Hono) => Promise<void>;
}

type BrowserTest = (name: string, run: (city: City) => Promise<void>) => void;

interface CityOptions {
  /** Nothing is in the database. */
  readonly empty?: boolean;
  readonly settings?: Partial<Config>;
}

/**
 * The `test` of a file of browser tests, over a database of its own with the small regency in it. Without a Chromium each test is skipped and its name says why; with NOTHING_SKIPPED, as in CI, it fails.
 * Pages must end without a fault.
 */
export async function browserTests(options: CityOptions = {}): Promise<BrowserTest> {
  if (chromiumPath === undefined) {
    if (process.env.NOTHING_SKIPPED) return (name) => test(name, () => expect.fail(noChromium));
    return (name) => test.skip(`${name} (skipped: ${noChromium})`, () => {});
  }
  const city = await servedCity(options);
  return (name, run) => test(name, () => run(city));
}

let running: Promise<Browser> | undefined;

/** One browser for all files of a worker, each page in a profile of its own; it ends with the process. */
async function sharedBrowser(): Promise<Browser> {
  if (running && !(await running).isConnected()) running = undefined;
  running ??= chromium.launch({ executablePath: chromiumPath!, args: flags });
  return running;
}

async function servedCity({ empty = false, settings = {} }: CityOptions): Promise<City> {
  const { connection } = await testDatabase();
  const ids = empty ? new Map<string, number>() : await smallRegency(connection.db);
  const served = await testApp(connection, settings);
  const server = await webServer(served);
  afterAll(server.stop);

  const browser = await sharedBrowser();
  const opened: MapPage[] = [];
  afterEach(async () => {
    const faults = opened.flatMap((each) => each.faults);
    await server.start(); // a test that failed may have left it stopped
    for (const { page } of opened.splice(0)) await page.context().close();
    expect(faults).toEqual([]);
    expect(served.complaints).toEqual([]);
  });

  return {
    connection,
    served,
    id(code) {
      const id = ids.get(code);
      if (id === undefined) throw new Error(`the regency has no ${code}`);
      return id;
    },
    async open(address, { forgive, before, ...options } = {}) {
      const context = await browser.newContext({
        baseURL: server.origin,
        viewport: { width: 1440, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      });
      context.setDefaultTimeout(30_000);
      await before?.(context, server.origin);
      const page = mapPage(await context.newPage(), server.origin, forgive);
      opened.push(page);
      await page.page.goto(address);
      return page;
    },
    stopServer: server.stop,
    startServer: server.start,
  };
}

/** The real front door on a free port, which it keeps when it is started again. */
async function webServer({ app }: TestApp) {
  let port = 0;
  let server: ReturnType<typeof serve> | undefined;
  const start = (serving: Hono = app) =>
    new Promise<void>((resolve) => {
      if (server) return resolve();
      server = serve({ fetch: serving.fetch, hostname: '127.0.0.1', port }, (info) => {
        port = info.port;
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      if ('closeAllConnections' in server) server.closeAllConnections();
      server = undefined;
    });
  await start();
  return { start, stop, origin: `http://127.0.0.1:${port}` };
}
