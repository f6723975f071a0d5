import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VectorTile } from '@mapbox/vector-tile';
import { booleanPointInPolygon, distance } from '@turf/turf';
import type { Feature, MultiPolygon, Point, Polygon } from 'geojson';
import { PbfReader } from 'pbf';
import { PMTiles } from 'pmtiles';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkArchive } from '../../tiles/archive_check.ts';
import { basemapEdition } from '../../tiles/basemap_edition.ts';
import { builtinBasemap } from '../../tiles/basemap_file.ts';
import { worldX, worldY } from '../../tiles/mercator.ts';
import { fileSource } from '../support/archive.ts';

let folder: string;
let path: string;
let archive: PMTiles;
const messages: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pendopo-basemap-'));
  path = await builtinBasemap(folder, (message) => messages.push(message));
  archive = new PMTiles(await fileSource(path));
});
afterAll(() => rm(folder, { recursive: true }));

async function features(lon: number, lat: number, z: number, layer: string): Promise<Feature[]> {
  const side = 2 ** (32 - z);
  const [x, y] = [Math.floor(worldX(lon) / side), Math.floor(worldY(lat) / side)];
  const tile = await archive.getZxy(z, x, y);
  const found = tile && new VectorTile(new PbfReader(tile.data)).layers[layer];
  return Array.from({ length: found?.length ?? 0 }, (_, i) => found!.feature(i).toGeoJSON(x, y, z));
}
async function isLand(lon: number, lat: number, z: number): Promise<boolean> {
  const land = await features(lon, lat, z, 'earth');
  return land.some((each) => booleanPointInPolygon([lon, lat], each as Feature<Polygon | MultiPolygon>));
}
async function named(name: string, lon: number, lat: number, z: number): Promise<Feature<Point>[]> {
  const places = await features(lon, lat, z, 'places');
  return places.filter(({ properties }) => properties?.name === name) as Feature<Point>[]; // the layer has nothing else
}

describe('the built-in archive', () => {
  test('is small, whole, of this edition, and readable by the reader the page uses', async () => {
    expect((await stat(path)).size).toBeLessThan(2 * 2 ** 20);
    expect(checkArchive(path)).toMatchObject({ kind: 'pmtiles-vector', metadata: { version: basemapEdition } });
    const header = await archive.getHeader();
    expect(header).toMatchObject({ specVersion: 3, clustered: true, tileType: 1, minZoom: 0, maxZoom: 7 });
    expect(header.rootDirectoryOffset + header.rootDirectoryLength).toBeLessThanOrEqual(16384);
    const metadata = (await archive.getMetadata()) as { vector_layers: { id: string }[] };
    expect(metadata.vector_layers.map(({ id }) => id)).toEqual(['earth', 'boundary', 'places']);
  });

  test('counts its tiles as a walk over every address finds them', async () => {
    const { numAddressedTiles, maxZoom } = await archive.getHeader();
    let found = 0;
    for (let z = 0; z <= maxZoom; z++)
      for (let x = 0; x < 2 ** z; x++) for (let y = 0; y < 2 ** z; y++) if (await archive.getZxy(z, x, y)) found++;
    expect(found).toBe(numAddressedTiles);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('land is land and sea is sea at z%i', async (z) => {
    expect(await isLand(113.7, -8.17, z)).toBe(true); // Jember
    expect(await isLand(113.7, -9.5, z)).toBe(false); // Indian Ocean
    expect(await isLand(110, -5, z)).toBe(false); // Java Sea
    expect(await isLand(25, 0, z)).toBe(true); // inland: a tile that is nothing but land
    expect(await isLand(-140, 0, z)).toBe(false); // Pacific
    expect(await isLand(51, 42, z)).toBe(false); // Caspian Sea, a hole in the land
  });

  test('has the island in front of the coast of Jember, which the coarser atlases lack', async () => {
    expect(await isLand(113.35, -8.46, 7)).toBe(true);
  });

  test('names Jember at its seat, once, in Indonesian first', async () => {
    const [jember, ...others] = await named('Jember', 113.7, -8.17, 7);
    expect(others).toEqual([]);
    expect(jember?.properties).toMatchObject({ kind: 'city', min_zoom: 7 });
    expect(distance(jember!.geometry.coordinates, [113.69953, -8.17211])).toBeLessThan(0.1);
    expect((await named('Singapura', 103.8, 1.35, 7))[0]?.properties?.['name:en']).toBe('Singapore');
  });

  test.each(['Kaliwates', 'Balung', 'Ambulu', 'Tempurejo'])('names the district %s once', async (district) => {
    const here = (await named(district, 113.7, -8.17, 7)).filter(
      ({ geometry }) => distance(geometry.coordinates, [113.7, -8.17]) < 50,
    );
    expect(here).toHaveLength(1); // there is another Balung, in Situbondo
  });

  test('keeps small places for the zooms that have room', async () => {
    const kinds = async (z: number) =>
      (await features(113.7, -8.17, z, 'places')).map(({ properties }) => properties?.kind);
    expect(await kinds(4)).not.toContain('village');
    expect((await kinds(7)).filter((kind) => kind === 'village').length).toBeGreaterThan(150);
  });

  test('draws the border on Borneo and none along the coast of Java', async () => {
    expect((await features(114.5, 1.5, 7, 'boundary')).length).toBeGreaterThan(0);
    expect(await features(113.7, -8.17, 7, 'boundary')).toEqual([]);
  });
});

describe('the file', () => {
  test('is drawn once, said so once, and nothing unfinished is left', async () => {
    expect(await builtinBasemap(folder)).toBe(path);
    expect(messages).toEqual(['drawing the built-in basemap']);
    expect(await readdir(folder)).toEqual(['basemap.pmtiles']);
  });

  test('half of it is no archive', async () => {
    const half = join(folder, 'half.pmtiles');
    const whole = await readFile(path);
    await writeFile(half, whole.subarray(0, whole.length / 2));
    expect(checkArchive(half)).toMatchObject({ fault: expect.stringContaining('ends early') });
    await rm(half);
  });
});
