import { describe, expect, test } from 'vitest';
import type { CatalogueLayer } from '../../server/registry/catalogue.ts';
import type { Series } from '../../server/registry/series.ts';
import type { LayerFeature } from '../../web/api/feature.ts';
import { shortDayText, shortTimeText, zoneOffset } from '../../web/i18n/format.ts';
import { thresholdLines } from '../../web/panels/hydrograph_lines.ts';
import { gapOf, nearestPoint, quantitiesOf, readingsOf } from '../../web/panels/hydrograph_points.ts';
import { airy, niceTicks, scale, timeTicks } from '../../web/panels/hydrograph_scale.ts';

const base = Date.UTC(2026, 10, 21, 12);
const minutes = (count: number) => base + count * 60_000;

/** A series with a reading in each of these minutes; undefined: only suspect ones. */
function series(levels: readonly (readonly [minute: number, level: number | undefined])[]): Series {
  const values = levels.map(([, level]) => level ?? null);
  return {
    ...{ layer: 'river_gauge', id: 1, resolution: 60 },
    from: new Date(base).toISOString(),
    to: new Date(minutes(60)).toISOString(),
    time: levels.map(([minute]) => new Date(minutes(minute)).toISOString()),
    count: levels.map(() => 2),
    suspect: levels.map(([, level]) => (level === undefined ? 2 : 0)),
    attributes: {
      level_cm: { min: values, mean: values, max: values.map((value) => value && value + 1) },
      quality: { last: values.map(() => 'good') },
    },
  };
}

describe('the readings of a series', () => {
  test('are runs that end where there was silence', () => {
    const { runs, points } = readingsOf(series([[0, 10], [5, 11], [40, 12], [45, 0]]), 'level_cm', 16 * 60_000); // biome-ignore format: one line
    expect(runs.map((run) => run.map(({ mean }) => mean))).toEqual([[10, 11], [12, 0]]); // biome-ignore format: one line
    expect(points[0]).toEqual({ time: base + 30_000, min: 10, mean: 10, max: 11 });
  });

  test('leave out the suspect and tell when they were; zero is a reading', () => {
    const { points, suspect } = readingsOf(series([[0, 0], [5, undefined], [10, 1]]), 'level_cm', 900_000); // biome-ignore format: one line
    expect(points.map(({ mean }) => mean)).toEqual([0, 1]);
    expect(suspect).toEqual([{ time: minutes(5) + 30_000, count: 2 }]);
  });

  test('go on with the newest, unless the series has it already or it is older than all', () => {
    const read = (time: number) => readingsOf(series([[0, 1], [5, 2]]), 'level_cm', 900_000, { time, value: 9 }).points; // biome-ignore format: one line
    expect(read(minutes(12)).at(-1)).toEqual({ time: minutes(12), min: 9, mean: 9, max: 9 });
    expect(read(minutes(5) + 59_000)).toHaveLength(2);
    expect(readingsOf(series([]), 'level_cm', 1, { time: minutes(-1), value: 9 }).points).toEqual([]);
    expect(readingsOf(series([]), 'level_cm', 1, { time: minutes(1), value: 9 }).points).toHaveLength(1);
  });

  test('are not of a time to come: the last bucket is not over', () => {
    const { points } = readingsOf({ ...series([[59, 1]]), resolution: 600 }, 'level_cm', 1);
    expect(points.map(({ time }) => time)).toEqual([minutes(60)]);
  });

  test('of anything but quantities are none', () => {
    expect(quantitiesOf(series([]))).toEqual(['level_cm']);
    expect(readingsOf(series([[0, 1]]), 'quality', 1).points).toEqual([]);
    expect(readingsOf(series([[0, 1]]), 'nothing', 1).points).toEqual([]);
  });

  test('a gap is what makes stale, or three times the usual distance, never less than two buckets', () => {
    const every5 = series([[0, 1], [5, 1], [10, 1], [50, 1]]); // biome-ignore format: one line
    expect(gapOf(every5, 15)).toBe(16 * 60_000);
    expect(gapOf(every5, undefined)).toBe(16 * 60_000);
    expect(gapOf({ ...every5, resolution: 3600 }, 15)).toBe(2.5 * 3_600_000);
    expect(gapOf(series([]), undefined)).toBe(4 * 60_000);
  });

  test('the nearest point', () => {
    const { points } = readingsOf(series([[0, 1], [10, 2], [20, 3]]), 'level_cm', 1); // biome-ignore format: one line
    expect([-99, 0, 4, 6, 11, 99].map((minute) => nearestPoint(points, minutes(minute)))).toEqual([0, 0, 0, 1, 1, 2]);
    expect(nearestPoint([], base)).toBe(-1);
  });
});

describe('scales', () => {
  test('lay numbers along pixels, both ways, also a single number', () => {
    const up = scale([0, 100], [200, 0]);
    expect([0, 50, 100].map(up.at)).toEqual([200, 100, 0]);
    expect(up.of(100)).toBe(50);
    expect(scale([5, 5], [0, 10]).at(5)).toBe(0);
  });

  test.each([
    [
      [0, 100],
      [0, 50, 100],
    ],
    [
      [-40, 220],
      [0, 100, 200],
    ],
    [
      [-3, 3],
      [-2, 0, 2],
    ],
    [
      [0.1, 0.35],
      [0.1, 0.2, 0.3],
    ],
    [[1, 1], [1]],
  ] as const)('ticks of %j are %j', (range, ticks) => {
    expect(niceTicks(range, 3)).toEqual(ticks);
  });

  test('leave air', () => {
    expect(airy([0, 120])).toEqual([-10, 130]);
    expect(airy([])).toEqual([0, 1]);
    const [low, high] = airy([5]);
    expect(low < 5 && high > 5).toBe(true);
    expect(airy([0])).toEqual([-1 / 12, 1 / 12]);
  });

  test('times are whole on the clock of the place, and midnight is that of the place', () => {
    const offset = zoneOffset(base);
    expect(offset).toBe(7 * 3_600_000);
    const ticks = timeTicks([base, base + 24 * 3_600_000], 5, offset);
    expect(ticks.map(({ time }) => shortTimeText(time, 'id'))).toEqual(['00.00', '06.00', '12.00', '18.00']);
    expect(ticks.map(({ isDay }) => isDay)).toEqual([true, false, false, false]);
    expect(shortDayText(ticks[0]!.time, 'en')).toBe('22 Nov');
    const month = timeTicks([base, base + 30 * 86_400_000], 5, offset);
    expect(month.length).toBeLessThanOrEqual(6);
    expect(month.every(({ isDay }) => isDay)).toBe(true);
  });
});

test('the lines of a feature are those its layer declares and the feature has, the highest first', () => {
  const layer = {
    state: 'siaga',
    attributes: {
      siaga: {
        kind: 'choice',
        choices: { 1: { id: 'Siaga 1', en: 'Level 1', severity: 'critical' }, 3: { id: 'Siaga 3', en: 'Level 3' } },
      },
    },
    series: {
      attributes: ['level_cm'],
      keptDays: 1,
      thresholds: { of: 'level_cm', by: { 1: 'top', 2: 'middle', 3: 'low' } },
    },
  } as unknown as CatalogueLayer; // what is read of a layer
  const feature = { properties: { low: 100, middle: null, top: 300 } } as unknown as LayerFeature;
  expect(thresholdLines(layer, feature, 'level_cm', 'en')).toEqual([
    { value: 300, label: 'Level 1', severity: 'critical' },
    { value: 100, label: 'Level 3', severity: 'normal' },
  ]);
  expect(thresholdLines(layer, feature, 'rate', 'id')).toEqual([]);
});
