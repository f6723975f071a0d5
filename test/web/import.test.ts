import type { TFunction } from 'i18next';
import { expect, test } from 'vitest';
import type { Surveyed } from '../../server/ingest/upload/steps.ts';
import { id } from '../../web/i18n/id.ts';
import { reasonText } from '../../web/import/reason_text.ts';
import { formOf, guessedFor, idFrom, noWish, retitled, withGoing } from '../../web/import/wish.ts';
import { oneFile } from '../../web/import/zip_files.ts';

const phrases: Readonly<Record<string, string>> = id;
/** The Indonesian phrase, its words filled in. */
const t = ((key: string, words: Readonly<Record<string, string>> = {}) =>
  (phrases[key] ?? key).replace(/\{\{(\w+)\}\}/g, (_, name) => words[name] ?? '')) as unknown as TFunction; // as far as it is used here

test.for([
  ['capacity (daya tampung): "banyak" is not a number', 'daya tampung: "banyak" bukan angka'],
  ['outside the region (106.8, -6.2, 106.8, -6.2); use --anywhere', 'di luar wilayah'],
  [
    'outside the region (0, 0, 0, 0); is --srs EPSG:3857 right?',
    'di luar wilayah; apakah sistem koordinatnya memang EPSG:3857?',
  ],
  [
    'There is no coordinate system EPSG:99999: degrees are EPSG:4326, metres of UTM zone 49 south EPSG:32749.',
    'sistem koordinat EPSG:99999 tidak ada; derajat adalah EPSG:4326, meter UTM zona 49 selatan EPSG:32749',
  ],
  [
    'The text is UTF-8, but some of its letters are broken: save it again as UTF-8.',
    'sebagian hurufnya rusak; simpan ulang berkasnya sebagai UTF-8',
  ],
  ['kind (jenis): "x" is none of a, b', 'jenis: "x" tidak ada dalam pilihan'],
  ['name (nama): is missing', 'nama: wajib diisi'],
  ['skipped: code P-1 was in row 2', 'kode P-1 sudah ada pada baris 2'],
  ['not yours to write (agency PUPR, area –)', 'bukan wewenang Anda (instansi PUPR, wilayah –)'],
  ['a Point where the layer has MultiPolygon', 'geometri Point, lapisan ini MultiPolygon'],
  ['The file ends in the middle: it was cut off.', 'berkasnya terpotong; unduh atau simpan ulang lalu kirim lagi'],
  ['something new', 'something new'],
])('a reason of the importer is said in the language of the page: %s', ([given, said]) => {
  expect(reasonText(t, given!)).toBe(said);
});

test('a field that is sent elsewhere frees its place, and nothing is guessed behind one’s back', () => {
  const found = {
    layers: [{ layer: 'shelter', code: 'kode', columns: { name: 'nama', capacity: 'isi' } }],
    ...{ may_make_layer: true, new_key: 'kode' },
  } as unknown as Surveyed; // as far as it is read
  const goes = guessedFor(found, 'shelter');
  expect(goes).toEqual({ kode: 'code', nama: 'name', isi: 'capacity' });
  const moved = withGoing(goes, 'isi', 'name');
  expect(moved).toEqual({ kode: 'code', isi: 'name' });
  expect(formOf({ ...noWish, layer: 'shelter', goes: moved }, ['name', 'capacity'])).toMatchObject({
    ...{ layer: 'shelter', code: 'kode', map: { name: 'isi', capacity: null } },
  });
  expect(formOf({ ...noWish, newId: 'tree', newTitle: ' Pohon ', goes: {} }, [])).toMatchObject({
    ...{ new_layer: { id: 'tree', title: 'Pohon' }, code: null },
  });
  expect(guessedFor(found, '')).toEqual({ kode: 'code' });
  expect(guessedFor({ ...found, new_key: null }, '')).toEqual({});
  expect(guessedFor({ ...found, may_make_layer: false }, '')).toEqual({});
  expect(formOf({ ...noWish, newId: 'tree', newTitle: 'Pohon', newTitleEn: ' Trees ' }, []).new_layer).toMatchObject({
    ...{ title: 'Pohon', title_en: 'Trees' },
  });
  const titled = { ...noWish, ...retitled(noWish, 'Pohon Kota') };
  expect(titled.newId).toBe('pohon_kota');
  expect(retitled(titled, 'Pohon').newId).toBe('pohon');
  // What was typed by hand is never replaced.
  expect(retitled({ ...titled, newId: 'Pohon-Kota' }, 'Pohon')).toEqual({ newTitle: 'Pohon', newId: 'Pohon-Kota' });
  expect(idFrom('Pohon pelindung (2024)')).toBe('pohon_pelindung');
  expect(idFrom(`${'x'.repeat(47)} y`)).toBe('x'.repeat(47));
});

test('the parts of a Shapefile become one archive, other files go one by one', async () => {
  const file = (name: string) => new File(['abc'], name);
  expect((await oneFile([file('a.csv')]))?.name).toBe('a.csv');
  expect(await oneFile([file('a.csv'), file('b.csv')])).toBeUndefined();
  expect(await oneFile([file('a.shp'), file('b.dbf')])).toBeUndefined();
  const archive = await oneFile([file('Desa.shp'), file('Desa.dbf'), file('desa.PRJ')]);
  expect(archive?.name).toBe('Desa.zip');
  const bytes = Buffer.from(await archive!.arrayBuffer());
  expect(bytes.readUInt16LE(bytes.length - 12)).toBe(3); // entries in all (APPNOTE 6.3.3 §4.3.16)
});
