import { expect, test } from 'vitest';
import { type Fix, trailPieces } from '../../web/map/trail_pieces.ts';

const now = 10_000;
const fix = (x: number, secondsAgo: number): Fix => ({ at: [x, 0], time: now - secondsAgo });
const pieces = (...fixes: Fix[]) => trailPieces(fixes, now, 80, 30);
const xs = (found: ReturnType<typeof pieces>) => found.map(({ step, line }) => [step, line.map(([x]) => x)]);

test('a way without a gap is one line of pieces that meet, the older the more faded', () => {
  expect(xs(pieces(fix(1, 28), fix(2, 22), fix(3, 14), fix(4, 12), fix(5, 2)))).toEqual([
    [2, [1, 2]],
    [1, [2, 3, 4]],
    [0, [4, 5]],
  ]);
});

test('what is older than the time that is shown is gone', () => {
  expect(xs(pieces(fix(1, 100), fix(2, 90), fix(3, 79)))).toEqual([[7, [2, 3]]]);
  expect(pieces(fix(1, 100), fix(2, 80))).toEqual([]);
});

test('over a gap there is no line, and after it a new one', () => {
  expect(xs(pieces(fix(1, 52), fix(2, 45), fix(3, 14), fix(4, 11)))).toEqual([
    [4, [1, 2]],
    [1, [3, 4]],
  ]);
});

test('a clock that runs ahead is now', () => {
  expect(xs(pieces(fix(1, 3), fix(2, -4)))).toEqual([[0, [1, 2]]]);
});

test('one place, or none, is no way', () => {
  expect(pieces()).toEqual([]);
  expect(pieces(fix(1, 3))).toEqual([]);
});
