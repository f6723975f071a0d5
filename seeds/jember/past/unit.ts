import type { Seeded } from '../../row.ts';
import type { City } from '../../simulator/city.ts';
import { unit as drives } from '../../simulator/layers/unit.ts';
import { type Lived, type PastObservation, thingOf } from './past.ts';

const hours = 2;
const stepMs = 20_000;

/** Two hours of driving along the roads: the rows are where it began, and become what it led to. */
export function unit(rows: readonly Seeded[], city: City, now: Date): Lived[] {
  const report = drives(
    rows.flatMap((row) => thingOf(row) ?? []),
    city,
  );
  const seen = new Map(
    rows.map(({ row }) => [row.code, { state: row.state, task: row.task, past: [] as PastObservation[] }]),
  );
  const end = now.getTime();
  for (let at = end - hours * 3_600_000; at <= end; at += stepMs) {
    for (const { code, observed_at: time, lon, lat, speed_km_h, course_deg, ...said } of report({
      wall: at,
      city: at,
    })) {
      const known = seen.get(code);
      if (!known) continue;
      if (said.state !== undefined) [known.state, known.task] = [said.state, said.task ?? null];
      const number = (value: unknown) => (typeof value === 'number' ? value : null);
      known.past.push({
        observed_at: new Date(time),
        values: {
          ...{ lon: number(lon), lat: number(lat), speed_km_h: number(speed_km_h), course_deg: number(course_deg) },
          state: String(known.state),
        },
      });
    }
  }
  return rows.map((seeded): Lived => {
    const { past, state, task } = seen.get(seeded.row.code) ?? { past: [] };
    const last = past.at(-1);
    if (!last) return { seeded, past: [] };
    const { lon, lat, speed_km_h: speed = null, course_deg: course } = last.values;
    return {
      seeded: {
        row: {
          ...seeded.row,
          ...{ state: state ?? null, task: task ?? null, speed_km_h: speed },
          course_deg: course ?? seeded.row.course_deg ?? null,
          observed_at: last.observed_at,
        },
        geometry: { type: 'Point', coordinates: [Number(lon), Number(lat)] },
      },
      past,
    };
  });
}
