import { fate, isSilent } from '../../fate.ts';
import { isNight } from '../../sun.ts';
import { type Behaviour, isDark, type Observation, type Thing, written } from '../city.ts';
import { minuteMs } from '../incidents.ts';
import { pacer } from '../pacer.ts';

/** Circuits are switched one after the other, within so many minutes. */
const spreadMinutes = 9;
/** Changes told at one moment; the rest are told at the next ones. */
const changesAtOnce = 200;
const dayMs = 86_400_000;

/** Lamps with telemetry: on at dusk, off at dawn by the sun, a few fail at dusk and are repaired days later. */
export const streetlight: Behaviour = (things, city) => {
  const heard = things.filter(({ code, values }) => values.power_state !== undefined && !isSilent('streetlight', code));
  const late = new Map(heard.map((lamp) => [lamp.code, Math.floor(fate(circuitOf(lamp), 'late') * spreadMinutes)]));
  const status = new Map(heard.map(({ code, values }) => [code, String(values.status)]));
  const said = new Map(
    heard.map(({ code, values }) => [code, `${values.status} ${values.power_state} ${values.commanded}`]),
  );
  const due = pacer(heard, { seconds: () => 600, withinSeconds: 300 });
  let dusks = -1;
  return (moment) => {
    const night = Array.from({ length: spreadMinutes }, (_, minutes) => isNight(moment.city - minutes * minuteMs));
    // Days from noon to noon (05:00 UTC), so that a night belongs to one.
    const day = Math.floor((moment.city - 5 * 3_600_000) / dayMs);
    if (night.at(-1) && day !== dusks) {
      dusks = day;
      for (const { code } of heard)
        status.set(code, afterDusk(status.get(code)!, fate(code, `${city.seed} dusk ${day}`)));
    }
    const now = due(moment.wall);
    let changes = 0;
    return heard.flatMap(({ code, position }): Observation[] => {
      const commanded = night[late.get(code)!] ? 'on' : 'off';
      const works = status.get(code) === 'ok' && !isDark(city, position, moment.city);
      const power_state = works ? commanded : 'off';
      const state = `${status.get(code)} ${power_state} ${commanded}`;
      if (!now.has(code) && (said.get(code) === state || ++changes > changesAtOnce)) return [];
      said.set(code, state);
      const verified = power_state === commanded ? 'verified' : 'differs';
      const observed_at = written(moment);
      return [{ code, observed_at, status: status.get(code)!, power_state, commanded, verified }];
    });
  };
};

/** A lamp's condition after a dusk: one in 700 fails, a broken one is repaired within a week or so. */
function afterDusk(status: string, luck: number): string {
  if (status === 'ok') return luck < 1 / 700 ? 'defectiveLamp' : status;
  return status === 'defectiveLamp' && luck > 0.85 ? 'ok' : status;
}

function circuitOf({ code, values }: Thing): string {
  return String(values.circuit ?? code);
}
