import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faults } from '../support/axe.ts';
import { browserTests } from '../support/browser.ts';
import { eventually } from '../support/map_page.ts';
import { openAs } from '../support/open_as.ts';
import { places } from '../support/small_regency.ts';

const test = await browserTests({ settings: { ROLE: 'public' } });
const at = (layer: string, id: number, language = 'id') =>
  `/?at=113.7,-8.17,14&layers=${layer}&base=none&lang=${language}&sel=${layer}/${id}`;

const inspector = (page: Page) => page.getByRole('complementary', { name: /Fitur terpilih|Selected feature/ });
const heading = (page: Page) => inspector(page).getByRole('heading', { level: 2 });

test('a form is made from the schema, tells what is wrong at the field, and what was done can be taken back', async (city) => {
  const id = city.id('CAM-1');
  const { page } = await openAs(city, 'eka', [{ role: 'operator' }], at('camera', id));
  await page.getByRole('button', { name: 'Hentikan operasi' }).click();
  const form = page.getByRole('form', { name: 'Hentikan operasi' });
  await form.getByRole('button', { name: 'Hentikan operasi' }).click();
  await form.getByText('Wajib diisi').waitFor();
  expect(await form.getByLabel('Sebab').evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await faults(page)).toEqual([]);
  await page.keyboard.type('Lensa retak');
  await page.keyboard.press('Enter');
  await page.getByText('Hentikan operasi: Alun-alun').waitFor();
  await inspector(page).getByText('Lensa retak').waitFor();
  await page.getByRole('button', { name: 'Operasikan lagi' }).waitFor();
  await page.getByRole('button', { name: 'Urungkan' }).click();
  await page.getByRole('button', { name: 'Hentikan operasi' }).waitFor();
  await page.getByRole('button', { name: 'Siapa mengubah apa, kapan' }).click();
  await inspector(page).getByText('Mengurungkan').waitFor();
  expect(await inspector(page).locator('[data-entry]').count()).toBe(2);
  expect(await faults(page)).toEqual([]);
});

test('an alarm is acknowledged and answered by keys alone', async (city) => {
  const { rows } = await sql<{ id: number }>`
    insert into panic_button (code, name, kind, state, pressed_at, observed_at, geom)
    values (gen_random_uuid(), 'Tombol Pasar', 'pole', 'pressed', now(), now(), 'SRID=4326;POINT(113.7 -8.17)') returning id`.execute(
    city.connection.db,
  );
  const { id } = rows[0]!;
  const { page } = await openAs(city, 'eka', [{ role: 'operator' }], at('panic_button', id));
  await page.locator('[aria-keyshortcuts=A]').waitFor();
  await page.locator('#map').focus();
  await page.keyboard.press('a');
  await page.getByRole('form', { name: 'Tandai diterima' }).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('[aria-keyshortcuts=D]').waitFor();
  await page.locator('#map').focus();
  await page.keyboard.press('d');
  const form = page.getByRole('form', { name: 'Kirim regu' });
  await form.waitFor();
  await page.keyboard.type('Regu 2');
  await page.keyboard.press('Enter');
  const stored = async () => {
    const { rows } = await sql<{ state: string; unit: string }>`
      select state, dispatched_unit as unit from panic_button where id = ${id}`.execute(city.connection.db);
    return rows[0];
  };
  await eventually(stored).toEqual({ state: 'dispatched', unit: 'Regu 2' });
});

test('who did not sign in, or may not, is offered nothing', async (city) => {
  const id = city.id('PDA-1');
  const { page } = await city.open(at('river_gauge', id));
  await heading(page).waitFor();
  expect(await page.getByRole('button', { name: 'Ubah', exact: true }).count()).toBe(0);
  const other = await openAs(city, 'dewi', [{ role: 'agency_operator', agency: 'Dishub' }], at('river_gauge', id));
  await heading(other.page).waitFor();
  await eventually(() => other.page.getByRole('button', { name: /^Akun / }).count()).toBe(1);
  expect(await other.page.getByRole('button', { name: 'Ubah', exact: true }).count()).toBe(0);
});

test('of two who edit the same, the second sees what the first changed, and chooses', async (city) => {
  const id = city.id('PDA-2');
  const first = await openAs(city, 'budi', [{ role: 'agency_operator', agency: 'Dinas PU' }], at('river_gauge', id));
  const second = await openAs(city, 'ayu', [{ role: 'admin' }], at('river_gauge', id, 'en'));
  await first.page.getByRole('button', { name: 'Ubah', exact: true }).click();
  await second.page.getByRole('button', { name: 'Edit', exact: true }).click();
  await first.page.getByLabel('Nama pos').fill('Pos Budi');
  await first.page.getByRole('button', { name: 'Simpan' }).click();
  await first.page.getByText('Ubah: Pos Patrang').waitFor();

  // A device reports meanwhile: of that nobody is bothered.
  await sql`update river_gauge set level_cm = 321 where id = ${id}`.execute(city.connection.db);
  const name = second.page.getByLabel('Name', { exact: true });
  await name.fill('Pos Ayu');
  await second.page.locator('[data-field=river]').fill('Bedadung Hulu');
  await second.page.getByRole('button', { name: 'Save' }).click();
  const conflict = second.page.getByRole('alert').filter({ hasText: 'Somebody else changed it meanwhile' });
  await conflict.getByText(/^budi@/).waitFor();
  expect(await conflict.locator('[data-conflict=name]').innerText()).toMatch(/Pos Budi[\s\S]*Pos Ayu/);
  expect(await conflict.locator('[data-conflict=level_cm]').count()).toBe(0);
  expect(await faults(second.page)).toEqual([]);
  await second.page.getByRole('button', { name: 'Take theirs' }).click();
  expect(await name.inputValue()).toBe('Pos Budi');
  await second.page.getByRole('button', { name: 'Save' }).click();
  await second.page.getByText('Edit: ').waitFor();
  const stored = async () => {
    const { rows } = await sql`select name, river, level_cm from river_gauge where id = ${id}`.execute(
      city.connection.db,
    );
    return rows;
  };
  expect(await stored()).toEqual([{ name: 'Pos Budi', river: 'Bedadung Hulu', level_cm: 321 }]);
  await eventually(() => heading(first.page).innerText()).toBe('Pos Budi');

  // Or one keeps to one's own: what the other changed besides stays.
  await inspector(first.page).getByText('Bedadung Hulu').waitFor();
  await second.page.getByRole('button', { name: 'Edit', exact: true }).click();
  await first.page.getByRole('button', { name: 'Ubah', exact: true }).click();
  await first.page.getByLabel('Nama pos').fill('Pos Budi Dua');
  await first.page.locator('[data-field=river]').fill('Bedadung Hilir');
  await first.page.getByRole('button', { name: 'Simpan' }).click();
  await eventually(stored).toMatchObject([{ name: 'Pos Budi Dua' }]);
  await name.fill('Pos Ayu');
  await second.page.getByRole('button', { name: 'Save' }).click();
  await conflict.getByText(/^budi@/).waitFor();
  await second.page.getByRole('button', { name: 'Put mine' }).click();
  await eventually(stored).toEqual([{ name: 'Pos Ayu', river: 'Bedadung Hilir', level_cm: 321 }]);
});

test('a thing is moved by a click on the map, and back by undo', async (city) => {
  const id = city.id('PDA-0');
  const { page, pixel, address } = await openAs(city, 'ayu', [{ role: 'admin' }], at('river_gauge', id));
  await page.getByRole('button', { name: 'Ubah', exact: true }).click();
  await page.getByRole('button', { name: 'Ubah di peta' }).click();
  await page.getByText('Klik tempatnya di peta').waitFor();
  const { x, y } = await pixel(places.centre);
  await page.mouse.click(x, y);
  await eventually(() => page.getByLabel('Lintang').inputValue()).toMatch(/^-8\.(17|1699)/);
  // The click placed it and chose nothing else.
  expect(address().get('sel')).toBe(`river_gauge/${id}`);
  await page.getByRole('button', { name: 'Selesai menggambar' }).click();
  await page.getByRole('button', { name: 'Simpan' }).click();
  const placed = async () => {
    const { rows } = await sql<{ lon: number; lat: number; area: string | null }>`
      select st_x(geom) as lon, st_y(geom) as lat, area_code as area from river_gauge where id = ${id}`.execute(
      city.connection.db,
    );
    return rows[0]!;
  };
  await eventually(async () => (await placed()).lon).toBeCloseTo(places.centre[0], 3);
  expect((await placed()).area).toBe('35.09.19.1006');
  await page.getByRole('button', { name: 'Urungkan' }).click();
  await eventually(async () => (await placed()).lon).toBeCloseTo(places.zero_level[0], 6);
});

test('something is added on a phone, deleted with a reason, and found by the auditor', async (city) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const { page } = await openAs(
    city,
    'ayu',
    [{ role: 'admin' }],
    '/?at=113.7,-8.17,14&layers=shelter&base=none&lang=id',
    phone,
  );
  await page.getByRole('button', { name: 'Ubah tinggi lembar' }).focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.getByRole('button', { name: 'Pengaturan Titik kumpul dan posko' }).click();
  await page.getByRole('button', { name: 'Tambah' }).click();
  await page.locator('[data-field=name]').fill('Balai Phone');
  await page.getByLabel('Daya tampung').fill('120');
  await page.getByLabel('Lintang').fill('-8,17');
  await page.getByLabel('Bujur').fill('113.7');
  expect(await faults(page)).toEqual([]);
  await page.getByRole('form').getByRole('button', { name: 'Tambah' }).click();
  await heading(page).filter({ hasText: 'Balai Phone' }).waitFor();
  await page.getByRole('button', { name: 'Tindakan lain' }).click();
  await page.getByRole('menuitem', { name: 'Hapus' }).click();
  await page.getByLabel('Alasan').fill('Salah tempat');
  await page.getByRole('form').getByRole('button', { name: 'Hapus' }).click();
  await page.getByText('Hapus: Balai Phone').waitFor();
  await eventually(async () => (await sql`select id from shelter`.execute(city.connection.db)).rows.length).toBe(0);

  const auditor = await openAs(
    city,
    'fajar',
    [{ role: 'auditor' }],
    '/?at=113.7,-8.17,14&layers=shelter&base=none&lang=id',
  );
  await auditor.page.getByRole('button', { name: 'Menu' }).click();
  await auditor.page.getByRole('menuitem', { name: 'Jejak audit' }).click();
  const trail = auditor.page.getByRole('dialog');
  await trail.getByLabel('Lapisan').selectOption('shelter');
  const rows = trail.locator('tbody tr');
  await eventually(() => rows.count()).toBe(2);
  expect(await rows.first().innerText()).toMatch(/ayu@[\s\S]*Menghapus[\s\S]*Salah tempat[\s\S]*Balai Phone/);
  await trail.getByLabel('Orang').fill('tidak ada orang ini');
  await trail.getByText('Tidak ada catatan yang cocok.').waitFor();
  await trail.getByRole('button', { name: 'Periksa rantai' }).click();
  await trail.getByText(/catatan, rantai utuh/).waitFor();
  expect(await faults(auditor.page)).toEqual([]);
});

test('something is done with all that is listed, after a look at what would become of each', async (city) => {
  const { db } = city.connection;
  await sql`update camera set out_of_service = (code = 'CAM-2'), out_of_service_note = null`.execute(db);
  const { page } = await openAs(
    city,
    'eka',
    [{ role: 'operator' }],
    '/?at=113.7,-8.17,14&layers=camera&base=none&lang=id',
  );
  await page.getByRole('navigation', { name: 'Panel' }).getByRole('button', { name: 'Daftar' }).click();
  await page.getByRole('button', { name: 'Tindakan untuk 3 fitur…' }).click();
  const form = page.getByRole('form', { name: 'Tindakan untuk semua yang terdaftar' });
  await form.getByLabel('Tindakan', { exact: true }).selectOption('take_out_of_service');
  await form.getByRole('button', { name: 'Periksa dahulu' }).click();
  await form.getByText('Wajib diisi').waitFor();
  await form.locator('[data-field=out_of_service_note]').fill('Perawatan');
  await form.getByRole('button', { name: 'Periksa dahulu' }).click();
  await form.getByText('2 akan berubah, 0 tetap, 1 ditolak.').waitFor();
  expect(await faults(page)).toEqual([]);
  const out = async () => {
    const { rows } = await sql<{ code: string }>`select code from camera where out_of_service order by code`.execute(
      db,
    );
    return rows.map(({ code }) => code);
  };
  expect(await out()).toEqual(['CAM-2']);
  await form.getByRole('button', { name: 'Lakukan untuk 2' }).click();
  await form.getByText('2 diubah, 0 tetap, 0 ditolak.').waitFor();
  expect(await out()).toEqual(['CAM-1', 'CAM-2', 'CAM-3']);
  await form.getByRole('button', { name: 'Urungkan semua' }).click();
  await form.getByText('2 diurungkan, 0 tetap.').waitFor();
  expect(await out()).toEqual(['CAM-2']);
});

test('things in a box are acted on though they report meanwhile, and one that somebody changed since stays', async (city) => {
  const { db } = city.connection;
  await sql`update camera set out_of_service = false, out_of_service_note = null`.execute(db);
  const shown = await openAs(
    city,
    'eka',
    [{ role: 'operator' }],
    '/?at=113.7,-8.17,14&layers=camera&base=none&lang=id',
  );
  const { page, pixel, address } = shown;
  await page.getByRole('navigation', { name: 'Panel' }).getByRole('button', { name: 'Daftar' }).click();
  await page.getByRole('button', { name: 'Kotak' }).click();
  for (const place of [
    [113.685, -8.177],
    [113.709, -8.166],
  ] as const) {
    const { x, y } = await pixel(place);
    await page.mouse.move(x, y);
    await page.mouse.click(x, y);
  }
  // The camera in the east is not in it.
  await page.getByRole('button', { name: 'Tindakan untuk 2 fitur…' }).click();
  await eventually(() => address().get('in')?.split('|').length).toBe(4);
  const form = page.getByRole('form', { name: 'Tindakan untuk semua yang terdaftar' });
  await form.getByLabel('Tindakan', { exact: true }).selectOption('take_out_of_service');
  await form.locator('[data-field=out_of_service_note]').fill('Perawatan');
  await form.getByRole('button', { name: 'Periksa dahulu' }).click();
  await form.getByText('2 akan berubah, 0 tetap, 0 ditolak.').waitFor();
  expect(await faults(page)).toEqual([]);
  await sql`update camera set observed_at = now()`.execute(db);
  await form.getByRole('button', { name: 'Lakukan untuk 2' }).click();
  await form.getByText('2 diubah, 0 tetap, 0 ditolak.').waitFor();

  const other = await openAs(city, 'ayu', [{ role: 'admin' }], at('camera', city.id('CAM-1')));
  await other.page.getByRole('button', { name: 'Operasikan lagi' }).click();
  await other.page.getByRole('form').getByRole('button', { name: 'Operasikan lagi' }).click();
  await other.page.getByText('Operasikan lagi: Alun-alun').waitFor();
  await form.getByRole('button', { name: 'Urungkan semua' }).click();
  await form.getByText('1 diurungkan, 1 tetap.').waitFor();
  await form.getByText('Tidak bisa diurungkan: Sementara itu diubah orang lain').waitFor();
  const { rows } = await sql`select code from camera where out_of_service`.execute(db);
  expect(rows).toEqual([]);

  // The address opens the same choice, and a list without a pointer has it too.
  await page.reload();
  await page.getByRole('navigation', { name: 'Panel' }).getByRole('button', { name: 'Daftar' }).click();
  await page.getByText('2 fitur', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Hapus pilihan' }).click();
  await page.getByText('3 fitur', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Tampilan ini' }).click();
  await page.getByRole('radio', { name: 'Terpilih' }).waitFor({ state: 'attached' });
  await eventually(() => address().get('in')?.split('|').length).toBe(4);

  // A polygon: three corners, beside which the camera in the east lies.
  await page.getByRole('button', { name: 'Hapus pilihan' }).click();
  await page.getByRole('button', { name: 'Poligon' }).click();
  const corners = [
    [113.683, -8.16],
    [113.716, -8.179],
    [113.683, -8.179],
  ] as const;
  for (const [i, corner] of corners.entries()) {
    const { x, y } = await pixel(corner);
    await page.mouse.move(x, y);
    await (i < 2 ? page.mouse.click(x, y) : page.mouse.dblclick(x, y));
    await page.waitForTimeout(350); // two quick clicks would be a double click
  }
  await page.getByRole('button', { name: 'Selesai menggambar' }).click();
  await eventually(() => address().get('in')?.split('|').length).toBe(3);
  await page.getByRole('button', { name: 'Tindakan untuk 2 fitur…' }).waitFor();
});

test('what was deleted can be found and brought back', async (city) => {
  const { page } = await openAs(city, 'ayu', [{ role: 'admin' }], at('river_gauge', city.id('PDA-3')));
  await page.getByRole('button', { name: 'Tindakan lain' }).click();
  await page.getByRole('menuitem', { name: 'Hapus' }).click();
  await page.locator('[data-field=reason]').fill('Pos dipindah');
  await page.getByRole('form').getByRole('button', { name: 'Hapus' }).click();
  await page.getByText('Hapus: Pos Arjasa').waitFor();
  await page.getByRole('button', { name: 'Pengaturan Pos duga air' }).click();
  await page.getByRole('button', { name: 'Yang dihapus' }).click();
  await page.locator('[data-deleted]').getByRole('button', { name: 'Pulihkan' }).click();
  await heading(page).filter({ hasText: 'Pos Arjasa' }).waitFor();
});

test('what needs two persons is asked for by one and confirmed by another, on their own screen', async (city) => {
  const id = city.id('PDA-1');
  const first = await openAs(city, 'bpbd', [{ role: 'disaster_officer' }], at('river_gauge', id));
  const second = await openAs(
    city,
    'kepala',
    [{ role: 'agency_head', agency: 'Dinas PU' }],
    '/?at=113.7,-8.17,12&lang=en&base=none',
  );
  await first.page.getByRole('button', { name: 'Ubah ambang siaga' }).click();
  await first.page.locator('[data-field=siaga1_cm]').fill('420');
  await first.page.locator('form [data-field=reason]').fill('Palung berubah');
  await first.page.getByRole('button', { name: 'Minta persetujuan' }).click();
  const own = first.page.getByRole('region', { name: 'Butuh persetujuan orang kedua' });
  await own.getByRole('button', { name: 'Tarik permintaan' }).waitFor();
  const limit = async () => {
    const { rows } = await sql<{ siaga1_cm: number }>`select siaga1_cm from river_gauge where id = ${id}`.execute(
      city.connection.db,
    );
    return rows[0]?.siaga1_cm;
  };
  expect(await limit()).toBe(400);
  const card = second.page.getByRole('region', { name: 'A second person is needed' });
  await card.getByText('Asked for by bpbd@example.test').waitFor();
  await card.getByText('420').waitFor();
  expect(await faults(second.page)).toEqual([]);
  await card.getByRole('button', { name: 'Confirm' }).click();
  await card.getByText('A reason must be given.').waitFor();
  await card.getByLabel('Reason').fill('Checked');
  await card.getByRole('button', { name: 'Confirm' }).click();
  await second.page.getByText('Confirmed and done.').waitFor();
  await eventually(limit).toBe(420);
  await own.waitFor({ state: 'detached' });

  // Rejected, it is not done; and what nobody decides on goes by itself.
  const ask = async (level: string) => {
    await first.page.getByRole('button', { name: 'Ubah ambang siaga' }).click();
    await first.page.locator('[data-field=siaga1_cm]').fill(level);
    await first.page.locator('form [data-field=reason]').fill('Sekali lagi');
    await first.page.getByRole('button', { name: 'Minta persetujuan' }).click();
    await card.getByText(level).waitFor();
  };
  await ask('430');
  await card.getByLabel('Reason').fill('Not measured');
  await card.getByRole('button', { name: 'Reject' }).click();
  await second.page.getByText('Rejected.').waitFor();
  await own.waitFor({ state: 'detached' });
  await ask('440');
  await sql`update pending_action set expires_at = now() where decided is null`.execute(city.connection.db);
  await card.waitFor({ state: 'detached' });
  await own.waitFor({ state: 'detached' });
  expect(await limit()).toBe(420);
});
