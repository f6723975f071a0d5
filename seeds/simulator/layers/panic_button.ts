import { fate, isSilent } from '../../fate.ts';
import { type Behaviour, begun, numberOf, type Observation, type Thing, written } from '../city.ts';
import { pacer } from '../pacer.ts';

/**
 * What becomes of a press until so many seconds after it, where nobody in the room answers first. On the wall's clock,
 * however fast the city's runs: it is people who answer.
 */
const course = [
  { state: 'pressed', until: 150 },
  { state: 'acknowledged', until: 300 },
  { state: 'dispatched', until: 900 },
  { state: 'closed', until: 1500 },
] as const;
const courseMs = course.at(-1)!.until * 1000;
const never = Number.NEGATIVE_INFINITY;
/** Presses are answered one sooner, one later, by up to so many seconds. */
const spreadSeconds = 60;
/** Marks a press as ours. */
const mark = 'Simulasi';
const answeredBy = 'Petugas simulasi';

/** Buttons that say every four minutes that they are there, and are pressed now and then. A press of others is left alone. */
export const panic_button: Behaviour = (things, city) => {
  const heard = things.filter(({ code }) => !isSilent('panic_button', code));
  const due = pacer(heard, { seconds: () => 240, withinSeconds: 60 });
  // What a run before this one left: pressed by it, or silent because nothing was heard of it.
  const said = new Map(heard.map((thing) => [thing.code, leftBehind(thing)]));
  /** When a press began, by the wall's clock. */
  const pressed = new Map<string, number>();
  let before: number | undefined;
  return (moment) => {
    if (before === undefined)
      for (const { code, values } of heard) {
        const step = course.findIndex(({ state }) => state === said.get(code));
        if (step < 0) continue;
        // Its people go on where they were; a press that was forgotten for long is answered as a new one.
        const [last, first] = [course[step]!.until, course[step - 1]?.until ?? 0].map((s) => moment.wall - s * 1000);
        const at = Date.parse(String(values.pressed_at));
        pressed.set(code, at > moment.wall - courseMs ? Math.min(Math.max(at, last!), first!) : first!);
      }
    for (const each of begun(city, 'press', before ?? moment.city, moment.city)) {
      const button = heard[Math.floor(each.which * heard.length)];
      // A second press within an open one opens no other.
      if (!button || stateAfter(moment.wall - (pressed.get(button.code) ?? never)) !== 'idle') continue;
      pressed.set(button.code, moment.wall - fate(`${button.code} ${each.from}`, 'answer') * spreadSeconds * 1000);
    }
    before = moment.city;
    const now = due(moment.wall);
    return heard.flatMap((thing): Observation[] => {
      const { code } = thing;
      const state = stateAfter(moment.wall - (pressed.get(code) ?? never));
      const changed = said.get(code) !== state;
      if (!changed && !now.has(code)) return [];
      said.set(code, state);
      const observed_at = written(moment);
      return [
        {
          code,
          observed_at,
          battery_percent: numberOf(thing, 'battery_percent') ?? 80,
          ...(changed && { state, comment: state === 'idle' ? null : mark }),
          ...(changed && state === 'pressed' && { pressed_at: observed_at, ack_by: null, ack_at: null }),
          ...(changed && state === 'acknowledged' && { ack_by: answeredBy, ack_at: observed_at }),
        },
      ];
    });
  };
};

function leftBehind({ values }: Thing): string {
  return values.state === 'silent' || values.comment === mark ? String(values.state) : 'idle';
}

function stateAfter(ms: number): string {
  return course.find(({ until }) => ms < until * 1000)?.state ?? 'idle';
}
