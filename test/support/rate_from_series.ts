import { sql } from 'kysely';
import type { Connection } from '../../server/database/connect.ts';

const minuteMs = 60_000;
const stepMs = 10 * minuteMs;

/** A gauge's rate of rise, cm/h, by another way than the server's: from all that is stored, straight from what the documentation says. */
export async function rateFromSeries(db: Connection['db'], code: string): Promise<number | null> {
  const { rows } = await sql<{ at: number; value: number; bad: boolean }>`
    select extract(epoch from there.observed_at)::float8 * 1000 as at, there.level_cm as value,
      coalesce(there.quality in ('suspect', 'bad'), false) as bad
    from river_gauge_series as there join river_gauge as of on of.id = feature
    where of.code = ${code} and there.observed_at <= of.observed_at order by there.observed_at`.execute(db);
  const trusted = rows.filter(({ bad }) => !bad);
  const end = trusted.at(-1)?.at ?? 0;
  const first = new Map<number, { at: number; value: number }>();
  for (const reading of trusted) {
    const step = Math.floor(reading.at / stepMs);
    if (step >= Math.floor(end / stepMs) - 6 && !first.has(step)) first.set(step, reading);
  }
  const points = [...first.values()];
  if (points.length < 4 || points.at(-1)!.at - points[0]!.at < 30 * minuteMs) return null;
  const slopes: number[] = [];
  for (const a of points)
    for (const b of points) if (b.at > a.at) slopes.push(((b.value - a.value) / (b.at - a.at)) * 3_600_000);
  slopes.sort((a, b) => a - b);
  const half = slopes.length / 2;
  const median = Number.isInteger(half) ? (slopes[half - 1]! + slopes[half]!) / 2 : slopes[Math.floor(half)]!;
  const rate = Math.round(median * 10) / 10;
  return Math.abs(rate) > 3000 ? null : rate + 0;
}
