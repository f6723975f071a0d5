import { beforeAll, describe, expect, test } from 'vitest';
import { generators } from '../../seeds/jember/generators.ts';
import { signalGroups } from '../../seeds/jember/layers/traffic_light.ts';
import { region } from '../../seeds/jember/region.ts';
import { toKm } from '../../seeds/plane.ts';
import { random } from '../../seeds/random.ts';
import { city, type Fleet, isDark, type Observation, type Thing } from '../../seeds/simulator/city.ts';
import { placeOf } from '../../seeds/simulator/place.ts';
import { type ScenarioName, scenarios } from '../../seeds/simulator/scenarios.ts';
import { behaviours, simulation } from '../../seeds/simulator/simulation.ts';
import { sunHeight } from '../../seeds/sun.ts';
import { config } from '../../server/config.ts';
import { observationReader } from '../../server/ingest/observation.ts';
import { layerFiles } from '../../server/registry/registry.ts';

/** 19:40 in Jember: after dusk. */
const start = Date.parse('2026-11-21T12:40:00Z');
const minuteMs = 60_000;
const jember = region();
const place = placeOf(jember);
const fleet = seededFleet(0.03);
const layers = new Map((await layerFiles()).map((layer) => [layer.id, layer]));

/** The regency as a server would show it. */
function seededFleet(scale: number): Fleet {
  return new Map(
    [...behaviours.keys()].map((layer) => {
      const count = (base: number, least: number) => Math.max(least, Math.round(base * scale));
      const rows = generators.get(layer)!({
        region: jember,
        scale,
        chance: random(`jember ${layer}`),
        count,
        now: new Date(start),
      });
      const things = [...rows].flatMap(({ row, geometry }): Thing[] => {
        if (geometry?.type !== 'Point' || row.code === null) return [];
        const [lon = 0, lat = 0] = geometry.coordinates;
        const values = Object.fromEntries(
          Object.entries(row).flatMap(([key, value]) =>
            value === null ? [] : [[key, value instanceof Date ? value.toISOString() : value]],
          ),
        );
        return [{ code: row.code, position: [lon, lat], values }];
      });
      return [layer, things];
    }),
  );
}

interface Run {
  readonly seed?: string;
  readonly speed?: number;
  readonly scenario?: ScenarioName;
  readonly of?: Fleet;
  /** Minutes on the wall. */
  readonly minutes: number;
}

/** Everything that is observed, by layer, stepping every 5 seconds. */
function observed({ seed = 'jember', speed = 1, scenario, of = fleet, minutes }: Run) {
  const added = scenario ? scenarios[scenario].incidents(start, place.centres) : [];
  const step = simulation(of, city(place, { seed, speed, added }), start);
  const found = new Map<string, Observation[]>([...behaviours.keys()].map((layer) => [layer, []]));
  for (let wall = start; wall <= start + minutes * minuteMs; wall += 5000)
    for (const [layer, batch] of step(wall)) found.get(layer)!.push(...batch);
  return found;
}

/** The observations of each thing, in their order. */
function byCode(observations: readonly Observation[]): Map<string, Observation[]> {
  return Map.groupBy(observations, ({ code }) => code);
}

const only = (layer: string): Fleet => new Map([[layer, fleet.get(layer)!]]);
const minuteOf = ({ observed_at }: Observation) => (Date.parse(observed_at) - start) / minuteMs;

describe('an hour of an ordinary evening', () => {
  let hour: Map<string, Observation[]>;
  beforeAll(() => {
    hour = observed({ minutes: 60 });
  });

  test('is the same again by the same seed, and another by another', () => {
    expect(observed({ minutes: 5 })).toEqual(observed({ minutes: 5 }));
    expect(observed({ minutes: 5, seed: 'other' })).not.toEqual(observed({ minutes: 5 }));
  });

  test('every observation is of a thing that is there, or makes one, and passes the door of its layer', () => {
    for (const [id, observations] of hour) {
      expect(observations.length, id).toBeGreaterThan(0);
      const codes = new Set(fleet.get(id)!.map(({ code }) => code));
      const read = observationReader(layers.get(id)!, config({}).REGION_BBOX);
      for (const observation of observations) {
        const making = layers.get(id)!.createOnObservation;
        const isThere = codes.has(observation.code) || making?.every((key) => observation[key] !== undefined);
        expect(isThere, observation.code).toBe(true);
        codes.add(observation.code);
        const result = read(observation, Date.parse(observation.observed_at));
        expect('reason' in result ? result.reason : result.suspect, `${id} ${observation.code}`).toBe(false);
      }
    }
  });

  test('nothing that is heard goes stale, a few of each many are silent', () => {
    for (const [id, observations] of hour) {
      const layer = layers.get(id)!;
      if (layer.staleAfterMinutes === undefined) continue;
      const things = new Map(fleet.get(id)!.map((thing) => [thing.code, thing]));
      for (const [code, own] of byCode(observations)) {
        const by = layer.staleAfterBy;
        const limit = by?.minutes[String(things.get(code)!.values[by.attribute])] ?? layer.staleAfterMinutes;
        const times = own.map(minuteOf);
        expect(times[0], `${id} ${code}`).toBeLessThanOrEqual(5.1);
        for (const [i, time] of [...times, 60].entries())
          if (i > 0) expect(time - times[i - 1]!, `${id} ${code}`).toBeLessThan(limit);
      }
    }
    for (const id of ['camera', 'river_gauge', 'streetlight']) {
      const heard = byCode(hour.get(id)!).size;
      const able = fleet.get(id)!.filter(({ values }) => id !== 'streetlight' || values.power_state !== undefined);
      expect(heard, id).toBeLessThan(able.length);
      expect(heard, id).toBeGreaterThan(able.length * 0.85);
    }
  });

  test('is a modest load', () => {
    const sum = [...hour.values()].reduce((total, { length }) => total + length, 0);
    expect(sum / 3600).toBeLessThan(30);
  });

  test('units stay on the roads: no jump is longer than a minute at their speed', () => {
    for (const [code, own] of byCode(hour.get('unit')!))
      for (const [i, { lon, lat, observed_at }] of own.entries()) {
        const before = own[i - 1];
        if (!before) continue;
        const seconds = (Date.parse(observed_at) - Date.parse(before.observed_at)) / 1000;
        const [a, b] = [toKm([Number(lon), Number(lat)]), toKm([Number(before.lon), Number(before.lat)])];
        expect(Math.hypot(a[0] - b[0], a[1] - b[1]), code).toBeLessThan((80 * (seconds + 5)) / 3600 + 0.06);
      }
    const driven = [...byCode(hour.get('unit')!)].filter(([, own]) =>
      own.some(({ speed_km_h: speed }) => Number(speed) > 10),
    );
    expect(driven.length).toBeGreaterThan(3);
  });
});

describe('flood-bedadung at 60 times', () => {
  const gauges = fleet.get('river_gauge')!.filter(({ values }) => values.river === 'Bedadung');
  let levels: Map<string, Observation[]>;
  beforeAll(() => {
    levels = byCode(
      observed({ speed: 60, scenario: 'flood-bedadung', minutes: 20, of: only('river_gauge') }).get('river_gauge')!,
    );
  });
  /** City minutes until a level is reached for the first time; that of the highest. */
  const reached = (code: string, level: number) =>
    60 * minuteOf(levels.get(code)!.find(({ level_cm: at }) => Number(at) >= level)!);
  const crest = (code: string) =>
    60 * minuteOf(levels.get(code)!.reduce((best, one) => (Number(one.level_cm) > Number(best.level_cm) ? one : best)));
  const heard = gauges.filter(({ values }) => values.method === 'telemetry');

  test('every gauge of the river comes to siaga 3, 2 and 1, in this order', () => {
    expect(heard.length).toBeGreaterThan(2);
    for (const { code, values } of heard) {
      if (!levels.has(code)) continue;
      const times = [values.siaga3_cm, values.siaga2_cm, values.siaga1_cm].map((limit) => reached(code, Number(limit)));
      expect(times, code).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  test('the crest is at the next gauge after its travel time', () => {
    let compared = 0;
    for (const { code, values } of heard) {
      const next = heard.find((other) => other.code === values.next_gauge_code);
      if (!next || !levels.has(code) || !levels.has(next.code)) continue;
      compared++;
      // Both are read every 5 minutes.
      expect(Math.abs(crest(next.code) - crest(code) - Number(values.travel_min)), code).toBeLessThanOrEqual(15);
    }
    expect(compared).toBeGreaterThan(0);
  });

  test('levels are continuous from the one the server shows', () => {
    const range = 250;
    for (const { code, values } of heard)
      for (const [i, { level_cm: level }] of (levels.get(code) ?? []).entries()) {
        const before = levels.get(code)![i - 1]?.level_cm ?? values.level_cm;
        if (before === undefined) continue;
        // 90 minutes of rise by 1.5 of the range, at most 1.5 times as steep in the middle; readings every 5 minutes.
        const minutes = i === 0 ? 35 : 10;
        expect(Math.abs(Number(level) - Number(before)), code).toBeLessThan((minutes * 1.5 * 1.6 * range) / 90);
      }
  });
});

test('a switch that fails takes its cameras down together and brings them back', () => {
  const cameras = observed({ minutes: (12 * 60) / 60, speed: 60, of: only('camera') }).get('camera')!;
  const switches = new Map(fleet.get('camera')!.map(({ code, values }) => [code, values.upstream_switch]));
  const falls = cameras.filter(
    ({ status, code }, i) =>
      status === 'offline' && cameras.slice(0, i).findLast((one) => one.code === code)?.status === 'online',
  );
  const together = Map.groupBy(falls, ({ code, observed_at }) => `${switches.get(code)} ${observed_at}`);
  expect(Math.max(...[...together.values()].map(({ length }) => length))).toBeGreaterThanOrEqual(15);
  const [fallen] = falls;
  expect(cameras.findLast(({ code }) => code === fallen!.code)?.status).toBe('online');
});

test('lamps go off at dawn and on at dusk, and a few fail', () => {
  const lamps = observed({ minutes: 24, speed: 60, of: only('streetlight') }).get('streetlight')!;
  const state = (hours: number) => {
    const until = lamps.filter((one) => minuteOf(one) <= hours);
    const last = [...byCode(until).values()].map((own) => own.at(-1)!);
    return last.filter(({ power_state: power }) => power === 'on').length / last.length;
  };
  expect(state(6)).toBeGreaterThan(0.8); //  01:40
  expect(state(14)).toBe(0); //              09:40
  expect(state(23.9)).toBeGreaterThan(0.8); // 19:34
  expect(lamps.some(({ status }) => status === 'defectiveLamp')).toBe(true);
});

test('the sun rises and sets over Jember when the almanac says', () => {
  const at = (time: string) => sunHeight(Date.parse(`2026-11-21T${time}+07:00`), [113.7, -8.17]);
  // 04:56 and 17:27, both at −0.83° (refraction and the sun's radius).
  expect(at('04:56')).toBeCloseTo(-0.83, 0);
  expect(at('17:27')).toBeCloseTo(-0.83, 0);
  expect(at('11:08')).toBeGreaterThan(75);
});

test('blackout: signals of the town are dark, its cameras offline, its hospitals compromised; then all come back', () => {
  const during = observed({ minutes: 50 / 60, speed: 60, scenario: 'blackout' });
  const all = observed({ minutes: 70 / 60, speed: 60, scenario: 'blackout' });
  const cut = city(place, { seed: 'jember', speed: 60, added: scenarios.blackout.incidents(start, place.centres) });
  const [light] = fleet
    .get('traffic_light')!
    .filter(
      ({ code, position }) =>
        isDark(cut, position, start + 5 * minuteMs) && byCode(during.get('traffic_light')!).has(code),
    );
  const modes = (of: typeof all) =>
    of
      .get('traffic_light')!
      .filter(({ code, mode }) => code === light!.code && mode !== undefined)
      .map(({ mode }) => mode);
  expect(modes(during).at(-1)).toBe('dark');
  expect(modes(all).at(-1)).not.toBe('dark');
  expect(during.get('hospital')!.some(({ facility_status: status }) => status === 'compromised')).toBe(true);
});

test('signals: one approach at most has green, for ten seconds at least, then three of yellow and two when all is red', () => {
  const found = observed({ minutes: 4, speed: 1, of: only('traffic_light') });
  const said = Map.groupBy(found.get('traffic_light')!, ({ code }) => code);
  const running = [...said.values()].map((all) => all.map(({ signal_groups: groups }) => String(groups)));
  for (const groups of running) for (const each of groups) expect(each).toMatch(/^(a{4}|c{4}|B{4}|B*[13N]B*)$/);
  expect(running.some((groups) => new Set(groups.map((each) => each.search(/[13]/))).size > 4)).toBe(true);
  for (const cycle of [60, 120]) {
    const turn = Array.from({ length: cycle }, (_, second) => signalGroups('fixed_time', cycle, second));
    for (const group of [0, 1, 2, 3]) {
      const shows = (characters: string) => turn.filter((groups) => characters.includes(groups[group]!)).length;
      expect([shows('13') >= 10, shows('N')]).toEqual([true, 3]);
    }
    expect(turn.filter((groups) => groups === 'BBBB').length).toBe(4 * 2);
  }
});

test('market-day: signals run the plan of the market', () => {
  const found = observed({ minutes: 1, speed: 60, scenario: 'market-day' });
  expect(found.get('traffic_light')!.some(({ running_plan: plan, mode }) => plan === 3 && mode === 'coordinated')).toBe(
    true,
  );
});

test('storm: every river is higher after two hours', () => {
  const found = byCode(
    observed({ minutes: 2, speed: 60, scenario: 'storm', of: only('river_gauge') }).get('river_gauge')!,
  );
  const rivers = new Map(fleet.get('river_gauge')!.map(({ code, values }) => [code, values.river]));
  const risen = new Set(
    [...found].filter(([, own]) => own.some(({ trend }) => trend === 'rising')).map(([code]) => rivers.get(code)),
  );
  expect(risen.size).toBe(8);
});

test('a button that is pressed is answered in time, by people whose clock is that on the wall', () => {
  const said = byCode(
    observed({ minutes: 40, speed: 60, scenario: 'market-day', of: only('panic_button') }).get('panic_button')!,
  );
  const courses = [...said.values()].map((own) => own.filter(({ state }) => state !== undefined));
  const course = courses.find((own) => own.some(({ state }) => state === 'closed'))!;
  expect(course.slice(0, 5).map(({ state }) => state)).toEqual([
    'pressed',
    'acknowledged',
    'dispatched',
    'closed',
    'idle',
  ]);
  const [pressed, acknowledged] = course.map(minuteOf);
  expect(acknowledged! - pressed!).toBeGreaterThan(1);
  expect(acknowledged! - pressed!).toBeLessThan(3);
  expect(course[0]).toMatchObject({ pressed_at: course[0]!.observed_at, ack_by: null, ack_at: null });
  expect(course[1]).toMatchObject({ ack_at: course[1]!.observed_at, ack_by: expect.stringContaining('simulasi') });
});

describe('complaints', () => {
  const days = 6;
  const speed = 60;
  const all = observed({ minutes: (days * 1440) / speed, speed, of: only('complaint') }).get('complaint')!;
  const cityTime = (one: Observation) => start + (Date.parse(one.observed_at) - start) * speed;
  const hour = (one: Observation) => Math.floor((cityTime(one) / 3_600_000 + 7) % 24);
  const arrivals = all.filter(({ subject }) => subject !== undefined);

  test('10 to 15 come in a day, most of them while people are awake', () => {
    const perDay = Map.groupBy(arrivals, (one) => Math.floor(cityTime(one) / 86_400_000));
    const whole = [...perDay].filter(([day]) => day > start / 86_400_000 && day < start / 86_400_000 + days - 1);
    expect(whole).toHaveLength(days - 1);
    for (const [, own] of whole) {
      expect(own.length).toBeGreaterThanOrEqual(10);
      expect(own.length).toBeLessThanOrEqual(15);
    }
    expect(arrivals.filter((one) => hour(one) >= 6 && hour(one) < 22).length).toBeGreaterThan(arrivals.length * 0.75);
    expect(new Set(arrivals.map(({ code }) => code)).size).toBe(arrivals.length);
    expect(new Set(arrivals.map(({ category }) => category)).size).toBeGreaterThan(4);
  });

  test('are worked off one step after the other, by day', () => {
    const order = ['received', 'triaged', 'assigned', 'in_progress', 'done'];
    const states = new Map(fleet.get('complaint')!.map(({ code, values }) => [code, String(values.state)]));
    const moves = all.filter(({ subject }) => subject === undefined);
    expect(moves.length).toBeGreaterThan(arrivals.length);
    for (const one of all) {
      const before = order.indexOf(states.get(one.code) ?? '');
      expect(order.indexOf(String(one.state)), one.code).toBeGreaterThan(before);
      states.set(one.code, String(one.state));
    }
    // Until 20:00, or the step after it.
    const sinceSeven = (one: Observation) => (cityTime(one) / minuteMs) % 1440;
    for (const one of moves) expect(sinceSeven(one), one.observed_at).toBeLessThanOrEqual(13 * 60 + 5);
    const lived = moves.filter(({ code, state }) => code.startsWith('SIM-') && state === 'done');
    expect(lived.length).toBeGreaterThan(10);
  });

  test('storm: people report trees and water', () => {
    const found = observed({ minutes: 3, speed: 60, scenario: 'storm', of: only('complaint') }).get('complaint')!;
    const about = found.flatMap(({ category }) => (category === undefined ? [] : [category]));
    expect(about.filter((one) => one === 'fallen_tree' || one === 'drainage').length).toBeGreaterThan(3);
  });
});

test('beds fill in an emergency', () => {
  const freeAfter = (scenario?: ScenarioName) =>
    [
      ...byCode(
        observed({ minutes: 4, speed: 60, of: only('hospital'), ...(scenario && { scenario }) }).get('hospital')!,
      ).values(),
    ].reduce((sum, own) => sum + Number(own.at(-1)!.class3_free ?? 0), 0);
  expect(freeAfter('storm')).toBeLessThan(freeAfter() * 0.8);
});

describe('a simulator that begins again', () => {
  /** The regency as the server shows it after observations. */
  function shownAfter(observations: ReadonlyMap<string, readonly Observation[]>): Fleet {
    return new Map(
      [...fleet].map(([layer, things]) => {
        const news = new Map<string, Record<string, string | number | boolean | null>>();
        for (const { code, lon: _lon, lat: _lat, ...said } of observations.get(layer) ?? [])
          news.set(code, { ...news.get(code), ...said });
        const shown = things.map((thing) => {
          const values = Object.entries({ ...thing.values, ...news.get(thing.code) });
          return {
            ...thing,
            values: Object.fromEntries(values.flatMap(([key, value]) => (value === null ? [] : [[key, value]]))),
          };
        });
        return [layer, shown];
      }),
    );
  }
  const first = (of: Fleet, from: number, minutes: number) => {
    const step = simulation(of, city(place, { seed: 'jember', speed: 1 }), from);
    const found = new Map<string, Observation[]>([...behaviours.keys()].map((layer) => [layer, []]));
    const largest = new Map<string, number>();
    for (let wall = from; wall <= from + minutes * minuteMs; wall += 5000)
      for (const [layer, batch] of step(wall)) {
        found.get(layer)!.push(...batch);
        largest.set(layer, Math.max(largest.get(layer) ?? 0, batch.length));
      }
    return { found, largest };
  };

  test('what the seed shows as broken does not come back by itself', () => {
    const { found } = first(fleet, start, 30);
    const broken = (layer: string, is: (thing: Thing) => boolean) => {
      const codes = new Set(
        fleet
          .get(layer)!
          .filter(is)
          .map(({ code }) => code),
      );
      expect(codes.size, layer).toBeGreaterThan(0);
      return found.get(layer)!.filter(({ code }) => codes.has(code));
    };
    for (const one of broken('camera', ({ values }) => values.status === 'offline')) expect(one.status).toBe('offline');
    expect(broken('camera', ({ values }) => values.status === 'disabled')).toEqual([]);
    for (const layer of ['camera', 'unit', 'panic_button', 'streetlight'])
      expect(
        broken(
          layer,
          ({ values }) =>
            values.observed_at !== undefined && Date.parse(String(values.observed_at)) < start - 25 * minuteMs,
        ),
        layer,
      ).toEqual([]);
  });

  test('after days away: levels go on from those that are shown, nothing comes in bulk, an open press is answered', () => {
    const before = observed({ minutes: 100 / 60, speed: 60, scenario: 'flood-bedadung' });
    const [button] = before.get('panic_button')!;
    const pressed = { ...button!, state: 'pressed', comment: 'Simulasi', pressed_at: button!.observed_at };
    before.get('panic_button')!.push(pressed);
    const left = shownAfter(before);
    const again = start + 4 * 86_400_000 + 5 * 3_600_000;
    const { found, largest } = first(left, again, 6);

    const shown = new Map(left.get('river_gauge')!.map(({ code, values }) => [code, values.level_cm]));
    const wave = left.get('river_gauge')!.filter(({ values }) => values.river === 'Bedadung');
    const readings = byCode(found.get('river_gauge')!);
    let compared = 0;
    for (const { code } of wave) {
      const [reading] = readings.get(code) ?? [];
      if (!reading || typeof shown.get(code) !== 'number') continue;
      compared++;
      expect(Math.abs(Number(reading.level_cm) - Number(shown.get(code))), code).toBeLessThan(25);
    }
    expect(compared).toBeGreaterThan(2);

    expect(found.get('complaint')!.length).toBeLessThan(6);
    expect(largest.get('streetlight')).toBeLessThan(400);
    const answers = found
      .get('panic_button')!
      .filter(({ code, state }) => code === pressed.code && state !== undefined);
    expect(answers.map(({ state }) => state)).toEqual(['acknowledged', 'dispatched']);
  });
});
