import { writeArchive } from './archive_writer.ts';
import { basemapEdition } from './basemap_edition.ts';
import { type BasemapPlace, basemapPlaces } from './basemap_places.ts';
import { buffer, cutShape, extent, type Part, signedArea, tileBox } from './cut.ts';
import { type AtlasScale, countryBorders, worldAtlas } from './land.ts';
import { LayerWriter } from './layer_writer.ts';
import { type TileAddress, type WorldBox, worldX, worldY } from './mercator.ts';
import { lineType, polygonType, type Shape, shapeFromLines } from './shape.ts';
import { TextPool } from './text_pool.ts';

/**
 * The whole world down to this zoom. A PMTiles archive has one deepest zoom for all places, and what lies deeper is drawn
 * from it: a region that ended earlier would turn to sea.
 */
const maxZoom = 7;
/** Where the finest coast is drawn: Indonesia with its neighbours, `[west, south, east, north]` in degrees. */
const fine = boxAround(94, -12, 142, 8);

/** The atlas of a tile: world maps for the world, the finest for what an Indonesian regency sees around itself. */
function atlasScale(tile: TileAddress): AtlasScale {
  if (tile.z < 4) return '110m';
  return tile.z >= 6 && overlaps(tileBox(tile), fine) ? '10m' : '50m';
}

/** What may be in a tile; `land` is `all` when the tile lies wholly inland. */
interface Contents {
  readonly scale: AtlasScale;
  readonly land: readonly Shape[] | 'all';
  readonly borders: readonly Shape[];
  readonly places: readonly (BasemapPlace & { readonly x: number; readonly y: number })[];
}

/**
 * The built-in basemap as the bytes of a PMTiles archive: layers `earth` (polygons), `boundary` (lines; `kind`) and
 * `places` (points; `name`, `name:en`, `kind`, `population`, `min_zoom`), from Natural Earth, GeoNames and the facts of the
 * demo regency. Takes some seconds of a processor: run it in a thread of its own.
 */
export function buildBasemap(): Uint8Array {
  const writer = new LayerWriter(new TextPool());
  const atlases = new Map<AtlasScale, Pick<Contents, 'land' | 'borders'>>();
  const atlas = (scale: AtlasScale) => {
    const loaded = atlases.get(scale) ?? loadAtlas(scale);
    atlases.set(scale, loaded);
    return loaded;
  };

  function* visit(tile: TileAddress, above: Contents): Generator<readonly [TileAddress, Uint8Array]> {
    const scale = atlasScale(tile);
    const from = scale === above.scale ? above : { ...above, ...atlas(scale) };
    const box = tileBox(tile);
    const inside = (shape: Shape) => overlaps(shape.box, box);
    const borders = from.borders.filter(inside);
    const side = 2 ** (32 - tile.z);
    const places = from.places.filter(({ x, y }) => Math.floor(x / side) === tile.x && Math.floor(y / side) === tile.y);
    let land = from.land === 'all' ? from.land : from.land.filter(inside);
    const parts = land === 'all' ? [wholeTile] : land.flatMap((shape) => cutShape(shape, tile));
    if (parts.length === 1 && isWhole(parts[0]!)) land = 'all';
    if (parts.length === 0 && borders.length === 0 && places.length === 0) return;
    const bytes = Buffer.concat([
      earth(writer, land === 'all' ? [wholeTile] : parts),
      boundary(
        writer,
        borders.flatMap((line) => cutShape(line, tile)),
      ),
      names(
        writer,
        places.filter(({ minZoom }) => minZoom <= tile.z || tile.z === maxZoom),
        tile.z,
      ),
    ]);
    if (bytes.length > 0) yield [tile, bytes];
    if (tile.z === maxZoom) return;
    const contents = { scale, land, borders, places };
    const [z, x, y] = [tile.z + 1, tile.x * 2, tile.y * 2];
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const)
      yield* visit({ z, x: x + dx, y: y + dy }, contents);
  }

  const places = basemapPlaces().map((place) => ({ ...place, x: worldX(place.at[0]!), y: worldY(place.at[1]!) }));
  const world: TileAddress = { z: 0, x: 0, y: 0 };
  return writeArchive(visit(world, { scale: '110m', ...atlas('110m'), places }), {
    bounds: [-180, -85.0511287, 180, 85.0511287],
    center: [118, -2.5, 4], // Indonesia
    metadata,
  });
}

function loadAtlas(scale: AtlasScale): Pick<Contents, 'land' | 'borders'> {
  const polygons = worldAtlas(`land-${scale}`).flatMap(({ geometry }) =>
    geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates,
  );
  return {
    land: polygons.map((rings) => shapeFromLines(polygonType, rings)),
    borders: countryBorders(scale).coordinates.map((line) => shapeFromLines(lineType, [line])),
  };
}

function earth(writer: LayerWriter, parts: readonly Part[]): Uint8Array {
  writer.begin('earth', []);
  if (parts.length > 0) {
    writer.feature(-1);
    writer.parts(polygonType, parts);
  }
  return writer.end();
}

function boundary(writer: LayerWriter, parts: readonly Part[]): Uint8Array {
  writer.begin('boundary', ['kind']);
  if (parts.length > 0) {
    writer.feature(-1);
    writer.word(0, 'country');
    writer.parts(lineType, parts);
  }
  return writer.end();
}

function names(writer: LayerWriter, places: Contents['places'], z: number): Uint8Array {
  writer.begin('places', Object.keys(placeFields));
  const inTile = (world: number) => (world >>> (20 - z)) & (extent - 1);
  for (const { name, nameEn, kind, population, minZoom, x, y } of places) {
    writer.feature(-1);
    writer.word(0, name);
    if (nameEn) writer.word(1, nameEn);
    writer.word(2, kind);
    if (population !== undefined) writer.number(3, population);
    writer.number(4, minZoom);
    writer.point(inTile(x), inTile(y));
  }
  return writer.end();
}

const corner = extent + buffer;
const wholeTile: Part = { xy: [-buffer, -buffer, corner, -buffer, corner, corner, -buffer, corner] };

/** Whether a ring fills a tile with its buffer, whatever way it runs along the edge. */
function isWhole({ xy }: Part): boolean {
  return signedArea(xy) === 2 * (extent + 2 * buffer) ** 2;
}

function boxAround(west: number, south: number, east: number, north: number): WorldBox {
  return { minX: worldX(west), minY: worldY(north), maxX: worldX(east), maxY: worldY(south) };
}

function overlaps(one: WorldBox, other: WorldBox): boolean {
  return one.minX <= other.maxX && other.minX <= one.maxX && one.minY <= other.maxY && other.minY <= one.maxY;
}

const placeFields = { name: 'String', 'name:en': 'String', kind: 'String', population: 'Number', min_zoom: 'Number' };

const metadata = {
  name: 'Pendopo',
  description: 'Coasts, borders and places of the world, finer in Indonesia',
  attribution: 'Natural Earth, GeoNames',
  type: 'baselayer',
  version: basemapEdition,
  vector_layers: [
    { id: 'earth', fields: {}, minzoom: 0, maxzoom: maxZoom },
    { id: 'boundary', fields: { kind: 'String' }, minzoom: 0, maxzoom: maxZoom },
    { id: 'places', fields: placeFields, minzoom: 0, maxzoom: maxZoom },
  ],
};
