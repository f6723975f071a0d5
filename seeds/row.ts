import type { Geometry, Position } from 'geojson';
import type { Region } from './jember/region.ts';
import type { Random } from './random.ts';

/** What a layer's generator is given. */
interface Place {
  readonly region: Region;
  /** A stream of chance of the layer's own. */
  readonly chance: Random;
  readonly scale: number;
  /** How many of something there are at this scale: `base` at scale 1, at least `least`. */
  readonly count: (base: number, least: number) => number;
  /** The moment the regency is seen at; every time in it derives from this one. */
  readonly now: Date;
}

/** A thing of a layer: the common columns, and the attributes by name. */
type SeedThing = Readonly<Record<string, string | number | boolean | Date | null>> & {
  readonly code: string | null;
  readonly agency: string | null;
  readonly area_code: string | null;
};

/** The row of a thing: it says that nobody surveyed it. */
type SeedRow = SeedThing & { readonly source: 'demo' | 'schematic' };

/** A generated row and where it is. */
export interface Seeded {
  readonly row: SeedRow;
  readonly geometry: Geometry | null;
}

/** Makes the rows of one layer, lazily: a regency of scale 8 never stands in memory at once. */
export type Generator = (place: Place) => Iterable<Seeded>;

/** A simulated thing at a point, marked as one. */
export function simulated(coordinates: Position, thing: SeedThing): Seeded {
  return { row: { ...thing, source: 'demo' }, geometry: { type: 'Point', coordinates } };
}

/** A moment some minutes before another. */
export function minutesBefore(now: Date, minutes: number): Date {
  return new Date(now.getTime() - Math.round(minutes * 60_000));
}

/** Makes names different: the second thing of a name is called so with a 2 behind it. */
export function numbered(): (name: string) => string {
  const given = new Map<string, number>();
  return (name) => {
    const number = (given.get(name) ?? 0) + 1;
    given.set(name, number);
    return number === 1 ? name : `${name} ${number}`;
  };
}

/** A number written with leading zeros. */
export function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
