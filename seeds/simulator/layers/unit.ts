import { isSilent } from '../../fate.ts';
import { along } from '../../jember/along.ts';
import { distance, type Km, toDegrees, toKm } from '../../plane.ts';
import { type Random, random } from '../../random.ts';
import {
  type Behaviour,
  type City,
  type Drive,
  goesOn,
  type Moment,
  numberOf,
  type Observation,
  type Thing,
  written,
} from '../city.ts';
import { minuteMs } from '../incidents.ts';

/** Usual speed in km/h by kind of unit. */
const speeds: Readonly<Record<string, number>> = { motorcycle: 42, ambulance: 48, fire_engine: 38, foot_team: 4 };
const tasks: Readonly<Record<string, string>> = {
  enroute: 'Patroli wilayah',
  responding: 'Menuju laporan warga',
  on_scene: 'Penanganan di lokasi',
  returning: 'Kembali ke pangkalan',
  staging: 'Pengamanan pasar',
};
/** States in which a unit is left where it is. */
const parked = ['unavailable', 'out_of_service'];
const moving = ['enroute', 'responding', 'returning'];
/** One that stands reports so often, milliseconds. */
const standingMs = 30_000;

interface Unit {
  readonly thing: Thing;
  readonly chance: Random;
  road: Drive;
  atKm: number;
  direction: 1 | -1;
  state: string;
  speed: number;
  /** When it does something else, city time. */
  until: number;
  told: number;
}

/** Units that drive along the main roads, stand a while, answer a report, return; where each is, at every moment. */
export const unit: Behaviour = (things, city) => {
  const roads = city.roads.filter(({ lengthKm }) => lengthKm > 0.2);
  if (roads.length === 0) return () => [];
  const units = things
    .filter(({ code }) => !isSilent('unit', code))
    .map(
      (thing): Unit => ({
        thing,
        chance: random(`${city.seed} unit ${thing.code}`),
        ...nearest(roads, toKm([...thing.position])),
        direction: 1,
        state: String(thing.values.state ?? 'available'),
        speed: 0,
        until: 0,
        told: Number.NEGATIVE_INFINITY,
      }),
    );
  let before: Moment | undefined;
  return (moment) => {
    // A car does not drive faster because the city's clock does.
    const hours = Math.min(60_000, before ? moment.wall - before.wall : 0) / 3_600_000;
    before = moment;
    return units.flatMap((each) => report(each, roads, city, moment, hours));
  };
};

function report(unit: Unit, roads: readonly Drive[], city: City, moment: Moment, hours: number): Observation[] {
  const { thing, chance } = unit;
  const first = unit.told < 0;
  const was = unit.state;
  if (moment.city >= unit.until && !parked.includes(was)) {
    if (unit.until > 0) unit.state = nextState(unit, city, moment.city);
    // Its state may just have been found: it stays a while longer.
    unit.until = moment.city + chance.integer(3, 15) * minuteMs;
  }
  const drives = moving.includes(unit.state);
  const usual = speeds[String(thing.values.kind)] ?? 40;
  const wanted = drives ? usual * (unit.state === 'responding' ? 1.3 : 1) * (0.85 + 0.3 * chance.next()) : 0;
  unit.speed += (wanted - unit.speed) * (drives ? 0.5 : 1);
  drive(unit, roads, unit.speed * hours);
  const changed = unit.state !== was;
  if (!drives && !changed && moment.wall - unit.told < standingMs) return [];
  unit.told = moment.wall;
  const ahead = along(unit.road.line, unit.atKm + unit.direction * 0.02);
  const here = along(unit.road.line, unit.atKm);
  const [lon, lat] = toDegrees(here);
  const course = (Math.atan2(ahead[0] - here[0], ahead[1] - here[1]) * 180) / Math.PI;
  return [
    {
      code: thing.code,
      observed_at: written(moment),
      lon,
      lat,
      speed_km_h: Math.round(unit.speed),
      ...(drives && { course_deg: Math.round(course + 360) % 360 }),
      ...(first && { battery_percent: numberOf(thing, 'battery_percent') ?? 80 }),
      ...(changed && { state: unit.state, task: tasks[unit.state] ?? null }),
    },
  ];
}

/** What a unit does after what it did. */
function nextState({ state, chance }: Unit, city: City, at: number): string {
  if (state === 'responding') return 'on_scene';
  if (state === 'on_scene') return 'returning';
  if (chance.chance(goesOn(city, 'emergency', at) ? 0.45 : 0.08)) return 'responding';
  if (goesOn(city, 'market', at)) return chance.chance(0.6) ? 'staging' : 'enroute';
  return chance.chance(0.6) ? 'enroute' : 'available';
}

/** Moves a unit along its road; at the end onto one that begins there, or back. */
function drive(unit: Unit, roads: readonly Drive[], km: number): void {
  unit.atKm += unit.direction * km;
  if (unit.atKm >= 0 && unit.atKm <= unit.road.lengthKm) return;
  const end = unit.atKm < 0 ? unit.road.line[0]! : unit.road.line.at(-1)!;
  const others = roads.filter(
    (road) => road !== unit.road && [road.line[0]!, road.line.at(-1)!].some((point) => distance(point, end) < 0.05),
  );
  if (others.length === 0) {
    unit.atKm = unit.atKm < 0 ? 0 : unit.road.lengthKm;
    unit.direction = unit.direction === 1 ? -1 : 1;
    return;
  }
  unit.road = unit.chance.pick(others);
  const fromStart = distance(unit.road.line[0]!, end) < 0.05;
  unit.direction = fromStart ? 1 : -1;
  unit.atKm = fromStart ? 0 : unit.road.lengthKm;
}

/** The place on a road that is nearest to a point. */
function nearest(roads: readonly Drive[], to: Km): { road: Drive; atKm: number } {
  let best = { road: roads[0]!, atKm: 0, away: Number.POSITIVE_INFINITY };
  for (const road of roads) {
    for (let atKm = 0; atKm <= road.lengthKm; atKm += 0.1) {
      const away = distance(along(road.line, atKm), to);
      if (away < best.away) best = { road, atKm, away };
    }
  }
  return { road: best.road, atKm: best.atKm };
}
