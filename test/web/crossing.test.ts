import { expect, test } from 'vitest';
import { crossesItself } from '../../web/map/crossing.ts';

test.each([
  [
    'a triangle',
    [
      [0, 0],
      [2, 0],
      [1, 2],
      [0, 0],
    ],
    false,
  ],
  [
    'a bow tie',
    [
      [0, 0],
      [2, 2],
      [2, 0],
      [0, 2],
      [0, 0],
    ],
    true,
  ],
  [
    'a line that crosses itself',
    [
      [0, 0],
      [2, 2],
      [2, 0],
      [0, 2],
    ],
    true,
  ],
  [
    'a line that bends',
    [
      [0, 0],
      [2, 2],
      [2, 0],
      [3, -1],
    ],
    false,
  ],
  [
    'a ring with a spike that runs back',
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [4, 6],
      [4, 4],
      [0, 4],
      [0, 0],
    ],
    true,
  ],
  [
    'a ring that touches one of its edges',
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [2, 0],
      [0, 4],
      [0, 0],
    ],
    true,
  ],
  [
    'a ring with a point placed twice',
    [
      [0, 0],
      [4, 0],
      [4, 0],
      [4, 4],
      [0, 0],
    ],
    false,
  ],
  [
    'a ring with a straight corner',
    [
      [0, 0],
      [2, 0],
      [4, 0],
      [4, 4],
      [0, 0],
    ],
    false,
  ],
  [
    'a line back over itself',
    [
      [0, 0],
      [4, 0],
      [1, 0],
    ],
    true,
  ],
  ['a point', [[0, 0]], false],
])('%s', (_, path, expected) => expect(crossesItself(path)).toBe(expected));
