import type { Seeded } from '../../row.ts';
import type { Thing } from '../../simulator/city.ts';

/** What was observed of a thing, by the columns of its layer's series; `lon` and `lat` of what moves, degrees. */
export interface PastObservation {
  readonly observed_at: Date;
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** A row that has been observed before, and what was. */
export interface Lived {
  readonly seeded: Seeded;
  readonly past: readonly PastObservation[];
}

/** A row as the simulator meets it once it is served; undefined without a code or a place. */
export function thingOf({ row, geometry }: Seeded): Thing | undefined {
  const { code, ...rest } = row;
  if (code === null || geometry?.type !== 'Point') return undefined;
  const [lon = 0, lat = 0] = geometry.coordinates;
  const values = Object.entries(rest).flatMap(([key, value]) =>
    value === null || value instanceof Date ? [] : [[key, value] as const],
  );
  return { code, position: [lon, lat], values: Object.fromEntries(values) };
}
