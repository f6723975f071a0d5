import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSource } from '../../server/ingest/import/open.ts';
import { temporaryFolder } from '../support/folder.ts';
import { gdalWrite } from '../support/gdal_write.ts';
import { zip } from '../support/zip.ts';

const folder = temporaryFolder();
const name = 'Kafé Ñoño “dekat pasar” – 5 €';
/** As far as the letters of `name` go. */
const windows1252 = (text: string) =>
  Buffer.from(
    text.replace(/[“”–€]/g, (letter) => ({ '“': '\x93', '”': '\x94', '–': '\x96' })[letter] ?? '\x80'),
    'latin1',
  );
const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

async function read(fileName: string, content: string | Uint8Array, srs?: string) {
  const path = join(folder, fileName);
  writeFileSync(path, content);
  const source = await openSource(path, { srs });
  const names: unknown[] = [];
  for await (const { properties } of source.rows(() => {})) names.push(properties.nama ?? properties.Name);
  return { encoding: source.encoding, names };
}

const table = `kode;nama;lon;lat\r\n1;${name};113,6;-8,2\r\n2;Ajung;113,6;-8,2\r\n`;
const collection = JSON.stringify({
  type: 'FeatureCollection',
  features: [name, 'Ajung'].map((nama) => ({
    ...{ type: 'Feature', properties: { nama } },
    geometry: { type: 'Point', coordinates: [113.6, -8.2] },
  })),
});
const placemark = (text: string) =>
  `<Placemark><name>${text}</name><Point><coordinates>113.6,-8.2</coordinates></Point></Placemark>`;
const kml = `<kml><Document>${placemark(name)}${placemark('Ajung')}</Document></kml>`;

for (const [fileName, text] of [
  ['a.csv', table],
  ['a.geojson', collection],
  ['a.json', JSON.stringify([{ nama: name }, { nama: 'Ajung' }])],
  ['a.kml', kml],
] as const) {
  test(`${fileName}: UTF-8 and UTF-16 with their marks, and Windows-1252 said so`, async () => {
    const told = (encoding: string | undefined) => ({ encoding, names: [name, 'Ajung'] });
    // An XML document is UTF-8 unless it says otherwise.
    expect(await read(fileName, text)).toEqual(told(fileName === 'a.kml' ? undefined : 'utf-8'));
    expect(await read(fileName, `\ufeff${text}`)).toEqual(told(fileName === 'a.kml' ? undefined : 'utf-8'));
    expect(await read(fileName, Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual(told('utf-16le'));
    expect(await read(fileName, utf16be(text))).toEqual(told('utf-16be'));
    expect(await read(fileName, windows1252(text))).toEqual(told('windows-1252'));
  });

  test(`${fileName}: a text whose letters are partly broken is refused, not guessed at`, async () => {
    const [start = '', end = ''] = text.split('Ajung');
    const mixed = Buffer.concat([Buffer.from(start), windows1252('Ajúng'), Buffer.from(end)]);
    await expect(read(fileName, mixed)).rejects.toThrow(/UTF-8, but some of its letters are broken/);
  });
}

test('KML in an archive, and one that names its encoding', async () => {
  expect(await read('b.kmz', zip({ 'doc.kml': windows1252(kml) }))).toMatchObject({ names: [name, 'Ajung'] });
  const declared = windows1252(`<?xml version="1.0" encoding="windows-1252"?>${kml}`);
  expect(await read('c.kml', declared)).toEqual({ encoding: undefined, names: [name, 'Ajung'] });
});

test('letters that lie across the pieces in which a file is read', async () => {
  const mebibyte = 1 << 20;
  for (const offset of [0, 1, 2, 3]) {
    const filler = 'x'.repeat(mebibyte - '[{"nama":"'.length - offset);
    const long = `${filler}🌊é`;
    expect(await read('long.csv', `nama     \n${long}\n`)).toEqual({ encoding: 'utf-8', names: [long] });
    expect(await read('long.json', `[{"nama":"${long}"}]`)).toEqual({ encoding: 'utf-8', names: [long] });
  }
});

test('what GDAL does not know the encoding of: GeoJSON in metres, a Shapefile without .cpg', async () => {
  const metres = collection.replaceAll('[113.6,-8.2]', '[786470,9092660]');
  expect(await read('utm.geojson', windows1252(metres), 'EPSG:32749')).toEqual({
    ...{ encoding: 'windows-1252', names: [name, 'Ajung'] },
  });
  const latin1 = { type: 'FeatureCollection' as const, features: JSON.parse(collection).features.slice(0, 1) };
  latin1.features[0].properties.nama = 'Kafé Ñoño';
  const shp = await gdalWrite(folder, latin1, 'ESRI Shapefile', 'shp', ['-lco', 'ENCODING=ISO-8859-1']);
  const stem = shp.replace(/\.shp$/, '');
  rmSync(`${stem}.cpg`);
  const source = await openSource(shp, {});
  const names: unknown[] = [];
  for await (const { properties } of source.rows(() => {})) names.push(properties.nama);
  expect({ encoding: source.encoding, names }).toEqual({ encoding: 'windows-1252', names: ['Kafé Ñoño'] });
});
