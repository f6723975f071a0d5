import type { Kysely } from 'kysely';
import { createLayerTable } from '../server/database/layer_table.ts';

const weather = `('clear', 'partly_cloudy', 'cloudy', 'overcast', 'haze', 'smoke', 'fog', 'light_rain', 'rain', 'heavy_rain',
  'isolated_shower', 'thunderstorm', 'other')`;

/** Weather forecasts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLayerTable(db, {
    id: 'forecast',
    geometry: 'Point',
    columns: [
      'name text not null check (char_length(name) <= 200)',
      'district_name text check (char_length(district_name) <= 200)',
      `outlook text generated always as (case
        when rain_24h_mm >= 150 then 'extreme'
        when rain_24h_mm >= 100 then 'very_heavy'
        when rain_24h_mm >= 50 then 'heavy'
        when rain_24h_mm >= 20 then 'moderate'
        when rain_24h_mm >= 0.5 then 'light'
        when rain_24h_mm >= 0 then 'dry' end) stored`,
      'rain_24h_mm double precision check (rain_24h_mm between 0 and 10000)',
      'rain_3h_mm double precision check (rain_3h_mm between 0 and 2000)',
      'temperature_c double precision check (temperature_c between -30 and 60)',
      'humidity_percent double precision check (humidity_percent between 0 and 100)',
      'wind_km_h double precision check (wind_km_h between 0 and 500)',
      'wind_from_deg double precision check (wind_from_deg between 0 and 360)',
      'cloud_percent double precision check (cloud_percent between 0 and 100)',
      `weather text check (weather in ${weather})`,
      'weather_text text check (char_length(weather_text) <= 200)',
      `weather_next text check (weather_next in ${weather})`,
      'next_at timestamptz check (isfinite(next_at))',
      'until timestamptz check (isfinite(until))',
      'steps text check (char_length(steps) <= 20000)',
    ],
    indexes: ['using gin (district_name gin_trgm_ops)', '(next_at)'],
  });
}
