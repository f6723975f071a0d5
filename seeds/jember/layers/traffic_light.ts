import { isSilent } from '../../fate.ts';
import { toDegrees } from '../../plane.ts';
import { random } from '../../random.ts';
import { type Generator, minutesBefore, padded, simulated } from '../../row.ts';

/** How a signal runs for ever when nothing happens to it. */
export function usual(code: string) {
  const chance = random(`signal ${code}`);
  const mode = chance.weighted({ fixed_time: 62, coordinated: 20, actuated: 10, flash: 3, manual: 2 });
  return { mode, cycle: chance.pick([60, 80, 90, 100, 120]) };
}

/** Signals at the junctions, the main ones first; a regency larger than life has crossings for people behind them. */
export const traffic_light: Generator = function* ({ region, chance, count, now }) {
  const { junctions } = region.roads;
  const wanted = count(300, 30);
  for (let i = 0; i < wanted; i++) {
    const junction = junctions[i % junctions.length]!;
    const crossing = Math.floor(i / junctions.length);
    const position = toDegrees([junction.point[0] + 0.06 * crossing, junction.point[1]]);
    const area = region.boundaries.villageAt(position) ?? null;
    const code = `APILL-${padded(i + 1, 3)}`;
    const silent = isSilent('traffic_light', code);
    const { mode: usually, cycle } = usual(code);
    const mode = silent ? chance.weighted({ dark: 1, unknown: 2 }) : usually;
    const plan = chance.integer(1, 4);
    yield simulated(position, {
      code,
      name: `${crossing === 0 ? '' : 'Penyeberangan '}${junction.name.replaceAll('Jl. ', '')}`,
      mode,
      commanded_plan: plan,
      running_plan: silent ? null : mode === 'flash' ? 255 : plan,
      verified: silent ? 'unknown' : mode === 'flash' ? 'differs' : 'verified',
      flash_cause: mode === 'flash' ? chance.pick(['automatic', 'mmu']) : 'not_flash',
      controller_state: mode === 'dark' ? 'failure' : silent ? null : 'control',
      stage: silent ? null : chance.integer(1, 4),
      cycle_s: silent ? null : cycle,
      cycle_counter_s: silent ? null : chance.integer(0, cycle - 1),
      offset_s: silent ? null : chance.integer(0, cycle - 1),
      road_status: chance.weighted({ regency: 70, provincial: 20, national: 10 }),
      protocol: 'simulator',
      site_id: `J${padded(i + 1, 3)}`,
      observed_at: minutesBefore(now, silent ? chance.integer(20, 900) : chance.next() * 0.05),
      agency: 'Dishub',
      area_code: area,
    });
  }
};
