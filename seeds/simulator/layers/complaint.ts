import { fate } from '../../fate.ts';
import { report } from '../../jember/report.ts';
import { random } from '../../random.ts';
import { padded } from '../../row.ts';
import { type Behaviour, begun, type City, type Moment, type Observation, type Thing, written } from '../city.ts';
import { type Incident, localHour, minuteMs } from '../incidents.ts';

const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** What an office does next with a complaint, and after how many hours. Only one with an agency was handed to it. */
const course: Readonly<
  Record<string, { readonly hours: readonly [least: number, most: number]; readonly to: string }>
> = {
  received: { hours: [0.3, 6], to: 'triaged' },
  triaged: { hours: [0.5, 10], to: 'assigned' },
  assigned: { hours: [3, 30], to: 'in_progress' },
  in_progress: { hours: [4, 60], to: 'done' },
};
/** Offices work from 7 until 20. */
const [opens, closes] = [7, 20] as const;

interface Open {
  readonly code: string;
  readonly agency: boolean;
  state: string;
  /** When its office comes to it, city time. */
  due: number;
}

/** Complaints that come in as the city has it, and offices that work them off by day. */
export const complaint: Behaviour = (things, city) => {
  let before: number | undefined;
  const open = new Set<Open>();
  return (moment) => {
    if (before === undefined) for (const thing of things) if (isOpen(thing)) open.add(found(thing, moment));
    const since = before ?? moment.city;
    before = moment.city;
    const arriving = begun(city, 'complaint', since, moment.city).map((each, i) => arrival(each, i, moment, city));
    const moved = [...open].flatMap((each): Observation[] => {
      if (each.due > moment.city) return [];
      const observed_at = written(moment);
      const to = course[each.state]!.to;
      each.state = to === 'assigned' && !each.agency ? 'in_progress' : to;
      if (each.state === 'done') open.delete(each);
      else each.due = dueAfter(each, moment.city);
      return [
        {
          code: each.code,
          observed_at,
          state: each.state,
          ...(each.state === 'triaged' && { triage: 'normal' }),
          ...(each.state === 'done' && { closed_at: observed_at }),
        },
      ];
    });
    for (const { code } of arriving) {
      const one: Open = { code, agency: false, state: 'received', due: 0 };
      open.add({ ...one, due: dueAfter(one, moment.city) });
    }
    return [...arriving, ...moved];
  };
};

function arrival(
  { about, from }: Extract<Incident, { kind: 'complaint' }>,
  index: number,
  moment: Moment,
  city: City,
): Observation {
  const chance = random(`${city.seed} complaint ${from}`);
  const { agency: _, subject, channel, ...said } = report(chance, about);
  const { position, village } = city.anywhere(chance);
  const [lon, lat] = position;
  const received_at = written(moment);
  const days = (count: number) => new Date(moment.wall + count * dayMs).toISOString();
  return {
    // By the wall's clock: the city's may have been here before, in a run that was faster.
    code: `SIM-${received_at.replaceAll(/\D/g, '').slice(0, 14)}-${padded(index + 1, 2)}`,
    observed_at: received_at,
    source: 'demo',
    lon,
    lat,
    subject: `${subject} di ${village}`,
    description: 'Aduan simulasi.',
    state: 'received',
    received_at,
    verify_due_at: days(3),
    due_at: days(7),
    channel: channel === 'counter' && !isOpenAt(from) ? 'web' : channel,
    ...said,
  };
}

function isOpen({ values }: Thing): boolean {
  return Object.hasOwn(course, String(values.state));
}

/** One that was there before us; what should have been done with it long ago is done within the next hours. */
function found({ code, values }: Thing, moment: Moment): Open {
  const one: Open = { code, agency: values.agency !== undefined, state: String(values.state), due: 0 };
  const seen = Date.parse(String(values.observed_at));
  const due = dueAfter(one, Number.isNaN(seen) ? moment.city : seen + moment.city - moment.wall);
  const late = moment.city + fate(code, 'late') * 24 * hourMs;
  return { ...one, due: due > moment.city ? due : atWork(late, code) };
}

function dueAfter({ code, state }: Open, since: number): number {
  const [least, most] = course[state]!.hours;
  return atWork(since + (least + (most - least) * fate(code, state)) * hourMs, code);
}

function isOpenAt(at: number): boolean {
  const hour = localHour(at);
  return hour >= opens && hour < closes;
}

/** The moment itself when offices are open, else one in the next morning. */
function atWork(at: number, code: string): number {
  if (isOpenAt(at)) return at;
  const untilOpen = (opens - localHour(at) + 24) % 24;
  return at + (untilOpen + fate(code, 'morning') * 4) * hourMs;
}
