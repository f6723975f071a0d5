import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { faults } from '../support/axe.ts';
import { browserTests, type City } from '../support/browser.ts';
import { eventually, type MapPage } from '../support/map_page.ts';
import { openAs } from '../support/open_as.ts';
import { insertRows } from '../support/rows.ts';
import type { Place } from '../support/small_regency.ts';

const test = await browserTests({ settings: { ROLE: 'public' } });
const inspector = (page: Page) => page.getByRole('complementary', { name: /Fitur terpilih|Selected feature/ });
const heading = (page: Page) => inspector(page).getByRole('heading', { level: 2 });
const at = (id: number) => `/?at=113.7,-8.17,13&layers=flood_zone&base=none&lang=id&sel=flood_zone/${id}`;

/** What a hand does on the map. */
function mouse({ page, pixel }: MapPage) {
  return {
    async click(place: Place) {
      const { x, y } = await pixel(place);
      await page.mouse.move(x, y);
      await page.mouse.click(x, y);
      await page.waitForTimeout(350); // two quick clicks would be a double click
    },
    /** `held`: what is looked at before it is let go. */
    async drag(from: Place, to: Place, held: () => Promise<void> = async () => {}) {
      const [start, end] = [await pixel(from), await pixel(to)];
      await page.mouse.move(start.x, start.y);
      await page.mouse.down();
      await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
      await page.mouse.move(end.x, end.y, { steps: 4 });
      await held();
      await page.mouse.up();
    },
  };
}

/** A flood zone from west to east. */
async function zone({ connection }: City, west: number, south: number, east: number, north: number): Promise<number> {
  const layer = (await layerFiles()).find(({ id }) => id === 'flood_zone')!;
  const ring = `${west} ${south}, ${east} ${south}, ${east} ${north}, ${west} ${north}, ${west} ${south}`;
  const row = {
    name: `Zona ${south}`,
    geom: `SRID=4326;MULTIPOLYGON(((${ring})))`,
    source: 'operator',
    code: `Z${south}`,
  };
  return (await insertRows(connection.db, layer, [row]))[0]!;
}

test('a shape is drawn by its corners, and none is taken that makes it cross itself', async (city) => {
  const id = city.id('35.09.19.1006');
  const address = `/?at=113.7,-8.17,13&layers=village&base=none&lang=id&sel=village/${id}`;
  const shown = await openAs(city, 'ayu', [{ role: 'admin' }], address);
  const { page } = shown;
  const { click, drag } = mouse(shown);
  await page.getByRole('button', { name: 'Ubah', exact: true }).click();
  await page.getByRole('button', { name: 'Ubah di peta' }).click();
  await page.getByText('Geser titik sudut').waitFor();
  const corner: Place = [113.72, -8.15];
  // Refused while the corner is still in the hand, and let go there it is where it was.
  await drag(corner, [113.69, -8.2], () => page.getByText('Garis batas memotong').waitFor());
  await drag(corner, [113.725, -8.145]);
  await page.getByText('Geser titik sudut').waitFor();
  await page.getByRole('button', { name: 'Selesai menggambar' }).click();
  await page.getByRole('button', { name: 'Simpan' }).click();
  await page.getByText('Ubah: Kepatihan').waitFor();
  const { rows } = await sql<{ east: number; valid: boolean; points: number }>`
    select st_xmax(geom) as east, st_isvalid(geom) as valid, st_npoints(geom) as points from village where id = ${id}`.execute(
    city.connection.db,
  );
  expect(rows[0]).toMatchObject({ valid: true, points: 5 });
  expect(rows[0]!.east).toBeCloseTo(113.725, 3);
  await page.getByRole('button', { name: 'Urungkan' }).click();
  await page.getByText('Diurungkan: Ubah').waitFor();
  const { rows: back } = await sql<{
    east: number;
  }>`select st_xmax(geom) as east from village where id = ${id}`.execute(city.connection.db);
  expect(back[0]!.east).toBe(113.72);

  // A new one: the click that would cross is not taken, the others are.
  await page.goto('/?at=113.7,-8.17,13&layers=flood_zone&base=none&lang=id');
  await page.getByRole('button', { name: 'Pengaturan Zona rawan banjir' }).click();
  await page.getByRole('button', { name: 'Tambah' }).click();
  await page.locator('[data-field=name]').fill('Zona Baru');
  await page.getByRole('button', { name: 'Tempatkan di peta' }).click();
  for (const place of [
    [113.69, -8.18],
    [113.71, -8.18],
    [113.71, -8.16],
  ] as const)
    await click(place);
  await click([113.7, -8.19]);
  await page.getByText('Garis batas memotong').waitFor();
  await click([113.69, -8.16]);
  await page.keyboard.press('Enter');
  await page.getByText('Geser titik sudut').waitFor();
  await page.getByRole('button', { name: 'Selesai menggambar' }).click();
  await page.getByRole('form').getByRole('button', { name: 'Tambah' }).click();
  await heading(page).filter({ hasText: 'Zona Baru' }).waitFor();
  const { rows: zones } = await sql<{ kind: string; points: number }>`
    select st_geometrytype(geom) as kind, st_npoints(geom) as points from flood_zone`.execute(city.connection.db);
  expect(zones).toEqual([{ kind: 'ST_MultiPolygon', points: 5 }]);
});

test('a shape gets a hole and a further part, is moved, and loses a corner, each only as it can be stored', async (city) => {
  const id = await zone(city, 113.68, -8.19, 113.7, -8.17);
  const shown = await openAs(city, 'ayu', [{ role: 'admin' }], at(id));
  const { page } = shown;
  const { click, drag } = mouse(shown);
  const refused = page.getByText('Garis batas memotong');
  await page.getByRole('button', { name: 'Ubah', exact: true }).click();
  await page.getByRole('button', { name: 'Ubah di peta' }).click();
  const tools = page.getByRole('group', { name: 'Alat gambar' });
  await tools.getByRole('button', { name: 'Lubang' }).click();
  await click([113.685, -8.185]);
  await click([113.71, -8.185]);
  await refused.waitFor();
  await click([113.695, -8.185]);
  await click([113.695, -8.175]);
  await page.keyboard.press('Enter');
  await page.getByText('Geser titik sudut').waitFor();

  await tools.getByRole('button', { name: 'Bagian' }).click();
  await click([113.705, -8.18]);
  await click([113.675, -8.18]);
  await refused.waitFor();
  await click([113.715, -8.18]);
  await click([113.71, -8.165]);
  await page.keyboard.press('Enter');
  await page.getByText('Geser titik sudut').waitFor();
  expect(await faults(page)).toEqual([]);

  // By buttons alone, as a finger and the keyboard do.
  await page.getByRole('button', { name: 'Sudut berikutnya' }).click();
  await page.getByText('Sudut 1 dari 10').waitFor();
  await page.getByRole('button', { name: 'Hapus sudut' }).click();
  // The corner of the outline beside which the hole lies: without it the hole would cross it.
  await refused.waitFor();
  await page.getByRole('button', { name: 'Sudut sebelumnya' }).click();
  await page.getByText('Sudut 10 dari 10').waitFor();
  await page.keyboard.press('Delete');
  await page.getByText('Sudut 7 dari 7').waitFor({ state: 'detached' });
  await tools.getByRole('button', { name: 'Geser' }).click();
  await drag([113.6825, -8.18], [113.6825, -8.16]);
  await page.getByRole('button', { name: 'Selesai menggambar' }).click();
  await page.getByRole('button', { name: 'Simpan' }).click();
  await page.getByText('Ubah: Zona').waitFor();
  const { rows } = await sql<{ south: number; rings: number; points: number; valid: boolean }>`
    select st_ymin(geom) as south, st_nrings(geom) as rings, st_npoints(geom) as points, st_isvalid(geom) as valid
    from flood_zone where id = ${id}`.execute(city.connection.db);
  // The part of three corners went with the corner that it could not be without.
  expect(rows[0]).toMatchObject({ rings: 2, points: 9, valid: true });
  expect(rows[0]!.south).toBeCloseTo(-8.17, 3);
});

test('what is drawn meets the border of its neighbour exactly', async (city) => {
  await zone(city, 113.685, -8.215, 113.7, -8.2);
  const shown = await openAs(
    city,
    'ayu',
    [{ role: 'admin' }],
    '/?at=113.7,-8.2,14&layers=flood_zone&base=none&lang=id',
  );
  const { page } = shown;
  await page.getByRole('button', { name: 'Pengaturan Zona rawan banjir' }).click();
  await page.getByRole('button', { name: 'Tambah' }).click();
  await page.locator('[data-field=name]').fill('Zona Sebelah');
  const read = page.waitForResponse(/flood_zone\/items\?limit=300/);
  await page.getByRole('button', { name: 'Tempatkan di peta' }).click();
  await read;
  const { click } = mouse(shown);
  // Each a few metres off; a pixel is five.
  await click([113.7001, -8.2001]);
  await click([113.7001, -8.2149]);
  await click([113.71, -8.21]);
  await page.keyboard.press('Enter');
  await page.getByText('Geser titik sudut').waitFor();
  await page.getByRole('button', { name: 'Selesai menggambar' }).click();
  await page.getByRole('form').getByRole('button', { name: 'Tambah' }).click();
  await heading(page).filter({ hasText: 'Zona Sebelah' }).waitFor();
  const { rows } = await sql<{ shared: number }>`
    select st_length(st_intersection(one.geom, other.geom)) as shared from flood_zone as one, flood_zone as other
    where one.name = 'Zona Sebelah' and other.name = 'Zona -8.215'`.execute(city.connection.db);
  expect(rows[0]!.shared).toBeCloseTo(0.015, 6);
});

test('a shape is split along a line, with a look at the parts before, and undone as one', async (city) => {
  const { db } = city.connection;
  const id = await zone(city, 113.685, -8.16, 113.705, -8.15);
  const shown = await openAs(city, 'ayu', [{ role: 'admin' }], at(id));
  const { page } = shown;
  const { click } = mouse(shown);
  await page.getByRole('button', { name: 'Tindakan lain' }).click();
  await page.getByRole('menuitem', { name: 'Bagi' }).click();
  const form = page.getByRole('form', { name: 'Bagi' });
  await form.getByRole('button', { name: 'Gambar garis potong' }).click();
  await click([113.69, -8.165]);
  await click([113.69, -8.155]);
  await page.keyboard.press('Enter');
  await form.getByText('Garis ini tidak membagi bentuknya').waitFor();
  await page.getByRole('button', { name: 'Gambar ulang' }).click();
  await click([113.69, -8.165]);
  await click([113.69, -8.145]);
  // The button ends the line first, for fingers that do not double click.
  await page.getByRole('button', { name: 'Selesai menggambar' }).click();
  await form.getByText('Menjadi 2 bagian').waitFor();
  await page.getByRole('button', { name: 'Selesai menggambar' }).click();
  expect(await faults(page)).toEqual([]);
  const parts = async () => {
    const { rows } = await sql<{ id: number; code: string | null; west: number }>`
      select id, code, st_xmin(geom) as west from flood_zone where name = 'Zona -8.16' order by id`.execute(db);
    return rows;
  };
  expect(await parts()).toHaveLength(1);
  await form.getByRole('button', { name: 'Bagi', exact: true }).click();
  await page.getByText('Bagi: Zona -8.16').waitFor();
  const made = await parts();
  expect(made.map(({ code }) => code)).toEqual(['Z-8.16', null]);
  // The larger part is the eastern one.
  expect(made[0]!.west).toBeCloseTo(113.69, 3);
  expect(made[1]!.west).toBe(113.685);
  await page.getByRole('button', { name: 'Urungkan' }).click();
  await eventually(parts).toEqual([{ id, code: 'Z-8.16', west: 113.685 }]);
});
