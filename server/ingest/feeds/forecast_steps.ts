import type { Weather } from '../../layers/forecast.ts';
import type { Value } from '../observation.ts';

/** One step of a forecast: what holds from `at` (RFC 3339 in UTC) until the next one. Null is what was not said. */
export interface Step {
  readonly at: string;
  readonly weather: Weather | null;
  readonly rain: number | null;
  readonly temperature: number | null;
  readonly humidity: number | null;
  readonly wind: number | null;
  /** Not in the table of the inspector, but on the row while the step holds. */
  readonly from?: number | null;
  readonly cloud?: number | null;
  readonly text?: string | null;
}

const hourMs = 3_600_000;
const stepMs = 3 * hourMs;
const dayMs = 24 * hourMs;

/**
 * What a forecast says at a moment (milliseconds since 1970), by attribute of the layer `forecast`: the step that holds, the
 * one after it, and the rain to come. The rain of 24 hours is told only where the steps cover them all: less than is to
 * come would look like good news. Everything is null when the forecast is over.
 */
export function forecastAt(steps: readonly Step[], now: number): Readonly<Record<string, Value>> {
  const starts = steps.map(({ at }) => Date.parse(at));
  // The first step begins some hours after the analysis: what comes soon is the best that is known of now.
  const last = starts.findLastIndex((start) => start <= now);
  const index = last >= 0 ? last : (starts[0] ?? Number.POSITIVE_INFINITY) - now <= stepMs ? 0 : -1;
  const present = index < 0 || (starts[index] ?? 0) + stepMs <= now ? undefined : steps[index];
  const next = present ? steps[index + 1] : steps[last + 1];
  const end = starts.at(-1);
  return {
    weather: present?.weather ?? null,
    weather_text: present?.text ?? null,
    weather_next: next?.weather ?? null,
    next_at: next?.at ?? null,
    rain_3h_mm: present?.rain ?? null,
    rain_24h_mm: present ? rainOfDay(steps.slice(index), Math.max(now, starts[index] ?? now)) : null,
    temperature_c: present?.temperature ?? null,
    humidity_percent: present?.humidity ?? null,
    wind_km_h: present?.wind ?? null,
    wind_from_deg: present?.from ?? null,
    cloud_percent: present?.cloud ?? null,
    until: end === undefined ? null : new Date(end + stepMs).toISOString(),
  };
}

/** The rain of the 24 hours from a moment; of the first step only what is left of it. */
function rainOfDay(steps: readonly Step[], from: number): number | null {
  let sum = 0;
  let covered = from;
  for (const { at, rain } of steps) {
    const start = Math.max(from, Date.parse(at));
    const end = Math.min(Date.parse(at) + stepMs, from + dayMs);
    if (start > covered || rain === null) break;
    sum += (rain * Math.max(0, end - start)) / stepMs;
    covered = Math.max(covered, end);
    if (covered >= from + dayMs) return Math.round(sum * 10) / 10;
  }
  return null;
}
