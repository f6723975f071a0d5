import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { booleanPointInPolygon, polygon } from '@turf/turf';
import type { Feature, MultiLineString, MultiPolygon, Polygon, Position } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, GeometryObject, Topology } from 'topojson-specification';

const { resolve } = createRequire(import.meta.url);

/** How fine a map of Natural Earth is: drawn for 1 : 10, 50 or 110 million. */
export type AtlasScale = '10m' | '50m' | '110m';
type AtlasFile = `${'land' | 'countries'}-${AtlasScale}`;

function topology(file: AtlasFile): Topology {
  return JSON.parse(readFileSync(resolve(`world-atlas/${file}.json`), 'utf8'));
}

/** A map of `world-atlas` (Natural Earth, public domain) as GeoJSON features, EPSG:4326. */
export function worldAtlas(file: AtlasFile): Feature<Polygon | MultiPolygon>[] {
  const atlas = topology(file);
  const object = Object.values(atlas.objects)[0] as GeometryObject; // each file of the package has its subject first
  const found = feature(atlas, object);
  const features = found.type === 'FeatureCollection' ? found.features : [found];
  return features.flatMap(({ geometry, properties }) =>
    geometry.type === 'Polygon' || geometry.type === 'MultiPolygon'
      ? [{ type: 'Feature' as const, geometry, properties }]
      : [],
  );
}

/** The borders between countries, each once; coasts are not among them. */
export function countryBorders(scale: AtlasScale): MultiLineString {
  const atlas = topology(`countries-${scale}`);
  return mesh(atlas, atlas.objects.countries as GeometryCollection, (one, other) => one !== other);
}

/** The piece of land (1 : 10 million) that holds a point; throws when the point is in the sea. */
export function landNear(at: Position): Feature<Polygon> {
  for (const { geometry } of worldAtlas('land-10m')) {
    const pieces = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    for (const piece of pieces) {
      const candidate = polygon(piece);
      if (booleanPointInPolygon(at, candidate)) return candidate;
    }
  }
  throw new RangeError(`there is no land at ${at}`);
}
