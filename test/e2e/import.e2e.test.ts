import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faults } from '../support/axe.ts';
import { browserTests } from '../support/browser.ts';
import { temporaryFolder } from '../support/folder.ts';
import { gdalWrite } from '../support/gdal_write.ts';
import { colours, eventually, type MapPage } from '../support/map_page.ts';
import { password, person } from '../support/people.ts';

const test = await browserTests({ settings: { ROLE: 'public' } });
type City = Parameters<Parameters<typeof test>[1]>[0];
const folder = temporaryFolder();
const address = '/?at=113.7,-8.17,13&layers=shelter&base=none&lang=id';
const made = new Set<string>();

async function openAs(city: City, name: string, options: Parameters<City['open']>[1] = {}): Promise<MapPage> {
  const email = `${name}@example.test`;
  if (!made.has(email)) await person(city.served, email, { role: 'admin' });
  made.add(email);
  const shown = await city.open(address, { forgive: /status of (404|415|422|429)/, ...options });
  const { origin } = new URL(shown.page.url());
  await shown.page.request.post('/api/auth/sign-in/email', { data: { email, password }, headers: { Origin: origin } });
  await shown.page.reload();
  await eventually(() => shown.page.request.get('/api/layers').then((answer) => answer.text())).toContain(
    `"name":"${email}"`,
  );
  return shown;
}

/** Drops a file in the middle of the map, as a hand does. */
async function dropFile(page: Page, name: string, content: string): Promise<void> {
  await page.evaluate(
    ([fileName, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text!], fileName!));
      const target = document.getElementById('map')!;
      for (const type of ['dragenter', 'dragover', 'drop'])
        target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, content],
  );
}

const panel = (page: Page) => page.locator('[data-step]');
const count = (page: Page, key: string) => panel(page).locator(`[data-count=${key}] dd`).innerText();
const table = [
  'kode,nama posko,daya tampung,jenis,lon,lat',
  'P-1,Balai Desa Kaliwates,120,Posko,113.69,-8.17',
  'P-2,SDN 1 Patrang,banyak,Tempat pengungsian,113.71,-8.17',
  'P-3,Gedung Serbaguna,0,Titik kumpul,106.8,-6.2',
].join('\n');

test('a table that is dropped is matched, shown, imported, on the map, and in the history of what it brought', async (city) => {
  const map = await openAs(city, 'ayu');
  const { page } = map;
  await page.getByRole('button', { name: 'Alat' }).click();
  await page.getByRole('button', { name: 'Impor berkas…' }).waitFor();
  await dropFile(page, 'daftar shelter.csv', table);
  await panel(page).getByRole('table', { name: 'Kolom berkas menjadi apa' }).waitFor();
  const select = (field: string) => panel(page).getByLabel(`${field} menjadi`);
  expect(await panel(page).getByLabel('Masuk ke lapisan').inputValue()).toBe('shelter');
  expect(await select('kode').inputValue()).toBe('code');
  expect(await select('daya tampung').inputValue()).toBe('capacity');
  await panel(page).getByText('CSV (,), EPSG:4326: 3 baris').waitFor();
  expect(await faults(page)).toEqual([]);

  // What nothing fills, though every row needs it, is told before anything is sent.
  await select('nama posko').selectOption('name');
  await select('nama posko').selectOption('');
  await panel(page).getByRole('button', { name: 'Periksa dahulu' }).click();
  await panel(page).getByText('Belum ada kolom untuk: Nama').waitFor();
  await select('nama posko').selectOption('name');
  await panel(page).getByRole('button', { name: 'Periksa dahulu' }).click();
  await panel(page).getByRole('heading', { name: 'Pratinjau impor' }).waitFor();
  expect(await count(page, 'inserted')).toBe('1');
  expect(await count(page, 'rejected')).toBe('2');
  await panel(page).getByText('daya tampung: "banyak" bukan angka').waitFor();
  await panel(page).getByText('di luar wilayah').waitFor();
  await eventually(() => map.ink([113.69, -8.17], colours.accent)).toBeGreaterThan(40);
  expect(await faults(page)).toEqual([]);
  const [rejected] = await Promise.all([
    page.waitForEvent('download'),
    panel(page).getByRole('link', { name: 'Unduh baris ini (CSV)' }).click(),
  ]);
  expect(readFileSync(await rejected.path(), 'utf8')).toContain('P-2,SDN 1 Patrang,banyak');

  await panel(page).getByRole('button', { name: 'Impor 1 fitur' }).click();
  await panel(page).getByRole('heading', { name: 'Impor selesai' }).waitFor();
  const { rows } = await sql<{ id: number; name: string }>`
    select id, name from shelter where code = 'P-1'`.execute(city.connection.db);
  expect(rows).toEqual([{ id: expect.any(Number), name: 'Balai Desa Kaliwates' }]);
  await panel(page).getByRole('button', { name: 'Buka daftar' }).click();
  await page.getByRole('button', { name: /Balai Desa Kaliwates/ }).click();
  const inspector = page.getByRole('complementary', { name: 'Fitur terpilih' });
  await inspector.getByRole('button', { name: 'Siapa mengubah apa, kapan' }).click();
  await inspector.getByText('Berkas: daftar shelter.csv').waitFor();
  await inspector.getByText('Mengimpor dari berkas').waitFor();
});

test('a Shapefile goes in by its parts, chosen in the panel, and nothing of it is lost by a look elsewhere or a slip', async (city) => {
  const map = await openAs(city, 'ayu');
  const { page } = map;
  const feature = (code: string, lon: number) => ({
    ...{ type: 'Feature' as const, properties: { kode: code, nama: `Balai ${code}` } },
    geometry: { type: 'Point' as const, coordinates: [lon, -8.18] },
  });
  const features = { type: 'FeatureCollection' as const, features: [feature('S-1', 113.68), feature('S-2', 113.72)] };
  const shp = await gdalWrite(folder, features, 'ESRI Shapefile', 'shp');
  await page.getByRole('button', { name: 'Alat' }).click();
  await page.getByRole('button', { name: 'Impor berkas…' }).click();
  await panel(page).getByRole('button', { name: 'Pilih berkas…' }).first().waitFor();
  expect(await faults(page)).toEqual([]);
  await panel(page)
    .locator('input[type=file]')
    .setInputFiles(['shp', 'shx', 'dbf', 'prj'].map((part) => shp.replace(/shp$/, part)));
  await panel(page).getByRole('table', { name: 'Kolom berkas menjadi apa' }).waitFor({ timeout: 60_000 });
  await panel(page).getByLabel('Masuk ke lapisan').selectOption('shelter');
  // Another panel, and back: all is as it was. Another file: asked first.
  await page.getByRole('button', { name: 'Lapisan', exact: true }).click();
  await dropFile(page, 'lain.csv', table);
  await page.getByRole('alertdialog').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Lanjutkan impor' }).click();
  expect(await panel(page).getByLabel('nama menjadi').inputValue()).toBe('name');
  await panel(page).getByRole('button', { name: 'Periksa dahulu' }).click();
  await panel(page).getByRole('button', { name: 'Impor 2 fitur' }).click();
  await panel(page).getByRole('heading', { name: 'Impor selesai' }).waitFor();
  const { rows } = await sql`select code, name from shelter where code like 'S-%' order by code`.execute(
    city.connection.db,
  );
  expect(rows).toEqual([
    { code: 'S-1', name: 'Balai S-1' },
    { code: 'S-2', name: 'Balai S-2' },
  ]);
  await panel(page).getByRole('button', { name: 'Impor berkas lain' }).click();
  await dropFile(page, 'gambar.exe', 'x');
  await panel(page).getByText('Jenis berkas ini tidak dapat diimpor.').waitFor();
  await dropFile(page, 'rusak.geojson', '{"type": "FeatureCollection", "features": [{');
  await panel(page).getByText('Berkas ini tidak dapat dipakai begini: berkasnya terpotong').waitFor();
  // Nothing can come of it, so nothing is asked before the next.
  await dropFile(page, 'lagi.csv', table);
  await panel(page).getByRole('table', { name: 'Kolom berkas menjadi apa' }).waitFor();
  await panel(page).getByRole('button', { name: 'Batalkan impor' }).click();
  await page.getByRole('button', { name: 'Buang' }).click();
  await panel(page).getByRole('button', { name: 'Pilih berkas…' }).first().waitFor();
});

test('on a phone a new layer is made from a file that an office program wrote', async (city) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const map = await openAs(city, 'ayu', phone);
  const { page } = map;
  await page.getByRole('button', { name: 'Alat' }).click();
  await page.getByRole('button', { name: 'Impor berkas…' }).click();
  const path = join(folder, 'pohon.csv');
  const lines = [
    'T-1,Trembesi Kafé,peneduh,21,113.7,-8.17',
    'T-2,Mahoni,peneduh,18,113.701,-8.171',
    'T-3,Sono,peneduh,abc,113.7,-8.17',
  ];
  writeFileSync(path, ['kode,nama,jenis,tinggi,lon,lat', ...lines].join('\n'), 'latin1');
  await panel(page).locator('input[type=file]').setInputFiles(path);
  // Neither its name nor its columns are those of a layer: a new one, known by its key.
  await panel(page).getByRole('table', { name: 'Kolom berkas menjadi apa' }).waitFor();
  expect(await panel(page).getByLabel('Masuk ke lapisan').inputValue()).toBe('');
  expect(await panel(page).getByLabel('kode menjadi').inputValue()).toBe('code');
  await panel(page).getByLabel('Judul lapisan').fill('Pohon pelindung');
  expect(await panel(page).getByLabel('Nama teknis').inputValue()).toBe('pohon_pelindung');
  await panel(page).getByText('bukan UTF-8, jadi dibaca sebagai Windows-1252').waitFor();
  await panel(page).getByText('Trembesi Kafé').waitFor();
  const becomes = (field: string) => panel(page).getByLabel(`${field} menjadi`).locator('option:checked').innerText();
  expect([await becomes('lon'), await becomes('lat')]).toEqual(['lokasi baris', 'lokasi baris']);
  await panel(page).getByLabel('Judul (Inggris)').fill('Shade trees');
  await panel(page).getByLabel('Nama teknis').fill('Pohon-Kota');
  await panel(page).getByText('Huruf a–z').waitFor();
  expect(await panel(page).getByLabel('Nama teknis').inputValue()).toBe('Pohon-Kota');
  await panel(page).getByLabel('Nama teknis').fill('pohon_pelindung');
  // One odd cell is told, and may be the fault instead.
  await panel(page).getByText('Teks, karena baris 3: “abc”').waitFor();
  expect(await faults(page)).toEqual([]);
  await panel(page).getByLabel('tinggi menjadi').selectOption('number');
  await panel(page).getByRole('button', { name: 'Periksa dahulu' }).click();
  await panel(page).getByRole('button', { name: 'Impor 2 fitur' }).waitFor();
  await panel(page).getByText('dibaca sebagai Windows-1252').waitFor();
  expect(await faults(page)).toEqual([]);
  await panel(page).getByRole('button', { name: 'Impor 2 fitur' }).click();
  await panel(page).getByRole('heading', { name: 'Impor selesai' }).waitFor();
  await page.getByRole('button', { name: 'Lapisan', exact: true }).click();
  await page.getByText('Pohon pelindung').first().waitFor();
  const { rows } = await sql`select definition -> 'title' as title from layer_definition`.execute(city.connection.db);
  expect(rows).toEqual([{ title: { id: 'Pohon pelindung', en: 'Shade trees' } }]);
});
