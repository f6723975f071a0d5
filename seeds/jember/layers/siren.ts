import { isSilent } from '../../fate.ts';
import { toDegrees } from '../../plane.ts';
import { type Generator, minutesBefore, numbered, padded, simulated } from '../../row.ts';
import { along } from '../along.ts';

const day = 24 * 60;

/** Sirens down the rivers where people live, and along the coast. */
export const siren: Generator = function* ({ region, chance, count, now }) {
  const wanted = count(80, 20);
  const total = region.rivers.reduce((sum, { lengthKm }) => sum + lengthKm, 0);
  const nameOf = numbered();
  let made = 0;
  for (const { name, line, lengthKm } of region.rivers) {
    const here = Math.max(2, Math.round((wanted * lengthKm) / total));
    for (let i = 0; i < here; i++) {
      const position = toDegrees(along(line, lengthKm * (0.25 + (0.72 * i) / here), 0.15));
      const area = region.boundaries.villageAt(position);
      if (area === undefined) continue;
      const code = `SRN-${padded(++made, 3)}`;
      const reported = isSilent('siren', code) ? 'unknown' : chance.weighted({ idle: 96, fault: 4 });
      const confirms = chance.chance(0.8);
      yield simulated(position, {
        code,
        name: nameOf(`Sirene ${name} – ${region.village(area).name}`),
        reported,
        commanded: 'idle',
        verified: confirms && reported === 'idle' ? 'verified' : 'unknown',
        confirms,
        pattern: 'wail',
        seconds: 180,
        sound_level_db: 118,
        reach_m: chance.pick([800, 1000, 1500]),
        last_test: minutesBefore(now, chance.integer(3, 60) * day),
        last_quiet_test: minutesBefore(now, chance.integer(1, 14) * day),
        test_due: minutesBefore(now, -chance.integer(-5, 30) * day),
        battery_percent: chance.integer(60, 100),
        protocol: confirms ? 'simulator' : 'relay',
        observed_at: minutesBefore(now, reported === 'unknown' ? chance.integer(60, 3000) : chance.next() * 2),
        agency: 'BPBD',
        area_code: area,
      });
    }
  }
};
