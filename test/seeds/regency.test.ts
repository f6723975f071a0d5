import { expect, test } from 'vitest';
import { generators } from '../../seeds/jember/generators.ts';
import { region } from '../../seeds/jember/region.ts';
import { between, distance, type Km, toKm } from '../../seeds/plane.ts';
import { random } from '../../seeds/random.ts';
import type { Seeded } from '../../seeds/row.ts';

/** How many things the demo regency has at scale 1, and where it puts them. */
const place = region();
const now = new Date('2026-11-21T12:40:00Z');

/** The first rows of a layer at scale 1, and how many its generator means to make, where it asks. */
function rowsAt1(id: string, most: number): { readonly rows: readonly Seeded[]; readonly wanted: number } {
  let wanted = 0;
  const count = (base: number, least: number) => {
    wanted = Math.max(base, least);
    return wanted;
  };
  const rows: Seeded[] = [];
  for (const row of generators.get(id)!({ region: place, chance: random(`jember ${id}`), count, now, scale: 1 })) {
    rows.push(row);
    if (rows.length === most) break;
  }
  return { rows, wanted };
}

function pointOf({ geometry }: Seeded): Km {
  if (geometry?.type !== 'Point') throw new TypeError('it has no point');
  return toKm(geometry.coordinates);
}

/** Kilometres from a point to the nearest of some lines. */
function toNearest(point: Km, lines: readonly { readonly line: readonly Km[] }[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { line } of lines)
    for (let i = 1; i < line.length; i++) {
      const [a, b] = [line[i - 1]!, line[i]!];
      const length = distance(a, b);
      const along = (point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1]);
      const share = length === 0 ? 0 : Math.max(0, Math.min(1, along / length ** 2));
      least = Math.min(least, distance(point, between(a, b, share)));
    }
  return least;
}

const whole = Number.POSITIVE_INFINITY;

test.each([
  ['district', 31, whole],
  ['village', 248, whole],
  ['river_gauge', 500, whole],
  ['traffic_light', 300, whole],
  ['camera', 2_200, whole],
  ['complaint', 20_000, whole],
  ['streetlight', 60_000, whole],
  // Making them all would take a while, and each is made the same way.
  ['umkm', 650_000, 1000],
])('at scale 1 there are of %s: %i', (id, expected, most) => {
  const { rows, wanted } = rowsAt1(id, most);
  if (wanted > 0) expect(wanted).toBe(expected);
  // Each river has whole gauges, so that they are a few more or less than asked for.
  expect(Math.abs(rows.length / Math.min(most, expected) - 1)).toBeLessThan(id === 'river_gauge' ? 0.02 : 1e-9);
});

test.each([
  ['umkm', 0.25],
  ['complaint', 0.5],
])('%s crowd in the town: within five kilometres of its centre at least this share: %f', (id, share) => {
  const { rows } = rowsAt1(id, 10_000);
  const near = rows.filter((row) => distance(pointOf(row), place.town.point) < 5).length;
  expect(near / rows.length).toBeGreaterThan(share);
});

test('street lights and signals stand along the schematic roads', () => {
  const { roads } = place.roads;
  const lights = rowsAt1('streetlight', whole).rows.filter((_, i) => i % 240 === 0);
  for (const row of lights) expect(toNearest(pointOf(row), roads), String(row.row.code)).toBeLessThan(0.006);
  for (const row of rowsAt1('traffic_light', whole).rows)
    expect(toNearest(pointOf(row), roads), String(row.row.code)).toBeLessThan(0.001);
});

test('gauges stand at the rivers they name', () => {
  for (const row of rowsAt1('river_gauge', whole).rows) {
    const own = place.rivers.filter(({ name }) => name === row.row.river);
    expect(toNearest(pointOf(row), own), String(row.row.code)).toBeLessThan(0.011);
  }
});
