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

const groups = 4;
/** Seconds of a stage after its green: yellow, then all red (PKJI 2023: 3 s, and 5 s together for 10–15 m). */
const [yellow, intergreen] = [3, 5];

/**
 * The signal groups as RSMP S0001 writes them, one an approach, each green in its own quarter of the cycle: `1` minimum green,
 * `3` extension, `N` yellow, `B` red, `a` dark, `c` yellow flash. `counter`: seconds in the cycle; null: dark.
 */
export function signalGroups(mode: string, cycle: number | null, counter: number | null): string {
  if (cycle === null || counter === null) return 'a'.repeat(groups);
  if (mode === 'flash') return 'c'.repeat(groups);
  const stage = cycle / groups;
  return Array.from({ length: groups }, (_, group) => {
    const since = counter - group * stage;
    if (since < 0 || since >= stage - intergreen + yellow) return 'B';
    if (since >= stage - intergreen) return 'N';
    return since < 10 ? '1' : '3';
  }).join('');
}

/** What whoever holds a signal by hand tells, until the half hour that a moment (milliseconds since 1970) lies in ends. */
export function override(mode: string, now: number) {
  if (mode !== 'manual') return {};
  const halfHour = 30 * 60_000;
  return {
    override_by: 'Petugas Dishub',
    override_reason: 'Kepadatan di simpang',
    override_until: new Date((Math.floor(now / halfHour) + 1) * halfHour).toISOString(),
  };
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
    const counter = chance.integer(0, cycle - 1);
    yield simulated(position, {
      code,
      name: `${crossing === 0 ? '' : 'Penyeberangan '}${junction.name.replaceAll('Jl. ', '')}`,
      mode,
      commanded_plan: plan,
      running_plan: silent ? null : mode === 'flash' ? 255 : plan,
      verified: silent ? 'unknown' : mode === 'flash' ? 'differs' : 'verified',
      flash_cause: mode === 'flash' ? chance.pick(['automatic', 'mmu']) : 'not_flash',
      controller_state: mode === 'dark' ? 'failure' : silent ? null : 'control',
      signal_groups: silent ? null : signalGroups(mode, cycle, counter),
      stage: silent ? null : 1 + Math.floor((counter * groups) / cycle),
      cycle_s: silent ? null : cycle,
      cycle_counter_s: silent ? null : counter,
      offset_s: silent ? null : chance.integer(0, cycle - 1),
      ...override(mode, now.getTime()),
      road_status: chance.weighted({ regency: 70, provincial: 20, national: 10 }),
      protocol: 'simulator',
      site_id: `J${padded(i + 1, 3)}`,
      observed_at: minutesBefore(now, silent ? chance.integer(20, 900) : chance.next() * 0.05),
      agency: 'Dishub',
      area_code: area,
    });
  }
};
