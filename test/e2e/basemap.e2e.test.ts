import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect } from 'vitest';
import { browserTests } from '../support/browser.ts';
import { count, eventually, type MapPage } from '../support/map_page.ts';
import { type Colour, flatPng, readPng } from '../support/png.ts';
import { places } from '../support/small_regency.ts';

/** A colour that nothing else on the map has. */
const violet: Colour = [0x9c, 0x27, 0xb0];
/** The sea of the built-in background, and its land. */
const [sea, land]: readonly Colour[] = [
  [0xd1, 0xdc, 0xe5],
  [0xf3, 0xf5, 0xf1],
];
const tile = flatPng(256, violet);
/** Whether the server of the background lets other pages copy its pictures. */
let permitted = true;
const outside = createServer((_, response) => {
  if (permitted) response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Content-Type', 'image/png').end(tile);
});
await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
afterAll(() => {
  outside.closeAllConnections();
  outside.close();
});
const { port } = outside.address() as AddressInfo; // it listens on a port
const origin = `http://127.0.0.1:${port}`;
const test = await browserTests({
  settings: { BASEMAP_URL: `${origin}/{z}/{x}/{y}.png`, BASEMAP_ATTRIBUTION: 'Peta uji' },
});
/** The background is asked of another host, as it is meant to be. */
const forgive = new RegExp(origin);
const quiet = [113.71, -8.16] as const;
const half = 40;
const most = (2 * half) ** 2 * 0.9;

const choose = ({ page }: MapPage, name: string) => page.getByRole('radio', { name }).check();

test('a raster background of another server is drawn, and the switch leads to the built-in one and back', async ({
  open,
}) => {
  const map = await open('/?at=113.7,-8.17,14&layers=river_gauge', { forgive });
  const { page, ink, connected } = map;
  await connected();
  await eventually(() => ink(quiet, violet, half)).toBeGreaterThan(most);
  await eventually(() => page.locator('.ol-attribution').textContent()).toContain('Peta uji');
  await page.getByRole('button', { name: 'Alat', exact: true }).click();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Simpan PNG' }).click(),
  ]);
  const picture = readPng(await readFile(await saved.path()));
  expect(count(picture, violet)).toBeGreaterThan((picture.width * picture.height) / 2);
  const names = await page.evaluate(async () => {
    const { basemaps } = await (await fetch('/api/layers')).json();
    return basemaps.map(({ kind, title }: { kind: string; title: { id: string } }) => [kind, title.id]);
  });
  const [, own] = names.find(([kind]: string[]) => kind === 'xyz');
  const [, built] = names.find(([kind]: string[]) => kind === 'pmtiles-vector');
  await choose(map, built);
  await eventually(() => ink(quiet, violet, half)).toBe(0);
  await eventually(() => ink(quiet, land!, half)).toBeGreaterThan(most / 2);
  await choose(map, own);
  await eventually(() => ink(quiet, violet, half)).toBeGreaterThan(most);
});

test('the built-in background has the sea where the sea is, and land where the regency is', async ({ open }) => {
  const map = await open('/?at=113.6,-8.5,9&layers=river_gauge&base=builtin', { forgive });
  await map.connected();
  await eventually(() => map.ink([113.6, -8.95], sea!, half)).toBeGreaterThan(most);
  await eventually(() => map.ink(places.centre, land!, half)).toBeGreaterThan(most / 4);
  // But for the rim of a symbol or two.
  expect(await map.ink(places.centre, sea!, half)).toBeLessThan(most / 10);
});

test('a background that lets nobody copy it is drawn, and why it cannot be saved is said', async ({ open }) => {
  permitted = false;
  const map = await open('/?at=113.7,-8.17,15&layers=river_gauge', { forgive });
  const { page, ink, connected } = map;
  await connected();
  await eventually(() => ink(places.centre, violet, half)).toBeGreaterThan(most);
  await page.getByRole('button', { name: 'Alat', exact: true }).click();
  await page.getByRole('button', { name: 'Simpan PNG' }).click();
  await page.getByText('tidak mengizinkan gambarnya disalin').waitFor();
});
