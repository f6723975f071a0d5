import type { Seeded } from '../row.ts';
import type { City } from '../simulator/city.ts';
import { hospital } from './past/hospital.ts';
import type { Lived } from './past/past.ts';
import { river_gauge } from './past/river_gauge.ts';
import { unit } from './past/unit.ts';

/** What the things of a layer went through before the moment the regency is seen at: all of them, as they are seeded. */
export type Past = (rows: readonly Seeded[], city: City, now: Date) => readonly Lived[];

/** The layers whose things have a past, as the simulator would have made it. */
export const pasts: ReadonlyMap<string, Past> = new Map(Object.entries({ hospital, river_gauge, unit }));
