import { sql } from 'kysely';
import type { Weather } from '../../layers/forecast.ts';
import { type AreaLayer, areaLayers } from '../../registry/areas.ts';
import { isObject, type JsonObject } from '../import/row.ts';
import { parseJson } from '../json_text.ts';
import { moment } from '../observation.ts';
import { clipped, type Feed, type FeedFault } from '../pull/feed.ts';
import { forecastAt, type Step } from './forecast_steps.ts';

const address = 'https://api.bmkg.go.id/publik/prakiraan-cuaca';
const [village, district] = areaLayers;
const villageCode = /^\d{2}\.\d{2}\.\d{2}\.\d{4}$/;

/**
 * Weather forecasts of villages from BMKG, one request each: by default one village a district (`FORECAST_AREAS`), since
 * 60 requests a minute are allowed and neighbours have the same weather. Each is asked for again after three hours.
 */
export const bmkg_forecast: Feed = {
  id: 'bmkg_forecast',
  title: { id: 'Prakiraan cuaca BMKG', en: 'Weather forecast, BMKG' },
  attribution: 'BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)',
  layer: 'forecast',
  everyMinutes: 10,
  refreshMinutes: 180,
  urls: [address],
  async addresses(db, { FORECAST_AREAS: areas }, [base = address]) {
    const codes = areas === district || areas === village ? await villageCodes(db, areas) : areas;
    if (codes.length === 0) throw new Error('there is no village to ask for: import their boundaries');
    return codes.map((code) => `${base}?adm4=${code}`);
  },
  replaces: true,
  within: 'anywhere', // who asks for a village beyond the region wants it
  parse({ bytes }) {
    const parsed = parseJson(new TextDecoder().decode(bytes));
    if ('fault' in parsed) throw new Error(parsed.fault);
    const { value } = parsed;
    const data = isObject(value) && Array.isArray(value.data) ? value.data[0] : undefined;
    if (!isObject(value) || !isObject(data) || !Array.isArray(data.cuaca)) throw new Error('has no data[0].cuaca');
    const place = isObject(data.lokasi) ? data.lokasi : isObject(value.lokasi) ? value.lokasi : {};
    const key = text(place.adm4);
    if (key === undefined || !villageCode.test(key)) throw new Error('lokasi.adm4 is not the code of a village');
    const faults: FeedFault[] = [];
    const steps = new Map<string, Step>();
    let analysis: number | undefined;
    // A list of days, each a list of steps.
    const entries: readonly unknown[] = data.cuaca.flat();
    for (const entry of entries) {
      const step = isObject(entry) ? stepOf(entry) : 'not an object';
      if (typeof step === 'string') {
        faults.push({ key, reason: step, record: entry });
        continue;
      }
      steps.set(step.at, step);
      const at = isObject(entry) ? naiveUtc(entry.analysis_date) : undefined;
      if (at !== undefined && at > (analysis ?? 0)) analysis = at;
    }
    const ordered = [...steps.values()].sort((a, b) => a.at.localeCompare(b.at));
    const [lon, lat] = [place.lon, place.lat];
    if (ordered.length === 0) return { records: [], faults: [...faults, { key, reason: 'has no step' }] };
    if (analysis === undefined) return { records: [], faults: [...faults, { key, reason: 'has no analysis_date' }] };
    const isPlace = typeof lon === 'number' && typeof lat === 'number' && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
    if (!isPlace) faults.push({ key, reason: 'lon, lat are not a place', record: place });
    const record = {
      key,
      observedAt: new Date(analysis).toISOString(),
      values: {
        // Both spellings are about.
        name: clipped(text(place.desa) ?? text(place.deskel) ?? key, 200),
        district_name: clipped(text(place.kecamatan), 200),
        ...forecastAt(ordered, Date.now()),
        steps: JSON.stringify(ordered),
      },
      place: isPlace ? { lon, lat } : null,
    };
    return { records: [record], faults };
  },
  async advance(trx) {
    const { rows } = await sql<{ id: number; steps: string }>`
      select id, steps from forecast where steps is not null and source = ${`feed:${bmkg_forecast.id}`}
        and (next_at <= now() or until <= now() and weather is not null)`.execute(trx);
    for (const { id, steps } of rows) {
      const set = Object.entries(forecastAt(JSON.parse(steps), Date.now())).map(
        ([column, value]) => sql`${sql.ref(column)} = ${value}`,
      );
      await sql`update forecast set ${sql.join(set)} where id = ${id}`.execute(trx);
    }
  },
};

/** All villages, or of each district the one that bears its name, else a kelurahan: where most of its people live. */
async function villageCodes(db: Parameters<NonNullable<Feed['addresses']>>[0], areas: AreaLayer) {
  const { rows } = await sql<{ code: string }>`
    select distinct on (${areas === village ? sql`village.code` : sql`district_code`}) village.code
    from ${sql.table(village)} as village left join ${sql.table(district)} as district on district.code = district_code
    where village.code ~ ${villageCode.source}
    order by ${areas === village ? sql`village.code` : sql`district_code`},
      (village.name is not distinct from district.name) desc, (kind is not distinct from 'kelurahan') desc, village.code`.execute(
    db,
  );
  return rows.map(({ code }) => code);
}

function stepOf(entry: JsonObject): Step | string {
  const at = moment(entry.datetime);
  if (typeof at === 'string') return `datetime ${at}`;
  const said = text(entry.weather_desc);
  const [rain, temperature, humidity, wind, from, cloud] = [
    number(entry.tp, 0, 1000),
    number(entry.t, -30, 60),
    number(entry.hu, 0, 100),
    number(entry.ws, 0, 500),
    number(entry.wd_deg, 0, 360),
    number(entry.tcc, 0, 100),
  ];
  for (const [name, value] of Object.entries({ tp: rain, t: temperature, hu: humidity, ws: wind }))
    if (value === undefined) return `${name} is not a number within its limits`;
  return {
    at: new Date(at).toISOString(),
    weather: weatherOf(said ?? text(entry.weather_desc_en)),
    rain: rain ?? null,
    temperature: temperature ?? null,
    humidity: humidity ?? null,
    wind: wind ?? null,
    from: from ?? null,
    cloud: cloud ?? null,
    text: clipped(said, 200),
  };
}

/** Its words, in either language, from the particular to the general; the numbers of BMKG differ from one list to the next. */
const words: readonly (readonly [RegExp, Weather])[] = [
  [/petir|thunder/i, 'thunderstorm'],
  [/hujan (sangat )?lebat|heavy/i, 'heavy_rain'],
  [/hujan lokal|isolated/i, 'isolated_shower'],
  [/hujan ringan|light rain|gerimis|drizzle/i, 'light_rain'],
  [/hujan|rain/i, 'rain'],
  [/asap|smoke/i, 'smoke'],
  [/kabut|fog|mist/i, 'fog'],
  [/kabur|haze/i, 'haze'],
  [/tebal|overcast/i, 'overcast'],
  [/cerah berawan|partly/i, 'partly_cloudy'],
  [/berawan|cloudy/i, 'cloudy'],
  [/cerah|sunny|clear/i, 'clear'],
];

function weatherOf(said: string | undefined): Weather | null {
  if (said === undefined) return null;
  return words.find(([pattern]) => pattern.test(said))?.[1] ?? 'other';
}

/** A number within its limits; null where none is given, undefined where it is something else. */
function number(value: unknown, min: number, max: number): number | null | undefined {
  if (value === null || value === undefined) return null;
  return typeof value === 'number' && value >= min && value <= max ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** `analysis_date` is UTC and does not say so. */
function naiveUtc(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const at = moment(/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value.replace(' ', 'T')}Z`);
  return typeof at === 'number' ? at : undefined;
}
