import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Colour, type Picture, readPng } from './png.ts';
import type { Place } from './small_regency.ts';

/** Waits for a value to become what is expected of it: `await eventually(() => …).toBe(…)`. For states, not for times. */
export const eventually = <T>(value: () => Promise<T> | T) => expect.poll(value, { timeout: 45_000, interval: 100 });

/** The colours of the light theme that the tests look for. */
export const colours = {
  critical: [0xb8, 0x12, 0x3f],
  warning: [0xb3, 0x4e, 0x00],
  advisory: [0x8f, 0x6b, 0x00],
  normal: [0x0b, 0x7a, 0x72],
  accent: [0x17, 0x70, 0x4a],
} satisfies Record<string, Colour>;

/** A page of the browser that shows the map, and what can be seen on it. */
export interface MapPage {
  readonly page: Page;
  /** Console errors, uncaught errors, requests to other hosts. Must be empty when the test ends. */
  readonly faults: string[];
  /** Paths with queries of all tiles asked for, in order. */
  readonly tiles: string[];
  /** Waits until the status says that all is loaded; `rest: false` not for what comes after the first map. */
  readonly connected: (until?: { readonly rest: false }) => Promise<void>;
  /** What the address holds, by parameter. */
  readonly address: () => URLSearchParams;
  /** Where a place is on the page, in CSS pixels, by the centre and zoom in the address. */
  readonly pixel: (place: Place) => Promise<{ x: number; y: number }>;
  /** How many pixels of the map around a place have a colour; `radius` in CSS pixels. */
  readonly ink: (place: Place, colour: Colour, radius?: number) => Promise<number>;
  /** The map as it is on the screen. */
  readonly picture: () => Promise<Picture>;
}

const tileSize = 512;

/** A place in pixels of the world at a zoom of 512-px tiles (Web Mercator). */
function mercator([lon, lat]: Place, zoom: number): [x: number, y: number] {
  const world = tileSize * 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  return [((lon + 180) / 360) * world, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world];
}

const near = (a: Colour, b: Colour) => a.every((channel, index) => Math.abs(channel - b[index]!) <= 20);

/** Counts the pixels of a picture that have a colour. */
export function count({ width, height, colour }: Picture, wanted: Colour): number {
  let found = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (near(colour(x, y), wanted)) found++;
  return found;
}

/** How many pixels of two pictures of one size differ. */
export function difference(one: Picture, other: Picture): number {
  if (one.width !== other.width || one.height !== other.height) return Number.POSITIVE_INFINITY;
  let found = 0;
  for (let y = 0; y < one.height; y++)
    for (let x = 0; x < one.width; x++) if (!near(one.colour(x, y), other.colour(x, y))) found++;
  return found;
}

/** Watches a page from its beginning; `forgive`: faults that the test itself causes. */
export function mapPage(page: Page, origin: string, forgive?: RegExp): MapPage {
  const faults: string[] = [];
  const tiles: string[] = [];
  const fault = (text: string) => {
    if (!forgive?.test(text)) faults.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') fault(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => fault(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname.startsWith('/tiles/')) tiles.push(`${url.pathname}${url.search}`);
    if (url.protocol.startsWith('http') && url.origin !== origin) fault(`asked elsewhere: ${url.href}`);
  });

  const address = () => new URL(page.url()).searchParams;
  const box = async () => {
    const found = await page.locator('#map').boundingBox();
    if (!found) throw new Error('there is no map on the page');
    return found;
  };
  async function pixel(place: Place) {
    const { x, y, width, height } = await box();
    const [lon = 0, lat = 0, zoom = 0] = (address().get('at') ?? '').split(',').map(Number);
    const [left, top] = mercator(place, zoom);
    const [centreLeft, centreTop] = mercator([lon, lat], zoom);
    return { x: x + width / 2 + left - centreLeft, y: y + height / 2 + top - centreTop };
  }
  return {
    page,
    faults,
    tiles,
    address,
    pixel,
    async connected(until) {
      await page.locator('[data-state=connected]').first().waitFor();
      // What shows passing notes is part of the rest on every layout, and needs no clock, which a test may have set.
      if (!until) await page.locator('.mantine-Notifications-root').first().waitFor({ state: 'attached' });
    },
    async ink(place, colour, radius = 18) {
      const { x, y } = await pixel(place);
      const clip = { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
      return count(readPng(await page.screenshot({ clip })), colour);
    },
    picture: async () => readPng(await page.screenshot({ clip: await box() })),
  };
}
