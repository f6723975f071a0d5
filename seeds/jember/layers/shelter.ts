import { toDegrees, toKm } from '../../plane.ts';
import { type Generator, minutesBefore, padded, simulated } from '../../row.ts';

/** A hall or field in villages near the rivers, as many as the scale allows. */
export const shelter: Generator = function* ({ region, chance, count, now }) {
  for (const [i, village] of region.villages
    .filter((_, index) => index % 3 === 0)
    .slice(0, count(120, 60))
    .entries()) {
    const [east, north] = toKm(village.point);
    const position = toDegrees([east + 0.2, north - 0.15]);
    const kind = chance.weighted({ assembly_point: 5, shelter: 4, command_post: 1 });
    const capacity = chance.integer(8, 60) * 10;
    const state = chance.weighted({ ready: 92, open: 5, nearly_full: 1, unusable: 2 });
    const occupied =
      state === 'open' ? Math.round(capacity * 0.3) : state === 'nearly_full' ? Math.round(capacity * 0.92) : 0;
    yield simulated(position, {
      code: `TK-${padded(i + 1, 3)}`,
      name: {
        assembly_point: `Lapangan ${village.name}`,
        shelter: `Balai Desa ${village.name}`,
        command_post: `Posko ${village.name}`,
      }[kind],
      kind,
      state,
      capacity,
      occupied,
      needs: occupied > 0 ? 'Selimut, air minum' : null,
      accessible: chance.chance(0.4),
      water: chance.chance(0.85),
      toilets: chance.integer(2, 12),
      address: `${village.kind === 'desa' ? 'Desa' : 'Kelurahan'} ${village.name}`,
      observed_at: minutesBefore(now, occupied > 0 ? chance.integer(3, 50) : chance.integer(600, 40_000)),
      agency: 'BPBD',
      area_code: region.boundaries.villageAt(position) ?? village.code,
    });
  }
};
