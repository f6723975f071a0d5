import type { FeatureLike } from 'ol/Feature.js';
import { toLonLat } from 'ol/proj.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import type { StyleFunction } from 'ol/style/Style.js';
import Style from 'ol/style/Style.js';
import { labelStyle } from './label_text.ts';
import { mix, type Palette } from './palette.ts';
import type { Surroundings } from './surroundings.ts';
import { zoomAt } from './zoom.ts';

/** What a feature of a background is, whichever schema the archive follows (our own, Protomaps, Shortbread, OpenMapTiles). */
type Kind = 'land' | 'water' | 'waterway' | 'boundary' | 'major' | 'middle' | 'minor' | 'building' | 'place' | 'green';

const kinds: Readonly<Record<string, Kind>> = {
  land: 'land',
  earth: 'land',
  water: 'water',
  ocean: 'water',
  water_polygons: 'water',
  water_lines: 'waterway',
  waterway: 'waterway',
  boundary: 'boundary',
  boundaries: 'boundary',
  roads: 'middle',
  streets: 'middle',
  transportation: 'middle',
  place: 'place',
  places: 'place',
  place_labels: 'place',
  buildings: 'building',
  building: 'building',
  landuse: 'green',
  landcover: 'green',
};
const major = new Set(['motorway', 'trunk', 'primary', 'highway']);
const middle = new Set(['secondary', 'tertiary', 'major_road', 'medium_road']);

function kindOf(feature: FeatureLike): Kind | undefined {
  const kind = kinds[String(feature.get('layer'))];
  if (kind === 'water' && feature.getGeometry()?.getType().endsWith('LineString')) return 'waterway';
  if (kind !== 'middle') return kind;
  const road = String(feature.get('kind') ?? feature.get('class') ?? '');
  if (major.has(road)) return 'major';
  return middle.has(road) ? 'middle' : 'minor';
}

/** Quiet shapes: neutrals only, no colour that a state has. */
function shapes(palette: Palette): Readonly<Record<Exclude<Kind, 'place'>, Style>> {
  const line = (color: string, width: number, lineDash?: number[]) =>
    new Style({ stroke: new Stroke({ color, width, lineJoin: 'round', ...(lineDash && { lineDash }) }) });
  const fill = (color: string) => new Style({ fill: new Fill({ color }) });
  const water = mix(palette.info, palette.map, 0.13);
  const road = (share: number) => mix(palette['ink-3'], palette.land, share);
  return {
    land: new Style({
      fill: new Fill({ color: palette.land }),
      stroke: new Stroke({ color: mix(palette.info, palette.map, 0.3), width: 0.75 }),
    }),
    green: fill(mix(palette.accent, palette.land, 0.04)),
    building: fill(mix(palette['ink-3'], palette.land, 0.1)),
    water: fill(water),
    waterway: line(mix(palette.info, palette.map, 0.22), 1.25),
    boundary: line(mix(palette['ink-3'], palette.land, 0.5), 1, [6, 3, 1, 3]),
    major: line(road(0.42), 2.5),
    middle: line(road(0.3), 1.5),
    minor: line(road(0.2), 0.75),
  };
}

/** The water around the land, which the sheet below the tiles shows. */
export function basemapGround(palette: Palette): string {
  return mix(palette.info, palette.map, 0.13);
}

function placeName(feature: FeatureLike, language: Surroundings['language']): string {
  const own = feature.get(`name_${language}`) ?? feature.get(`name:${language}`);
  return String(own ?? feature.get('name') ?? '');
}

/** The zoom from which there is room for a name: as the archive says, else cities from the start and towns later. */
function firstZoom(feature: FeatureLike, country: boolean, population: number): number {
  const said = feature.get('min_zoom');
  if (typeof said === 'number') return said;
  return country ? 0 : 4 + Math.log(4e6 / Math.max(1, population)) / Math.log(2.4);
}

/** Places that often share the name of the area around them. */
const small = /town|village|locality|suburb|hamlet/;

/** Whether a layer names its areas where a place lies: written there as well, one name would stand twice. */
function saysTwice(place: FeatureLike, zoom: number, named: Surroundings['named']): boolean {
  const [x = 0, y = 0] = place.getGeometry()?.getExtent() ?? [];
  const [lon = 0, lat = 0] = toLonLat([x, y]);
  return named.some(
    ({ from, bbox: [west, south, east, north] }) =>
      zoom >= from && lon >= west && lon <= east && lat >= south && lat <= north,
  );
}

/** The style of a vector background, read again in the colours of the theme of the moment. */
export function basemapStyle(surroundings: () => Surroundings): StyleFunction {
  let drawn: ReturnType<typeof shapes> | undefined;
  let places = new Map<string, Style>();
  let of: Surroundings['sheet'] | undefined;
  return (feature, resolution) => {
    const { sheet, language, named, scale } = surroundings();
    if (of !== sheet || !drawn) {
      drawn = shapes(sheet.palette);
      places = new Map();
      of = sheet;
    }
    const kind = kindOf(feature);
    if (kind !== 'place') return kind && drawn[kind];
    const zoom = zoomAt(resolution);
    const population = Number(feature.get('population') ?? 0);
    const what = String(feature.get('kind') ?? feature.get('class') ?? '');
    const country = /country/.test(what);
    const from = Math.round(firstZoom(feature, country, population));
    if (zoom < from || (small.test(what) && saysTwice(feature, zoom, named))) return undefined;
    const name = placeName(feature, language);
    const large = population > 500_000;
    const key = `${name}/${large}/${country}/${from}`;
    let style = places.get(key);
    if (!style) {
      const look = country
        ? { text: name.toUpperCase(), weight: 500, pixels: 11 }
        : { text: name, weight: large ? 500 : 400, pixels: large ? 13 : 12 };
      // Where two names meet, OpenLayers keeps the one of the higher index.
      style = labelStyle({ ...look, color: sheet.palette['ink-3'], zIndex: -from }, sheet.palette, scale);
      places.set(key, style);
    }
    return style;
  };
}
