import { fate, isSilent } from '../../fate.ts';
import { type Behaviour, type City, type Moment, numberOf, type Thing, written } from '../city.ts';
import { type Incident, minuteMs } from '../incidents.ts';
import { pacer } from '../pacer.ts';

type Rain = Extract<Incident, { kind: 'rain' }>;

interface Gauge {
  readonly thing: Thing;
  /** Level without rain, and what is between it and siaga 1, in cm. */
  readonly calm: number;
  readonly range: number;
  /** Minutes that water needs from the first gauge of a river down to here, by river. */
  readonly delays: ReadonlyMap<string, number>;
  readonly phase: number;
}

/** Minutes in which two thirds of a wave are lost to the banks. */
const lossMinutes = 4000;
/** Minutes in which two thirds of what nobody can explain run off: the level found at the start need not be ours. */
const residueMinutes = 90;

/** Gauges whose levels rise with rain and pass it on: a wave reaches the next gauge after its `travel_min`. */
export const river_gauge: Behaviour = (things, city) => {
  const speed = Math.max(1, city.speed);
  const gauges = gaugesOf(
    things.filter(({ code }) => !isSilent('river_gauge', code)),
    things,
    (code) => fate(code, 'ripple'),
  );
  const due = pacer(
    gauges.map(({ thing }) => thing),
    // Telemetry every 5 minutes, staff every hour; of the city, when that is sooner.
    { seconds: ({ values }) => Math.max(1, (values.method === 'manual' ? 3600 : 300) / speed), withinSeconds: 30 },
  );
  let start: number | undefined;
  const residues = new Map<string, number>();
  return (moment) => {
    const rain = city.incidents(moment.city).filter((each) => each.kind === 'rain');
    const begun = start ?? moment.city;
    if (start === undefined) {
      start = begun;
      for (const gauge of gauges) {
        const found = numberOf(gauge.thing, 'level_cm');
        if (found !== undefined) residues.set(gauge.thing.code, found - expected(gauge, begun, rain));
      }
    }
    const level = (gauge: Gauge, at: number) =>
      expected(gauge, at, rain) +
      (residues.get(gauge.thing.code) ?? 0) * Math.exp(-(at - begun) / minuteMs / residueMinutes);
    const now = due(moment.wall);
    return gauges.filter(({ thing }) => now.has(thing.code)).map((gauge) => reading(gauge, moment, level));
  };
};

/** The level in cm that the rain of the city makes, by gauge, at a time of the city: what the simulator goes back to. */
export function expectedLevels(things: readonly Thing[], city: City): ReadonlyMap<string, (at: number) => number> {
  const gauges = gaugesOf(things, things, (code) => fate(code, 'ripple'));
  const rainAt = (at: number) => city.incidents(at).filter((each) => each.kind === 'rain');
  return new Map(gauges.map((gauge) => [gauge.thing.code, (at: number) => expected(gauge, at, rainAt(at))]));
}

function reading(gauge: Gauge, moment: Moment, level: (gauge: Gauge, at: number) => number) {
  const here = level(gauge, moment.city);
  const level_cm = whole(here);
  const before = level(gauge, moment.city - 10 * minuteMs);
  const reference = numberOf(gauge.thing, 'reference_level_cm');
  const perHour = (here - before) * 6;
  return {
    code: gauge.thing.code,
    observed_at: written(moment),
    level_cm,
    previous_level_cm: whole(before),
    ...(reference !== undefined && { measured_distance_cm: Math.max(0, reference - level_cm) }),
    rate_cm_h: Math.round(Math.min(2900, Math.max(-2900, perHour))),
    trend: perHour > 2 ? 'rising' : perHour < -2 ? 'falling' : 'steady',
    quality: 'good',
  };
}

/** Whole centimetres, within what a gauge can say. */
function whole(level: number): number {
  return Math.round(Math.min(4900, Math.max(-900, level)));
}

/** Level in cm of a gauge at a time of the city: calm, a ripple of some cm, and the waves that have come so far. */
function expected({ calm, range, delays, phase }: Gauge, at: number, rain: readonly Rain[]): number {
  const minutes = at / minuteMs;
  const ripple =
    2 * Math.sin((2 * Math.PI * minutes) / 97 + phase * 40) + 1.5 * Math.sin((2 * Math.PI * minutes) / 41 + phase * 90);
  const waves = rain.reduce((sum, each) => {
    const delay = delays.get(each.river);
    return delay === undefined
      ? sum
      : sum + each.strength * Math.exp(-delay / lossMinutes) * wave((at - each.from) / minuteMs - delay, each);
  }, 0);
  return calm + ripple + range * waves;
}

/** A wave in time: up smoothly, down slower. 0–1, without a jump. */
function wave(minutes: number, { riseMinutes, fallMinutes }: Rain): number {
  if (minutes <= 0) return 0;
  const part = minutes / riseMinutes;
  return part < 1 ? part * part * (3 - 2 * part) : Math.exp(-(minutes - riseMinutes) / fallMinutes);
}

function gaugesOf(heard: readonly Thing[], all: readonly Thing[], phase: (code: string) => number): Gauge[] {
  const delays = delaysOf(all);
  return heard.flatMap((thing) => {
    const [siaga1, siaga3] = [numberOf(thing, 'siaga1_cm'), numberOf(thing, 'siaga3_cm')];
    if (siaga1 === undefined || siaga3 === undefined || siaga1 <= siaga3) return [];
    const own = phase(thing.code);
    const calm = siaga3 - (siaga1 - siaga3) * (0.8 + 0.4 * own);
    return [{ thing, calm, range: siaga1 - calm, delays: delays.get(thing.code) ?? new Map(), phase: own }];
  });
}

/** Of each gauge, the minutes from the first gauge of every river that flows past it. */
function delaysOf(things: readonly Thing[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const byCode = new Map(things.map((thing) => [thing.code, thing]));
  const river = ({ values }: Thing) => String(values.river ?? '');
  const below = ({ values }: Thing) => byCode.get(String(values.next_gauge_code ?? ''));
  const fed = new Set(
    things.flatMap((thing) => {
      const next = below(thing);
      return next && river(next) === river(thing) ? [next.code] : [];
    }),
  );
  const delays = new Map(things.map(({ code }) => [code, new Map<string, number>()]));
  for (const first of things.filter(({ code }) => !fed.has(code))) {
    let minutes = 0;
    // A chain that leads back to itself ends where it was already.
    for (let at: Thing | undefined = first; at && !delays.get(at.code)!.has(river(first)); at = below(at)) {
      delays.get(at.code)!.set(river(first), minutes);
      minutes += numberOf(at, 'travel_min') ?? 0;
    }
  }
  return delays;
}
