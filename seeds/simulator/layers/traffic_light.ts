import { isSilent } from '../../fate.ts';
import { override, signalGroups, usual } from '../../jember/layers/traffic_light.ts';
import { distance, toKm } from '../../plane.ts';
import { type Behaviour, type City, isDark, numberOf, type Observation, type Thing, written } from '../city.ts';

const stages = 4;
const marketPlan = 3;
const marketCycle = 120;

/** Signals with their counter at every moment; dark without electricity, on the market's plan on its day. */
export const traffic_light: Behaviour = (things, city) => {
  const heard = things.filter(({ code }) => !isSilent('traffic_light', code));
  const said = new Map(heard.map(({ code, values }) => [code, `${values.mode} ${values.running_plan ?? null}`]));
  return (moment) =>
    heard.map((thing): Observation => {
      const { code } = thing;
      const observed_at = written(moment);
      const { mode, plan, cycle } = isDark(city, thing.position, moment.city)
        ? { mode: 'dark', plan: null, cycle: null }
        : isMarket(city, thing, moment.city)
          ? { mode: 'coordinated', plan: marketPlan, cycle: marketCycle }
          : ordinary(thing);
      const counter =
        cycle === null ? null : (Math.floor(moment.wall / 1000) + (numberOf(thing, 'offset_s') ?? 0)) % cycle;
      const state = `${mode} ${plan}`;
      const changed = said.get(code) !== state;
      said.set(code, state);
      return {
        code,
        observed_at,
        stage: counter === null || cycle === null ? null : 1 + Math.floor((counter * stages) / cycle),
        cycle_counter_s: counter,
        signal_groups: signalGroups(mode, cycle, counter),
        ...override(mode, moment.wall),
        ...(changed && {
          mode,
          running_plan: plan,
          cycle_s: cycle,
          verified: plan === null ? 'unknown' : plan === thing.values.commanded_plan ? 'verified' : 'differs',
          controller_state: plan === null ? 'failure' : 'control',
          flash_cause: mode === 'flash' ? 'automatic' : 'not_flash',
        }),
      };
    });
};

/** How a signal runs when nothing happens: on the plan it was told, unless it flashes. */
function ordinary(thing: Thing) {
  const { mode, cycle } = usual(thing.code);
  return { mode, cycle, plan: mode === 'flash' ? 255 : (numberOf(thing, 'commanded_plan') ?? 1) };
}

function isMarket({ incidents }: City, { position }: Thing, at: number): boolean {
  const here = toKm([...position]);
  return incidents(at).some(
    (each) =>
      each.kind === 'market' &&
      at >= each.from &&
      at < each.to &&
      each.centres.some((centre) => distance(centre, here) < each.radiusKm),
  );
}
