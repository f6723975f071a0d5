import { fate } from '../../fate.ts';
import { random } from '../../random.ts';
import type { Seeded } from '../../row.ts';
import type { City } from '../../simulator/city.ts';
import { minuteMs } from '../../simulator/incidents.ts';
import { expectedLevels } from '../../simulator/layers/river_gauge.ts';
import { type Lived, type PastObservation, thingOf } from './past.ts';

const hours = 72;
/** Telemetry and staff; every second reading of the one that simulates. */
const everyMinutes = { telemetry: 10, manual: 60 } as const;
/** Minutes in which two thirds of the difference came about between what the rain explains and what the row shows. */
const residueMinutes = 150;
const suspectShare = 0.004;

/** Three days of levels: waves of rain that come down the rivers, and lead to what each gauge shows now. */
export function river_gauge(rows: readonly Seeded[], city: City): Lived[] {
  const things = rows.flatMap((row) => thingOf(row) ?? []);
  const expected = expectedLevels(things, city);
  return rows.map((seeded): Lived => {
    const { code, level_cm: level, observed_at: last, method } = seeded.row;
    const levelAt = code === null ? undefined : expected.get(code);
    if (!levelAt || code === null || typeof level !== 'number' || !(last instanceof Date)) return { seeded, past: [] };
    const end = last.getTime();
    const step = everyMinutes[method === 'manual' ? 'manual' : 'telemetry'] * minuteMs;
    const residue = level - levelAt(end);
    const chance = random(`past ${code}`);
    const silence = outage(code, end);
    const past: PastObservation[] = [];
    for (let at = end - Math.floor((hours * 60 * minuteMs) / step) * step; at < end; at += step) {
      if (at >= silence.from && at < silence.to) continue;
      const true_cm = levelAt(at) + residue * Math.exp((at - end) / minuteMs / residueMinutes);
      const isSuspect = chance.chance(suspectShare);
      past.push({
        observed_at: new Date(at),
        values: {
          level_cm: isSuspect ? 6000 : Math.round(Math.min(4900, Math.max(-900, true_cm))),
          quality: isSuspect ? 'suspect' : 'good',
        },
      });
    }
    past.push({ observed_at: last, values: { level_cm: level, quality: String(seeded.row.quality ?? 'good') } });
    return { seeded, past };
  });
}

/** Some gauges were not heard for some hours: a chart has gaps. */
function outage(code: string, end: number): { readonly from: number; readonly to: number } {
  const share = fate(code, 'outage');
  if (share > 0.2) return { from: 0, to: 0 };
  const from = end - (4 + share * 200) * 60 * minuteMs;
  return { from, to: from + (1.5 + share * 15) * 60 * minuteMs };
}
