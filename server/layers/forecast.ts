import { z } from 'zod';
import { type Attribute, choice, instant, quantity, records, text } from '../registry/attribute.ts';
import { layer, rulesByChoice } from '../registry/layer.ts';

/** BMKG's classes of rain in a day, mm. A forecast warns of nothing: that is `weather_warning`. */
const outlook = {
  extreme: { id: 'Hujan ekstrem (150 mm ke atas)', en: 'Extreme rain (150 mm and more)', severity: 'warning' },
  very_heavy: {
    id: 'Hujan sangat lebat (100 sampai 150 mm)',
    en: 'Very heavy rain (100 to 150 mm)',
    severity: 'warning',
  },
  heavy: { id: 'Hujan lebat (50 sampai 100 mm)', en: 'Heavy rain (50 to 100 mm)', severity: 'advisory' },
  moderate: { id: 'Hujan sedang (20 sampai 50 mm)', en: 'Moderate rain (20 to 50 mm)', severity: 'normal' },
  light: { id: 'Hujan ringan (0,5 sampai 20 mm)', en: 'Light rain (0.5 to 20 mm)', severity: 'normal' },
  dry: { id: 'Tanpa hujan berarti', en: 'No rain to speak of', severity: 'normal' },
} as const;

const weather = {
  clear: { id: 'Cerah', en: 'Sunny' },
  partly_cloudy: { id: 'Cerah berawan', en: 'Partly cloudy' },
  cloudy: { id: 'Berawan', en: 'Mostly cloudy' },
  overcast: { id: 'Berawan tebal', en: 'Overcast' },
  haze: { id: 'Udara kabur', en: 'Haze' },
  smoke: { id: 'Asap', en: 'Smoke' },
  fog: { id: 'Kabut', en: 'Fog' },
  light_rain: { id: 'Hujan ringan', en: 'Light rain' },
  rain: { id: 'Hujan sedang', en: 'Moderate rain' },
  heavy_rain: { id: 'Hujan lebat', en: 'Heavy rain' },
  isolated_shower: { id: 'Hujan lokal', en: 'Isolated shower' },
  thunderstorm: { id: 'Hujan petir', en: 'Thunderstorm' },
  other: { id: 'Lainnya', en: 'Other' },
} as const;

/** The keys of the vocabulary, for the feed that brings it. */
export type Weather = keyof typeof weather;

/** One step of the forecast; `server/ingest/feeds/forecast_steps.ts` writes them. */
const step: Readonly<Record<string, Attribute>> = {
  at: { kind: 'instant', title: { id: 'Waktu', en: 'Time' } },
  weather: { kind: 'choice', title: { id: 'Cuaca', en: 'Weather' }, choices: weather },
  rain: { kind: 'number', title: { id: 'Hujan', en: 'Rain' }, unit: 'mm' },
  temperature: { kind: 'number', title: { id: 'Suhu', en: 'Temp.' }, unit: 'Cel' },
  humidity: { kind: 'number', title: { id: 'Lembap', en: 'Humid.' }, unit: '%' },
  wind: { kind: 'number', title: { id: 'Angin', en: 'Wind' }, unit: 'km/h' },
};

/**
 * What the weather of a village will be, by the three-hourly steps of BMKG. `observed_at` is the analysis: there is one
 * every 12 hours, so a forecast ages when the next is due and is stale when that was missed.
 */
export default layer({
  id: 'forecast',
  group: 'disaster',
  geometry: 'Point',
  icon: 'rain',
  title: { id: 'Prakiraan cuaca', en: 'Weather forecast' },
  attributes: z.object({
    name: text({ id: 'Desa/kelurahan', en: 'Village' }, { required: true }),
    district_name: text({ id: 'Kecamatan', en: 'District' }),
    outlook: choice({ id: 'Hujan 24 jam ke depan', en: 'Rain of the next 24 hours' }, outlook, { derived: true }),
    rain_24h_mm: quantity({ id: 'Hujan 24 jam ke depan', en: 'Rain, next 24 h' }, 'mm', { min: 0, max: 10_000 }),
    rain_3h_mm: quantity({ id: 'Hujan 3 jam ke depan', en: 'Rain, next 3 h' }, 'mm', { min: 0, max: 2000 }),
    temperature_c: quantity({ id: 'Suhu', en: 'Temperature' }, 'Cel', { min: -30, max: 60 }),
    humidity_percent: quantity({ id: 'Kelembapan', en: 'Humidity' }, '%', { min: 0, max: 100 }),
    wind_km_h: quantity({ id: 'Angin', en: 'Wind' }, 'km/h', { min: 0, max: 500 }),
    wind_from_deg: quantity({ id: 'Angin dari arah', en: 'Wind from' }, 'deg', { min: 0, max: 360 }),
    cloud_percent: quantity({ id: 'Tutupan awan', en: 'Cloud cover' }, '%', { min: 0, max: 100 }),
    weather: choice({ id: 'Cuaca kini', en: 'Weather now' }, weather),
    weather_text: text({ id: 'Cuaca menurut BMKG', en: 'In the words of BMKG' }),
    weather_next: choice({ id: 'Cuaca berikutnya', en: 'Weather next' }, weather),
    next_at: instant({ id: 'Berikutnya mulai', en: 'Next begins' }),
    until: instant({ id: 'Prakiraan sampai', en: 'Forecast until' }),
    steps: records({ id: 'Langkah prakiraan', en: 'Steps of the forecast' }, step, 20_000),
  }),
  name: 'name',
  state: 'outlook',
  valueLabel: 'rain_24h_mm',
  search: ['district_name'],
  fullZoom: 10,
  below: 'cluster',
  tile: ['name', 'outlook', 'rain_24h_mm', 'weather', 'temperature_c', 'observed_at'],
  style: rulesByChoice('outlook', outlook),
  visible: { default: 'all' },
  staleAfterMinutes: 24 * 60,
});
