import { expect, test } from 'vitest';
import { labelRoom } from '../../web/map/label_room.ts';

test('what is taken is not given again, and a name beside it is', () => {
  const room = labelRoom([400, 300]);
  room.take([96, 96, 116, 116]);
  expect(room.takeIfFree([112, 100, 180, 114])).toBe(false);
  expect(room.takeIfFree([120, 100, 180, 114])).toBe(true);
  expect(room.takeIfFree([176, 100, 220, 114])).toBe(false);
  // One that found no room takes none.
  expect(room.takeIfFree([184, 100, 240, 114])).toBe(true);
});

test('a name that reaches over the edge has room, one beyond it has none', () => {
  const room = labelRoom([401, 299]);
  expect(room.takeIfFree([-30, 10, 30, 24])).toBe(true);
  expect(room.takeIfFree([380, 290, 460, 304])).toBe(true);
  for (const beyond of [
    [-90, 10, -4, 24],
    [404, 10, 460, 24],
    [10, -20, 60, -2],
    [10, 300, 60, 320],
  ] as const)
    expect(room.takeIfFree(beyond), beyond.join()).toBe(false);
  // Nothing of it comes in again at the other side.
  expect(room.takeIfFree([0, 40, 60, 56])).toBe(true);
});

test('on a map without a size there is no room', () => {
  expect(labelRoom([]).takeIfFree([0, 0, 10, 10])).toBe(false);
});
