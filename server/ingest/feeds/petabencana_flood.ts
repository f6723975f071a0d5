import { checkGeometry } from '../import/geometry_check.ts';
import { isObject, type JsonObject } from '../import/row.ts';
import { clipped, type Feed, type FeedFault, type FeedRecord } from '../pull/feed.ts';
import { featuresOf, keyOf, momentOf, propertiesOf, textOf } from './petabencana.ts';

/** 1 is "unknown", not the least. */
const depths: Readonly<Record<string, string>> = {
  '1': 'unknown',
  '2': '10_to_70_cm',
  '3': '71_to_150_cm',
  '4': 'over_150_cm',
};

/**
 * Flooded neighbourhoods (RW) of Jakarta from PetaBencana, a picture of the whole each time: what is missing has ended.
 * GeoJSON is asked for because the TopoJSON of the default is rounded.
 */
export const petabencana_flood: Feed = {
  id: 'petabencana_flood',
  title: { id: 'Genangan, PetaBencana', en: 'Flooded areas, PetaBencana' },
  attribution: 'PetaBencana.id',
  layer: 'flood_area',
  everyMinutes: 10,
  urls: ['https://api.petabencana.id/floods?admin=ID-JK&minimum_state=1&geoformat=geojson'],
  within: 'region',
  parse({ bytes }) {
    const records: FeedRecord[] = [];
    const faults: FeedFault[] = [];
    const present: string[] = [];
    let nameless = false;
    for (const feature of featuresOf(bytes)) {
      const properties = propertiesOf(feature);
      const id = properties.geom_id ?? properties.area_id;
      const key = keyOf(id) ?? null;
      // The service lists all areas when no least state is asked for: these are dry.
      if (key !== null && (properties.state === null || properties.state === 0)) continue;
      const result = key === null ? 'has no geom_id' : areaOf(key, String(id), feature, properties);
      if (key === null) nameless = true;
      else present.push(key);
      if (typeof result === 'string') faults.push({ key, reason: result, record: properties });
      else records.push(result);
    }
    // One without a name may be any of those that seem to be missing.
    return { records, faults, ...(!nameless && { present }) };
  },
};

function areaOf(key: string, id: string, feature: unknown, properties: JsonObject): FeedRecord | string {
  const depth = depths[String(properties.state)];
  if (depth === undefined) return `state ${JSON.stringify(properties.state)?.slice(0, 40)} is none of 1 to 4`;
  // `changed` in the archive, `last_updated` in the service.
  const at = momentOf(properties.last_updated ?? properties.changed);
  if (typeof at !== 'string') return at.fault;
  const geometry = checkGeometry(isObject(feature) ? feature.geometry : undefined, () => {});
  if (typeof geometry === 'string') return geometry;
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return `a ${geometry.type}, not an area`;
  const name = textOf(properties.area_name);
  return {
    key,
    observedAt: at,
    values: {
      name: clipped(name ?? `RW ${id}`, 200),
      depth,
      parent_name: clipped(textOf(properties.parent_name), 200),
      city_name: clipped(textOf(properties.city_name), 200),
    },
    place: { shapes: [geometry], circles: [] },
  };
}
