import type { ReportCategory } from '../jember/report.ts';
import type { Km } from '../plane.ts';
import { random } from '../random.ts';

interface Lasting {
  /** City time, milliseconds since 1970; `to` is not in it. */
  readonly from: number;
  readonly to: number;
}

/** Something that happens to the city. */
export type Incident =
  | {
      readonly kind: 'rain';
      /** The water reaches the first gauge of this river. */
      readonly river: string;
      readonly from: number;
      /** 1 lifts a gauge from its calm level to siaga 1. */
      readonly strength: number;
      readonly riseMinutes: number;
      /** Minutes in which two thirds of it run out again. */
      readonly fallMinutes: number;
    }
  | (Lasting & { readonly kind: 'switch' /** Which one: a fraction of the list of them. */; readonly which: number })
  | (Lasting & { readonly kind: 'blackout'; readonly centre: Km; readonly radiusKm: number })
  | (Lasting & { readonly kind: 'market'; readonly centres: readonly Km[]; readonly radiusKm: number })
  | (Lasting & { readonly kind: 'emergency' })
  | { readonly kind: 'press'; readonly from: number; readonly which: number }
  | {
      readonly kind: 'complaint';
      readonly from: number;
      /** Of any category where it says none. */
      readonly about?: readonly ReportCategory[];
    };

/** The rivers of the demo regency that it rains on. */
export const rivers = ['Bedadung', 'Jompo', 'Dinoyo', 'Mayang', 'Antirogo', 'Sanenrejo', 'Tanggul', 'Bondoyudo'];

export const minuteMs = 60_000;
/** Jember is 7 hours ahead of UTC, all year. */
export const localHour = (at: number) => (at / 3_600_000 + 7) % 24;

/**
 * What happens on an ordinary day that begins at `start` (midnight UTC): some rain, a switch or two, a button pressed, 10 to
 * 15 complaints, rarely a power cut.
 */
export function incidentsOfDay(start: number, seed: string, centres: readonly Km[]): Incident[] {
  const chance = random(`${seed} ${start}`);
  const minute = (from = 0, to = 1439) => start + chance.integer(from, to) * minuteMs;
  const lasting = (fromMinutes: number, toMinutes: number) => {
    const from = minute();
    return { from, to: from + chance.integer(fromMinutes, toMinutes) * minuteMs };
  };
  const rain = rivers.flatMap((river) =>
    Array.from(
      { length: chance.integer(1, 4) },
      (): Incident => ({
        kind: 'rain',
        river,
        from: minute(),
        strength: 0.12 + 0.5 * chance.next() ** 2,
        riseMinutes: chance.integer(30, 100),
        fallMinutes: chance.integer(60, 200),
      }),
    ),
  );
  const switches = Array.from(
    { length: chance.integer(6, 12) },
    (): Incident => ({ kind: 'switch', which: chance.next(), ...lasting(4, 20) }),
  );
  const presses = Array.from(
    { length: chance.integer(1, 4) },
    (): Incident => ({ kind: 'press', which: chance.next(), from: minute() }),
  );
  const cuts: Incident[] = chance.chance(0.3)
    ? [{ kind: 'blackout', centre: chance.pick(centres), radiusKm: 0.8 + chance.next(), ...lasting(10, 60) }]
    : [];
  const complaints = Array.from({ length: chance.integer(10, 15) }, (): Incident => {
    const hour = chance.chance(0.9) ? chance.integer(6, 21) : chance.integer(22, 29);
    return { kind: 'complaint', from: start + (((hour + 17) % 24) * 60 + chance.integer(0, 59)) * minuteMs };
  });
  return [...rain, ...switches, ...presses, ...cuts, ...complaints];
}
