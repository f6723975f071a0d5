import { isSilent } from '../../fate.ts';
import { recorded } from '../../jember/layers/camera.ts';
import { type Behaviour, isDark, type Observation, type Thing, written } from '../city.ts';
import { pacer } from '../pacer.ts';

/** Cameras as their recorder sees them: a word within a minute, at once when it changes; a switch takes all of its down. */
export const camera: Behaviour = (things, city) => {
  const heard = things.filter(({ code, values }) => values.status !== 'disabled' && !isSilent('camera', code));
  const switchOf = ({ values }: Thing) => String(values.upstream_switch ?? '');
  const switches = [...new Set(heard.map(switchOf))].filter((name) => name !== '').toSorted();
  const own = new Map(heard.map(({ code }) => [code, recorded(code)]));
  const said = new Map(heard.map(({ code, values }) => [code, String(values.status)]));
  const due = pacer(heard, { seconds: () => 40, withinSeconds: 30 });
  return (moment) => {
    const down = new Set(
      city
        .incidents(moment.city)
        .flatMap((each) =>
          each.kind === 'switch' && moment.city >= each.from && moment.city < each.to
            ? [switches[Math.floor(each.which * switches.length)]]
            : [],
        ),
    );
    const now = due(moment.wall);
    return heard.flatMap((thing): Observation[] => {
      const { code, position } = thing;
      const cut = down.has(switchOf(thing)) || isDark(city, position, moment.city);
      const status = cut ? 'offline' : own.get(code)!;
      if (!now.has(code) && said.get(code) === status) return [];
      said.set(code, status);
      const observed_at = written(moment);
      return [{ code, observed_at, status, ...(status === 'online' && { last_ok: observed_at }) }];
    });
  };
};
