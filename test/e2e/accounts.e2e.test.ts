import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { demoEmail, seedAccounts } from '../../seeds/jember/accounts.ts';
import { type Role, roles } from '../../server/registry/role.ts';
import { faults } from '../support/axe.ts';
import { browserTests } from '../support/browser.ts';
import { eventually } from '../support/map_page.ts';
import { person as makePerson, password } from '../support/people.ts';
import { totp } from '../support/totp.ts';

const test = await browserTests({ settings: { ROLE: 'public', DEMO: true } });
/** Whom the siren's layer file shows it to. */
const seeSirens: readonly Role[] = ['operator', 'supervisor', 'disaster_officer', 'leader', 'auditor', 'admin'];
const address = '/?at=113.7,-8.17,14&layers=river_gauge&base=none';

let tries = 0;
/** Where the people of a test have their addresses: tried again, it makes others. */
const domain = () => `uji${++tries}.test`;

async function fill(page: Page, email: string, secret: string) {
  await page.getByRole('button', { name: 'Masuk', exact: true }).click();
  await page.getByLabel('Surel').fill(email);
  await page.locator('input[name=password]').fill(secret);
  await page.getByRole('dialog').getByRole('button', { name: 'Masuk', exact: true }).click();
}
const signedIn = (page: Page) => page.getByRole('button', { name: /^Akun / }).waitFor();
const choose = async (page: Page, item: string) => {
  await page.getByRole('button', { name: /^Akun / }).click();
  await page.getByRole('menuitem', { name: item }).click();
};
for (const role of roles.filter((each) => each !== 'public'))
  test(`the demo regency's ${role} signs in by a click, sees the map of that role, and signs out`, async ({
    open,
    connection,
  }) => {
    await seedAccounts(connection);
    const { page } = await open(address);
    const { name } = await connection.db
      .selectFrom('account_user')
      .select('name')
      .where('email', '=', demoEmail(role))
      .executeTakeFirstOrThrow();
    const siren = page.getByRole('button', { name: 'Pengaturan Sirene' });
    const gauge = page.getByRole('button', { name: 'Pengaturan Pos duga air' });
    await gauge.waitFor();
    expect(await siren.count()).toBe(0);
    await page.getByRole('button', { name: 'Masuk', exact: true }).click();
    await page
      .getByRole('region', { name: 'Akun peragaan' })
      .getByRole('button', { name: new RegExp(name) })
      .click();
    await page.getByRole('button', { name: `Akun ${name}` }).waitFor();
    await gauge.waitFor();
    // The page begins anew for who it is now: until it has, it may still be the old one.
    await eventually(() => siren.count()).toBe(seeSirens.includes(role) ? 1 : 0);
    await choose(page, 'Keluar');
    await page.getByRole('button', { name: 'Masuk', exact: true }).waitFor();
    await siren.waitFor({ state: 'detached' });
    await gauge.waitFor();
    expect(await siren.count()).toBe(0);
  });

test('a wrong password says so; with two-step verification a code is needed; a session ended elsewhere is over here', async ({
  open,
  served,
}) => {
  const at = domain();
  const email = `dua-langkah@${at}`;
  await makePerson(served, email, { role: 'operator' });
  const refusedSignIn = /401 \(Unauthorized\)|404 \(Not Found\)/;
  const first = (await open(address, { forgive: refusedSignIn })).page;
  await fill(first, email, 'salah salah salah');
  await first.getByRole('alert').getByText('Surel atau kata sandi salah').waitFor();
  await first.locator('input[name=password]').fill(password);
  await first.keyboard.press('Enter');
  await signedIn(first);

  await choose(first, 'Akun saya');
  await first.getByRole('tab', { name: 'Dua langkah' }).click();
  await first.getByLabel('Kata sandi sekarang').fill(password);
  await first.getByRole('button', { name: 'Siapkan' }).click();
  const link = await first.getByRole('link', { name: 'Buka aplikasi di perangkat ini' }).getAttribute('href');
  const secret = new URL(link!).searchParams.get('secret')!;
  expect(await first.getByRole('img', { name: 'Kode QR untuk aplikasi autentikator' }).count()).toBe(1);
  expect(await faults(first)).toEqual([]);
  await first.getByLabel('Kode enam angka').fill(totp(secret));
  await first.getByRole('button', { name: 'Aktifkan' }).click();
  await first.getByText('Verifikasi dua langkah aktif.').first().waitFor();

  const second = (await open(address, { forgive: refusedSignIn })).page;
  await fill(second, email, password);
  await second.getByLabel('Kode enam angka').fill('000000');
  await second.getByRole('dialog').getByRole('button', { name: 'Masuk', exact: true }).click();
  await second.getByRole('alert').getByText('Kode salah').waitFor();
  await second.getByLabel('Kode enam angka').fill(totp(secret, Date.now() + 30_000));
  await second.keyboard.press('Enter');
  await signedIn(second);

  await first.keyboard.press('Escape');
  await choose(first, 'Akun saya');
  await first.getByRole('button', { name: 'Akhiri', exact: true }).click();
  await second.getByRole('button', { name: 'Masuk', exact: true }).waitFor({ timeout: 60_000 });
});

test('a passkey is made, lets in without a password, and is removed by who shows it anew; each is in the trail with the session', async ({
  open,
  served,
  connection,
}) => {
  const at = domain();
  const email = `kunci@${at}`;
  await makePerson(served, email, { role: 'operator' });
  // Passkeys belong to a name, not a number: it is opened by another than the tests' own.
  const { page } = await open(address, { forgive: /^asked elsewhere: http:\/\/localhost:|403 \(Forbidden\)/ });
  await page.goto(page.url().replace('127.0.0.1', 'localhost'));
  const browser = await page.context().newCDPSession(page);
  await browser.send('WebAuthn.enable');
  await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  await fill(page, email, password);
  await signedIn(page);
  await choose(page, 'Akun saya');
  await page.getByRole('tab', { name: 'Kunci sandi' }).click();
  await page.getByRole('button', { name: 'Tambah perangkat ini' }).click();
  await page.getByText('Belum ada.').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Hapus' }).waitFor();
  await page.keyboard.press('Escape');
  await choose(page, 'Keluar');
  // The password alone is not all that there is.
  await page.getByRole('button', { name: 'Masuk', exact: true }).waitFor();
  await fill(page, email, password);
  await signedIn(page);
  await choose(page, 'Akun saya');
  await page.getByText('Anda masuk dengan kata sandi saja').waitFor();
  await page.getByText('sesi ini').waitFor();
  expect(await page.getByRole('tab').count()).toBe(0);
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Masuk lagi' }).click();
  expect(await page.getByLabel('Surel').inputValue()).toBe(email);
  await page.getByRole('button', { name: 'Masuk dengan kunci sandi' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await choose(page, 'Akun saya');
  await page.getByRole('tab', { name: 'Kunci sandi' }).click();
  expect(await faults(page)).toEqual([]);
  // Who finds the screen a quarter of an hour later is asked who they are.
  await sql`update account_session set "createdAt" = now() - interval '15 minutes' from account_user person
    where person.id = "userId" and person.email = ${email}`.execute(connection.db);
  await page.getByRole('button', { name: 'Hapus' }).click();
  await page.getByText('Anda masuk lebih dari 10 menit lalu.').waitFor();
  await page.getByRole('button', { name: 'Hapus' }).waitFor({ state: 'detached' });
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Masuk lagi' }).click();
  await page.getByRole('button', { name: 'Masuk dengan kunci sandi' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await choose(page, 'Akun saya');
  await page.getByRole('tab', { name: 'Kunci sandi' }).click();
  await page.getByRole('button', { name: 'Hapus' }).click();
  await page.getByText('Belum ada.').waitFor();
  const { rows } = await sql<{ acts: string[] }>`
    select json_agg(action order by id) as acts from audit where actor_name = ${email} and request_id is not null`.execute(
    connection.db,
  );
  expect(rows[0]?.acts).toEqual([
    ...['sign_in', 'passkey_verify_registration', 'sign_out', 'sign_in', 'sign_in', 'denied', 'sign_in'],
    'passkey_delete_passkey',
  ]);
});

test('an admin invites, the invited chooses a password by the link; roles, keys and the matrix are at hand', async ({
  open,
  served,
}) => {
  const at = domain();
  await makePerson(served, `kepala@${at}`, { role: 'admin' });
  const { page } = await open(address, { forgive: /409 \(Conflict\)/ });
  await fill(page, `kepala@${at}`, password);
  await signedIn(page);
  await choose(page, 'Orang dan peran');
  await page.getByRole('button', { name: 'Undang orang' }).click();
  await page.getByLabel('Nama', { exact: false }).first().fill('<b>Tamu</b>');
  await page.getByLabel('Surel').fill(`tamu@${at}`);
  await page.getByRole('button', { name: 'Undang orang' }).click();
  const link = await page.getByText(/account=password/).textContent();
  expect(await faults(page)).toEqual([]);
  await page.getByText('<b>Tamu</b>').first().waitFor();
  await page.getByRole('tabpanel').getByRole('button', { name: 'Tutup' }).click();
  await page.getByRole('button', { name: 'Undang orang' }).click();
  await page.getByLabel('Nama', { exact: false }).first().fill('Tamu lagi');
  await page.getByLabel('Surel').fill(`tamu@${at}`);
  await page.getByRole('button', { name: 'Undang orang' }).click();
  await page.getByRole('alert').getByText('Periksa isian yang ditandai.', { exact: true }).waitFor();
  await eventually(() => page.getByLabel('Surel').getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByText('Sudah dipakai yang lain').count()).toBe(1);

  const guest = (await open(link!)).page;
  await eventually(() => guest.url()).not.toContain('token');
  await guest.getByLabel('Kata sandi baru').fill('sandi yang panjang');
  await guest.getByRole('button', { name: 'Simpan kata sandi' }).click();
  await guest.getByText('Kata sandi tersimpan').waitFor();
  await guest.getByRole('dialog').getByRole('button', { name: 'Masuk', exact: true }).click();
  await guest.getByLabel('Surel').fill(`tamu@${at}`);
  await guest.locator('input[name=password]').fill('sandi yang panjang');
  await guest.keyboard.press('Enter');
  await signedIn(guest);

  await page.getByRole('tab', { name: 'Kunci mesin' }).click();
  await page.getByRole('button', { name: 'Buat kunci' }).click();
  await page.getByLabel('Nama kunci').fill('Telemetri');
  await page.getByRole('combobox', { name: 'Perangkat daerah' }).fill('DPU SDA');
  await page.getByRole('button', { name: 'Buat kunci' }).click();
  expect(await page.getByText(/^pdp_[\w-]{43}$/).textContent()).toHaveLength(47);
  await page.getByRole('tab', { name: 'Hak akses' }).click();
  await page.getByRole('row', { name: /Sirene/ }).waitFor();
  expect(await faults(page)).toEqual([]);

  await page.getByRole('tab', { name: 'Orang', exact: true }).click();
  await page.getByLabel('Cari nama atau surel').fill(`tamu@${at}`);
  await page.getByRole('button', { name: 'Lainnya untuk <b>Tamu</b>' }).click();
  await page.getByRole('menuitem', { name: 'Hapus orang' }).click();
  const question = page.getByRole('group', { name: /^Hapus <b>Tamu<\/b> untuk seterusnya/ });
  await question.getByText('Jejak audit tetap utuh, tanpa namanya.', { exact: false }).waitFor();
  expect(await faults(page)).toEqual([]);
  await question.getByRole('button', { name: 'Hapus orang' }).click();
  await page.getByText('Tidak ada yang cocok.').waitFor();
  // Oneself nobody removes.
  await page.getByLabel('Cari nama atau surel').fill(`kepala@${at}`);
  await page.getByRole('button', { name: 'Lainnya untuk' }).click();
  await page.getByRole('menuitem', { name: 'Kunci akun' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Hapus orang' }).count()).toBe(0);
});

test('a role is given in an agency and a district by name and within an outline drawn on the map; taking it away is asked first', async ({
  open,
  served,
  connection,
}) => {
  const at = domain();
  await makePerson(served, `kepala2@${at}`, { role: 'admin' });
  const petugas = await makePerson(served, `petugas2@${at}`);
  const square = 'SRID=4326;MULTIPOLYGON(((113.6 -8.3,113.8 -8.3,113.8 -8.1,113.6 -8.1,113.6 -8.3)))';
  await sql`insert into district (code, name, geom) values ('35.09.77', 'Sumberuji', st_geomfromewkt(${square}))
    on conflict do nothing`.execute(connection.db);
  const { page } = await open(address);
  await fill(page, `kepala2@${at}`, password);
  await signedIn(page);
  await choose(page, 'Orang dan peran');
  await page.getByLabel('Cari nama atau surel').fill(`petugas2@${at}`);
  await page.getByRole('button', { name: 'Beri peran' }).first().click();
  await page.getByRole('combobox', { name: 'Perangkat daerah' }).fill('Dinas Uji');
  await page.getByText('Baru: belum ada apa pun').waitFor();
  await page.getByRole('combobox', { name: 'Kecamatan dan desa' }).fill('sumberuj');
  await page.getByRole('option', { name: 'Sumberuji · 35.09.77' }).click();
  await page.keyboard.press('Tab');
  const file = (text: string) => ({
    name: 'batas.geojson',
    mimeType: 'application/geo+json',
    buffer: Buffer.from(text),
  });
  await page.locator('input[type=file]').setInputFiles(file('bukan peta'));
  await page.getByRole('alert').getByText('bukan satu poligon GeoJSON').waitFor();
  const triangle = {
    type: 'Polygon',
    coordinates: [
      [
        [113.6, -8.3],
        [113.8, -8.3],
        [113.7, -8.1],
        [113.6, -8.3],
      ],
    ],
  };
  await page.locator('input[type=file]').setInputFiles(file(JSON.stringify({ type: 'Feature', geometry: triangle })));
  await page.getByText('3 titik sudut').waitFor();
  expect(await page.getByText('bukan satu poligon').count()).toBe(0);
  await page.getByRole('group', { name: 'Wilayah di peta' }).getByRole('button', { name: 'Hapus' }).click();
  await page.getByRole('button', { name: 'Gambar di peta' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor({ state: 'hidden' });
  for (const [x, y] of [
    [600, 300],
    [800, 300],
    [800, 450],
  ] as const) {
    await page.mouse.click(x, y);
    await page.waitForTimeout(300); // two clicks at once would be a double one
  }
  await page.mouse.dblclick(600, 450);
  await page.getByRole('button', { name: 'Selesai menggambar' }).click();
  await dialog.waitFor();
  await page.getByText('4 titik sudut').waitFor();
  expect(await faults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Beri peran' }).last().click();
  const tag = dialog.getByText('Operator ruang · Dinas Uji, Sumberuji, wilayah tergambar', { exact: true });
  await tag.waitFor();
  const { rows } = await sql<{ areas: string[]; corners: number }>`
    select areas, st_npoints(polygon) as corners from account_grant where user_id = ${petugas}`.execute(connection.db);
  expect(rows).toEqual([{ areas: ['35.09.77'], corners: 5 }]);

  await dialog.getByRole('button', { name: /^Cabut peran/ }).click();
  const question = dialog.getByRole('group', { name: /^Cabut peran/ });
  expect(await faults(page)).toEqual([]);
  await eventually(() =>
    question.getByRole('button', { name: 'Kembali' }).evaluate((button) => button === document.activeElement),
  ).toBe(true);
  await page.keyboard.press('Enter');
  await question.waitFor({ state: 'detached' });
  await tag.waitFor();
  await dialog.getByRole('button', { name: /^Cabut peran/ }).click();
  await question.getByRole('button', { name: 'Cabut peran' }).click();
  await tag.waitFor({ state: 'detached' });
});

test('on a phone, in English and in the dark', async ({ open, served, connection }) => {
  const at = domain();
  const square = 'SRID=4326;MULTIPOLYGON(((113.6 -8.3,113.8 -8.3,113.8 -8.1,113.6 -8.1,113.6 -8.3)))';
  await sql`insert into district (code, name, geom) values ('35.09.78', 'Kalitelepon', st_geomfromewkt(${square}))
    on conflict do nothing`.execute(connection.db);
  const grant = { role: 'supervisor', agency: 'Satpol PP', areas: ['35.09.78'] } as const;
  await makePerson(served, `phone@${at}`, grant);
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' as const };
  const { page } = await open(`${address}&lang=en`, phone);
  const menu = async (item: string) => {
    await page.getByRole('button', { name: 'Menu', exact: true }).tap();
    await page.getByRole('menuitem', { name: item }).tap();
  };
  await menu('Sign in');
  await page.getByLabel('E-mail').fill(`phone@${at}`);
  expect(await faults(page)).toEqual([]);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Menu', exact: true }).tap();
  await page.getByText('Supervisor · Satpol PP, Kalitelepon').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'My account' }).tap();
  await page.getByText('this one').waitFor();
  expect(await faults(page)).toEqual([]);
});
