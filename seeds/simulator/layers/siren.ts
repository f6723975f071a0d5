import { isSilent } from '../../fate.ts';
import { type Behaviour, numberOf, written } from '../city.ts';
import { pacer } from '../pacer.ts';

/** Sirens that say every two minutes that they are there; what they do is between them and who commands them. */
export const siren: Behaviour = (things) => {
  const heard = things.filter(({ code, values }) => values.reported !== 'unknown' && !isSilent('siren', code));
  const due = pacer(heard, { seconds: () => 120, withinSeconds: 60 });
  return (moment) => {
    const now = due(moment.wall);
    return heard
      .filter(({ code }) => now.has(code))
      .map((thing) => ({
        code: thing.code,
        observed_at: written(moment),
        battery_percent: numberOf(thing, 'battery_percent') ?? 90,
      }));
  };
};
