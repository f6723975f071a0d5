import { distance, type Km, toKm } from '../plane.ts';
import type { Random } from '../random.ts';
import { type Incident, incidentsOfDay } from './incidents.ts';

/** A row of the demo regency as the server shows it. */
export interface Thing {
  readonly code: string;
  /** Degrees. */
  readonly position: readonly [lon: number, lat: number];
  /** The attributes that are not null, by name. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/** What there is to simulate, by layer. */
export type Fleet = ReadonlyMap<string, readonly Thing[]>;

/** A record for `POST /api/ingest/{layer}`. */
export type Observation = Readonly<Record<string, string | number | boolean | null>> & {
  readonly code: string;
  readonly observed_at: string;
};

/** One moment on both clocks, milliseconds since 1970: that on the wall, and the city's, which may run faster. */
export interface Moment {
  readonly wall: number;
  readonly city: number;
}

/** A road that units drive on. */
export interface Drive {
  readonly line: readonly Km[];
  readonly lengthKm: number;
}

/** Where things happen. */
export interface Place {
  readonly roads: readonly Drive[];
  /** Where the town and the seats of the districts are, the town first. */
  readonly centres: readonly Km[];
  /** A spot where somebody reports something, and the name of its village. */
  readonly anywhere: (chance: Random) => { readonly position: Thing['position']; readonly village: string };
}

/** What all things of the city share. */
export interface City extends Place {
  readonly seed: string;
  /** City seconds in a second on the wall. */
  readonly speed: number;
  /** The incidents that may still be felt at a moment of the city. */
  readonly incidents: (at: number) => readonly Incident[];
}

/** How the things of a layer behave: made once of them, then asked at each moment, in order, what they report. */
export type Behaviour = (things: readonly Thing[], city: City) => (moment: Moment) => Observation[];

const dayMs = 86_400_000;

/** Ordinary days, with the incidents of a scenario added. The same seed and day give the same incidents. */
export function city(
  place: Place,
  { seed, speed, added = [] }: { seed: string; speed: number; added?: readonly Incident[] },
): City {
  const days = new Map<number, readonly Incident[]>();
  return {
    ...place,
    seed,
    speed,
    incidents(at) {
      const today = Math.floor(at / dayMs);
      const known = days.get(today);
      if (known) return known;
      // A wave takes more than a day from the first gauge until nothing is left of it at the last.
      const found = [today - 2, today - 1, today].flatMap((day) => incidentsOfDay(day * dayMs, seed, place.centres));
      days.clear();
      days.set(today, [...added, ...found]);
      return days.get(today)!;
    },
  };
}

/** The incidents of a kind that began after a moment of the city, until another. */
export function begun<K extends Incident['kind']>(
  { incidents }: City,
  kind: K,
  after: number,
  until: number,
): Extract<Incident, { kind: K }>[] {
  const isOne = (each: Incident): each is Extract<Incident, { kind: K }> => each.kind === kind;
  return incidents(until)
    .filter(isOne)
    .filter(({ from }) => from > after && from <= until);
}

/** Whether such a thing goes on at a moment of the city. */
export function goesOn({ incidents }: City, kind: 'market' | 'emergency', at: number): boolean {
  return incidents(at).some((each) => each.kind === kind && at >= each.from && at < each.to);
}

/** Whether a place has no electricity. */
export function isDark({ incidents }: City, position: Thing['position'], at: number): boolean {
  const here = toKm([...position]);
  return incidents(at).some(
    (each) =>
      each.kind === 'blackout' && at >= each.from && at < each.to && distance(each.centre, here) < each.radiusKm,
  );
}

/** A moment on the wall as a device writes it. */
export function written({ wall }: Moment): string {
  return new Date(wall).toISOString();
}

/** The number of an attribute, undefined without one. */
export function numberOf({ values }: Thing, attribute: string): number | undefined {
  const value = values[attribute];
  return typeof value === 'number' ? value : undefined;
}
