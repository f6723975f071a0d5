import { isSilent } from '../../fate.ts';
import { toDegrees } from '../../plane.ts';
import { type Generator, minutesBefore, padded, simulated } from '../../row.ts';

/** The town square and the station first, then the markets of the districts. */
export const panic_button: Generator = function* ({ region, chance, count, now }) {
  const [east, north] = region.town.point;
  const places = [
    { name: 'Alun-alun Jember', point: [east, north + 0.05] as const },
    { name: 'Stasiun Jember', point: [east + 0.4, north + 0.9] as const },
    ...region.seats.map(({ name, point }) => ({
      name: `Pasar ${name}`,
      point: [point[0] + 0.15, point[1] - 0.1] as const,
    })),
  ];
  for (const [i, { name, point }] of places.slice(0, count(60, 12)).entries()) {
    const position = toDegrees(point);
    const code = `TP-${padded(i + 1, 2)}`;
    const silent = isSilent('panic_button', code);
    yield simulated(position, {
      code,
      name,
      device: `LORA-${padded(i + 101, 4)}`,
      kind: 'pole',
      state: silent ? 'silent' : 'idle',
      battery_percent: chance.integer(35, 100),
      observed_at: minutesBefore(now, silent ? chance.integer(60, 900) : chance.next() * 4),
      agency: 'Satpol PP',
      area_code: region.boundaries.villageAt(position) ?? null,
    });
  }
};
