import { hash } from 'node:crypto';
import { isObject, type JsonObject } from '../import/row.ts';
import { clipped, type Feed, type FeedFault, type FeedRecord } from '../pull/feed.ts';
import { featuresOf, keyOf, momentOf, propertiesOf, textOf } from './petabencana.ts';
import { withoutPersons } from './without_persons.ts';

/**
 * Floods that people saw and told PetaBencana of, a picture of the last 24 hours each time: what is missing has ended.
 * Who they are is none of our business: names, numbers and addresses of persons go before anything is kept.
 */
export const petabencana_report: Feed = {
  id: 'petabencana_report',
  title: { id: 'Laporan banjir warga, PetaBencana', en: 'Flood reports, PetaBencana' },
  attribution: 'PetaBencana.id',
  layer: 'flood_report',
  everyMinutes: 5,
  mostPauseMinutes: 20,
  urls: ['https://api.petabencana.id/reports?disaster=flood&timeperiod=86400&geoformat=geojson'],
  within: 'region',
  parse({ bytes }) {
    const records: FeedRecord[] = [];
    const faults: FeedFault[] = [];
    const present: string[] = [];
    let nameless = false;
    for (const feature of featuresOf(bytes)) {
      const properties = propertiesOf(feature);
      const disaster = textOf(properties.disaster_type);
      if (disaster !== undefined && disaster !== 'flood') continue;
      const result = isObject(feature) ? reportOf(feature, properties) : { key: null, reason: 'not an object' };
      if ('observedAt' in result) records.push(result);
      else faults.push({ ...result, record: publicPart(properties) });
      if (result.key === null) nameless = true;
      else present.push(result.key);
    }
    // One without a name may be any of those that seem to be missing.
    return { records, faults, ...(!nameless && { present }) };
  },
  kept({ bytes }) {
    const features = featuresOf(bytes).map((feature) =>
      isObject(feature) && isObject(feature.properties)
        ? { ...feature, properties: publicPart(feature.properties) }
        : feature,
    );
    return new TextEncoder().encode(JSON.stringify({ type: 'FeatureCollection', features }));
  },
};

const kept = ['pkey', 'created_at', 'source', 'status', 'image_url', 'disaster_type', 'report_data', 'tags'];

/** The members of a report that tell of the flood; `url` and whatever else may be there lead to the one who wrote it. */
function publicPart(properties: JsonObject): JsonObject {
  const part = Object.entries(properties).filter(([name]) => kept.includes(name));
  const words = ['title', 'text'].map((name) => [name, withoutPersons(textOf(properties[name]) ?? '')]);
  return Object.fromEntries([...part, ...words]);
}

function reportOf(feature: JsonObject, properties: JsonObject): FeedRecord | FeedFault {
  const { geometry } = feature;
  const [lon, lat] = isObject(geometry) && Array.isArray(geometry.coordinates) ? geometry.coordinates : [];
  const isPlace = isObject(geometry) && geometry.type === 'Point' && isDegrees(lon, 180) && isDegrees(lat, 90);
  const at = momentOf(properties.created_at);
  // The archive has no ids, and two people may report from one place in one minute.
  const told = hash('sha256', JSON.stringify([properties.source, properties.title, properties.text])).slice(0, 8);
  const made = isPlace && typeof at === 'string' ? `${at}:${lon},${lat}:${told}` : null;
  const key = keyOf(properties.pkey) ?? (made && `petabencana:${made}`);
  if (typeof at !== 'string') return { key, reason: `created_at: ${at.fault}` };
  if (key === null || !isPlace) return { key, reason: 'is not a point' };
  const data = isObject(properties.report_data) ? properties.report_data : {};
  const depth = data.flood_depth;
  if (depth !== undefined && depth !== null && typeof depth !== 'number')
    return { key, reason: 'flood_depth is not a number' };
  const report = withoutPersons(textOf(properties.text) ?? '');
  const title = withoutPersons(textOf(properties.title) ?? '');
  const photo = textOf(properties.image_url);
  return {
    key,
    observedAt: at,
    values: {
      name: clipped(title || report.split('\n')[0] || 'Laporan banjir', 120),
      depth_cm: depth ?? null,
      report: clipped(report || undefined, 2000),
      channel: clipped(textOf(properties.source), 60),
      photo: photo !== undefined && /^https?:\/\/\S{1,480}$/.test(photo) ? photo : null,
    },
    place: { lon, lat },
  };
}

function isDegrees(value: unknown, most: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= most;
}
