import { expect } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { browserTests } from '../support/browser.ts';
import { eventually, type MapPage } from '../support/map_page.ts';
import type { Colour } from '../support/png.ts';
import { insertRows } from '../support/rows.ts';
import type { Place } from '../support/small_regency.ts';

const test = await browserTests();
const umkm = (await layerFiles()).find(({ id }) => id === 'umkm')!;
const town: Place = [113.9, -8.3];
const ground: Colour = [0xec, 0xef, 0xea];

/** How much darker a place is than the bare map, in the red of its middle pixel. */
async function shade(map: MapPage, place: Place): Promise<number> {
  const { x, y } = await map.pixel(place);
  const { x: left = 0, y: top = 0 } = (await map.page.locator('#map').boundingBox()) ?? {};
  const picture = await map.picture();
  return ground[0] - picture.colour(Math.round(x - left), Math.round(y - top))[0];
}
const north = ([lon, lat]: Place, degrees: number): Place => [lon, lat + degrees];

test('from afar businesses are a surface, darker where they crowd, that follows the filter; numbers open on it', async ({
  open,
  connection,
}) => {
  await insertRows(
    connection.db,
    umkm,
    Array.from({ length: 300 }, (_, n) => ({
      ...{ name: `Warung ${n}`, category: 'food', scale: 'micro', source: 'operator' },
      ...{ geom: `SRID=4326;POINT(${town[0] + (n % 20) * 1e-4} ${town[1]})`, observed_at: new Date().toISOString() },
    })),
  );
  const map = await open(`/?at=${town.join(',')},10&layers=umkm&base=none`);
  const { page, connected, pixel, address } = map;
  await connected();
  // Beside the number.
  await eventually(() => shade(map, north(town, 0.02))).toBeGreaterThan(60);
  expect(await shade(map, north(town, 0.2))).toBe(0);
  // Many fewer elsewhere are paler, and seen.
  const few = await shade(map, north([113.7, -8.18], 0.025));
  expect(few).toBeGreaterThan(10);
  expect(few).toBeLessThan(60);
  await eventually(() => page.locator('[data-layer=umkm]').textContent()).toContain('312');

  await page.goto(`/?at=${town.join(',')},10&layers=umkm&base=none&where=umkm.category:repair`);
  await eventually(() => shade(map, north(town, 0.02))).toBe(0);

  await page.goto(`/?at=${town.join(',')},10&layers=umkm&base=none`);
  await eventually(() => shade(map, north(town, 0.02))).toBeGreaterThan(60);
  const { x, y } = await pixel(town);
  await page.mouse.click(x, y);
  await eventually(() => Number(address().get('at')?.split(',')[2])).toBeGreaterThan(10);
  await page.goto(`/?at=${town.join(',')},14&layers=umkm&base=none`);
  await connected();
  await eventually(() => shade(map, north(town, 0.003))).toBe(0);
});
