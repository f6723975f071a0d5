import { random } from '../../random.ts';
import { type Behaviour, goesOn, isDark, numberOf, type Observation, written } from '../city.ts';
import { pacer } from '../pacer.ts';

const classes = ['vvip', 'class1', 'class2', 'class3', 'icu', 'nicu', 'picu', 'isolation'] as const;

/** Shares of beds that are free once things have settled: on an ordinary day, and while people are brought in. */
const freeShare = { ordinary: 0.15, emergency: 0.03 };

/** Hospitals that tell every 20 minutes of the city which beds are free; each class moves by itself, and fills in an emergency. */
export const hospital: Behaviour = (things, city) => {
  const chance = random(`${city.seed} hospital`);
  const due = pacer(things, { seconds: () => Math.max(1, 1200 / Math.max(1, city.speed)), withinSeconds: 60 });
  const beds = things.map((thing) => ({
    thing,
    status: thing.values.facility_status,
    queue: numberOf(thing, 'queue') ?? 0,
    classes: classes.flatMap((name) => {
      const total = numberOf(thing, `${name}_total`) ?? 0;
      return total > 0
        ? [
            {
              name,
              total,
              free: Math.min(total, numberOf(thing, `${name}_free`) ?? 0),
              used: numberOf(thing, `${name}_used`),
            },
          ]
        : [];
    }),
  }));
  return (moment) => {
    const now = due(moment.wall);
    const isEmergency = goesOn(city, 'emergency', moment.city);
    const settled = isEmergency ? freeShare.emergency : freeShare.ordinary;
    return beds.flatMap((each): Observation[] => {
      if (!now.has(each.thing.code)) return [];
      const observed_at = written(moment);
      const told: Record<string, string | number> = {};
      for (const one of each.classes) {
        // Below that more leave than come.
        const drift = (one.free / one.total < settled ? 0.4 : -0.4) * (isEmergency ? 2 : 1);
        const step = Math.round(chance.normal(drift, 0.6 + one.total * 0.02));
        const free = Math.min(one.total, Math.max(0, one.free + step));
        // What is neither, or both, stays so: beds that are cleaned, extra ones.
        if (one.used !== undefined) {
          one.used = Math.max(0, one.used + one.free - free);
          told[`${one.name}_used`] = one.used;
        }
        one.free = free;
        told[`${one.name}_free`] = one.free;
        told[`${one.name}_at`] = observed_at;
      }
      each.queue = Math.min(40, Math.max(0, each.queue + chance.integer(-1, isEmergency ? 2 : 1)));
      const isCut = isDark(city, each.thing.position, moment.city);
      // Only what is ours: who closed or evacuates a hospital says so himself.
      const ours = each.status === 'normal' || each.status === 'compromised';
      const status = isCut ? 'compromised' : 'normal';
      const changed = ours && each.status !== status;
      if (changed) each.status = status;
      return [
        { code: each.thing.code, observed_at, queue: each.queue, ...told, ...(changed && { facility_status: status }) },
      ];
    });
  };
};
