import { random } from '../../random.ts';
import type { Seeded } from '../../row.ts';
import { minuteMs } from '../../simulator/incidents.ts';
import type { Lived, PastObservation } from './past.ts';

const hours = 72;
const everyMinutes = 20;

/** Three days of free beds: of each class a walk back from what the row shows now, and between none and all of them. */
export function hospital(rows: readonly Seeded[]): Lived[] {
  return rows.map((seeded): Lived => {
    const { row } = seeded;
    const { code, observed_at: last } = row;
    if (code === null || !(last instanceof Date)) return { seeded, past: [] };
    const chance = random(`past ${code}`);
    const number = (key: string) => (typeof row[key] === 'number' ? row[key] : null);
    const classes = Object.keys(row).flatMap((key) => {
      const free = key.endsWith('_free') ? number(key) : null;
      return free === null ? [] : [{ key, free, total: number(key.replace('_free', '_total')) ?? free }];
    });
    let queue = number('queue') ?? 0;
    const past: PastObservation[] = [];
    for (let step = 0; step <= (hours * 60) / everyMinutes; step++) {
      const frees = Object.fromEntries(classes.map(({ key, free }) => [key, free]));
      const beds_free = classes.reduce((sum, { free }) => sum + free, 0);
      past.push({
        observed_at: new Date(last.getTime() - step * everyMinutes * minuteMs),
        values: { beds_free, queue, facility_status: String(row.facility_status), ...frees },
      });
      for (const each of classes) {
        const moved = each.free + Math.round(chance.normal(0, 0.4 + each.total * 0.015));
        each.free = Math.min(each.total, Math.max(0, moved));
      }
      queue = Math.min(12, Math.max(0, queue + chance.integer(-1, 1)));
    }
    return { seeded, past: past.reverse() };
  });
}
