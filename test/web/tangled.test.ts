import { expect, test } from 'vitest';
import { isTangled, type Path, sideOf } from '../../web/map/crossing.ts';

const box = (west: number, south: number, size: number): Path => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const big = box(0, 0, 10);

test.each<[string, Path[][], boolean]>([
  ['one_part', [[big]], false],
  ['hole_inside', [[big, box(2, 2, 3)]], false],
  ['hole_across_the_outline', [[big, box(8, 2, 5)]], true],
  ['hole_outside', [[big, box(20, 2, 3)]], true],
  ['hole_in_a_hole', [[big, box(2, 2, 5), box(3, 3, 1)]], true],
  ['holes_over_each_other', [[big, box(2, 2, 3), box(4, 4, 3)]], true],
  ['two_holes', [[big, box(1, 1, 2), box(5, 5, 2)]], false],
  ['parts_apart', [[big], [box(20, 0, 5)]], false],
  ['parts_over_each_other', [[big], [box(8, 2, 5)]], true],
  ['part_inside_a_part', [[big], [box(2, 2, 3)]], true],
  ['part_around_a_part', [[box(2, 2, 3)], [big]], true],
  ['island_in_a_hole', [[big, box(2, 2, 6)], [box(4, 4, 2)]], false],
  ['the_same_twice', [[big], [big]], true],
])('%s', (_, parts, expected) => expect(isTangled(parts)).toBe(expected));

test('a corner that was put on the outline by the hand does not make a neighbour lie over it', () => {
  const beside: Path = [
    [10, 0],
    [15, 0],
    [15, 10],
    [10, 10],
    [10, 5 + 1e-9],
    [10, 0],
  ];
  expect(sideOf(beside, big)).toBe(-1);
});
