import { expect, test } from 'vitest';
import { densityGrid, densityOpacity } from '../../web/map/density_grid.ts';

const sum = (grid: Float32Array) => grid.reduce((total, density) => total + density, 0);

test('heaps add up to their counts, wherever between the cells they lie, and those outside to nothing', () => {
  const heaps = [
    { x: 30, y: 30, count: 1200, radius: 12 },
    { x: 61.3, y: 44.8, count: 7, radius: 20 },
    { x: 400, y: 44, count: 99, radius: 20 },
  ];
  expect(sum(densityGrid(100, 80, heaps)) / 1207).toBeCloseTo(1, 2);
});

test('a heap that the edge cuts in half leaves half of it, none of it on the other side', () => {
  const grid = densityGrid(50, 50, [{ x: -0.5, y: 25, count: 100, radius: 10 }]);
  expect(sum(grid) / 50).toBeCloseTo(1, 1);
  expect(grid[25 * 50 + 49]).toBe(0);
});

test('nothing is nowhere seen, a hundredth of the densest is, and denser is never paler', () => {
  expect(densityOpacity(0, 0)).toBe(0);
  expect(densityOpacity(0, 10)).toBe(0);
  expect(densityOpacity(0.1, 10)).toBeGreaterThan(0.05);
  const steps = Array.from({ length: 11 }, (_, step) => densityOpacity(step, 10));
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(steps.at(-1)).toBeLessThan(0.6);
});
