import { kinks, polygon } from '@turf/turf';
import type { Position } from 'geojson';
import { toDegrees } from '../../plane.ts';
import { type Generator, padded } from '../../row.ts';
import { along } from '../along.ts';

/** Bands of low ground beside the lower rivers, wider towards the sea. */
export const flood_zone: Generator = function* ({ region, chance, scale }) {
  const wanted = Math.round(25 * Math.max(1, Math.sqrt(scale)));
  const total = region.rivers.reduce((sum, { lengthKm }) => sum + lengthKm, 0);
  let number = 0;
  for (const { name, line, lengthKm } of region.rivers) {
    const here = Math.max(1, Math.round((wanted * lengthKm) / total));
    for (let i = 0; i < here; i++) {
      const from = lengthKm * (0.35 + (0.62 * i) / here);
      const length = Math.min(lengthKm * 0.98 - from, 1.2 + chance.next() * 2.2);
      if (length < 0.5) continue;
      const middle = toDegrees(along(line, from + length / 2));
      const area = region.boundaries.villageAt(middle) ?? null;
      const width = (0.12 + 0.35 * (from / lengthKm)) * (0.7 + chance.next() * 0.6);
      const hazard = chance.weighted({ high: 3, medium: 4, low: 3 });
      yield {
        row: {
          code: `ZRB-${padded(++number, 3)}`,
          name: `${name} – ${area ? region.village(area).name : 'muara'}`,
          hazard_class: hazard,
          depth_cm: { high: chance.integer(100, 180), medium: chance.integer(50, 100), low: chance.integer(15, 50) }[
            hazard
          ],
          return_period_years: { high: 2, medium: 5, low: 25 }[hazard],
          assessed_year: 2024,
          assessed_by: 'Simulasi',
          agency: 'BPBD',
          area_code: area,
          source: 'demo',
        },
        geometry: { type: 'MultiPolygon', coordinates: [[simpleBand(line, from, length, width)]] },
      };
    }
  }
};

/** The band, made narrower until it does not cross itself in a bend. */
function simpleBand(line: Parameters<typeof along>[0], from: number, length: number, width: number): Position[] {
  for (let narrower = width; ; narrower *= 0.7) {
    const ring = band(line, from, length, narrower);
    if (kinks(polygon([ring])).features.length === 0) return ring;
  }
}

/** A ring around a stretch of a river: down one side at a distance that swells and ebbs, and up the other. */
function band(line: Parameters<typeof along>[0], from: number, length: number, width: number): Position[] {
  const steps = Math.max(6, Math.round(length / 0.25));
  const side = (sign: 1 | -1) =>
    Array.from({ length: steps + 1 }, (_, i) => {
      const part = i / steps;
      return toDegrees(along(line, from + length * part, sign * width * (0.12 + Math.sin(Math.PI * part))));
    });
  const ring = [...side(-1), ...side(1).reverse()];
  return [...ring, ring[0]!];
}
