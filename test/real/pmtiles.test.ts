import { PMTiles } from 'pmtiles';
import { expect } from 'vitest';
import { checkArchive } from '../../tiles/archive_check.ts';
import { fileSource } from '../support/archive.ts';
import { realData, realTest } from '../support/real_data.ts';

/** Name, kind, first and last zoom, tiles: as `README.md` of the real data says. */
const opens = [
  ['test_fixture_1', 'vector', 0, 0, 1],
  ['test_fixture_2', 'vector', 0, 0, 1],
  ['box1degree', 'vector', 0, 0, 1],
  ['unclustered', 'raster', 1, 1, 2],
  ['stamen_toner_raster_CC-BY+ODbL_z3', 'raster', 0, 3, 85],
  ['usgs-mt-whitney-8-15-webp-512', 'raster', 8, 15, 50],
  ['martin_png', 'raster', 0, 1, 5],
  ['martin_webp2', 'raster', 0, 1, 5],
] as const;
for (const [name, kind, minZoom, maxZoom, tiles] of opens) {
  const file = `pmtiles/${name}.pmtiles`;
  realTest(`${name} opens: ${kind}, ${tiles} tiles`, [file], async () => {
    expect(checkArchive(realData(file))).toMatchObject({ kind: `pmtiles-${kind}` });
    const archive = new PMTiles(await fileSource(realData(file)));
    const header = await archive.getHeader();
    expect(header).toMatchObject({ minZoom, maxZoom, numAddressedTiles: tiles });
    let found = 0;
    for (let z = minZoom; z <= maxZoom; z++) {
      const [west, north] = tileOf(header.minLon, header.maxLat, z);
      const [east, south] = tileOf(header.maxLon, header.minLat, z);
      for (let x = west; x <= east; x++)
        for (let y = north; y <= south; y++) if (await archive.getZxy(z, x, y)) found++;
    }
    expect(found).toBe(tiles);
  });
}

const faults = [
  ['test_fixture_mlt', 'unsupported type 6'],
  ['invalid', 'is not a PMTiles archive'],
  ['invalid_v4', 'unsupported version 4'],
  ['empty', 'is empty'],
] as const;
for (const [name, fault] of faults) {
  const file = `pmtiles/${name}.pmtiles`;
  realTest(`${name}: ${fault}`, [file], () => {
    expect(checkArchive(realData(file))).toMatchObject({ fault: expect.stringContaining(fault) });
  });
}

function tileOf(lon: number, lat: number, z: number): [x: number, y: number] {
  const within = (share: number) => Math.min(2 ** z - 1, Math.max(0, Math.floor(share * 2 ** z)));
  const sin = Math.sin((lat * Math.PI) / 180);
  return [within(lon / 360 + 0.5), within(0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI))];
}
