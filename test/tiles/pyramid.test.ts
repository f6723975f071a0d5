import { expect, test } from 'vitest';
import { countCells, type PointColumns, Pyramid } from '../../tiles/pyramid.ts';

/** Points by slot, all in one place: when each goes stale, a while after it was observed. */
function placed(expires: number[]): PointColumns {
  const observedAt = (slot: number) => (expires[slot] === 0 ? Number.NaN : expires[slot]! - 900);
  return { x: () => 2 ** 31, y: () => 2 ** 31, severity: () => 0, expires: (slot) => expires[slot]!, observedAt };
}

/** What goes stale first in the one cluster of each zoom after some points have left. */
function stalest(expires: number[], ...leaving: number[]) {
  const slots = new Set(expires.keys());
  const pyramid = new Pyramid(4, placed(expires), () => slots);
  for (const slot of slots) pyramid.add(slot);
  for (const slot of leaving) {
    pyramid.remove(slot);
    slots.delete(slot);
  }
  const cells = [0, 1, 2, 3].map((z) => [...pyramid.level(z).values()][0]!);
  const [first, ...others] = cells.map(({ oldest, expires: at }) => ({ oldest, expires: at }));
  for (const other of others) expect(other).toEqual(first);
  return first;
}

const never = Number.POSITIVE_INFINITY;

test('a cluster is stale with the first inside, and goes on to the next when that leaves', () => {
  expect(stalest([3000, 1000, 2000])).toEqual({ oldest: 100, expires: 1000 });
  expect(stalest([3000, 1000, 2000], 1)).toEqual({ oldest: 1100, expires: 2000 });
  expect(stalest([3000, 1000, 1000], 1)).toEqual({ oldest: 100, expires: 1000 });
});

test('what was never observed is staler than all, until it leaves', () => {
  expect(stalest([3000, 0, 2000])).toEqual({ oldest: 0, expires: 0 });
  expect(stalest([3000, 0, 2000], 1)).toEqual({ oldest: 1100, expires: 2000 });
  expect(countCells(2, [0, 1], placed([3000, 0])).map((cell) => cell.expires)).toEqual([0]);
});

test('what does not age makes no cluster stale', () => {
  expect(stalest([never, 3000, never])).toEqual({ oldest: 2100, expires: 3000 });
  expect(stalest([never, 3000, never], 1)).toEqual({ oldest: never, expires: never });
});

test('a reading that is renewed is not the stalest any more', () => {
  const expires = [3000, 1000];
  const pyramid = new Pyramid(2, placed(expires), () => expires.keys());
  for (const slot of expires.keys()) pyramid.add(slot);
  pyramid.remove(1);
  expires[1] = 5000;
  pyramid.add(1);
  expect([...pyramid.level(0).values()][0]).toMatchObject({ oldest: 2100, expires: 3000 });
});

test('of two that go stale at once the older is told, whichever came first', () => {
  const observed = [500, 100, 300];
  const points = { ...placed([900, 900, 900]), observedAt: (slot: number) => observed[slot]! };
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
  ]) {
    expect(countCells(2, order, points).map(({ oldest }) => oldest)).toEqual([100]);
  }
});
