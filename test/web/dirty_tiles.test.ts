import { describe, expect, test } from 'vitest';
import { worldSize, worldX, worldY } from '../../tiles/mercator.ts';
import type { FeatureEvent } from '../../web/live/event.ts';
import { changedBoxes, margins, touchesTile } from '../../web/map/dirty_tiles.ts';

const change = (places: Partial<FeatureEvent>): FeatureEvent => ({ layer: 'x', op: 'update', id: 1, ...places });
/** The tile that the server puts a point into. */
const tileOf = ([lon, lat]: readonly [number, number], z: number) =>
  [z, Math.floor((worldX(lon) / worldSize) * 2 ** z), Math.floor((worldY(lat) / worldSize) * 2 ** z)] as const;
const here = [113.7, -8.17] as const;
const there = [113.9, -8.3] as const;

describe('the tiles that a change is to be seen in', () => {
  test('of a point that stays is its own, at every zoom, and not the ones around it', () => {
    const boxes = changedBoxes(change({ at: here }));
    for (let z = 0; z <= 18; z++) {
      const [, x, y] = tileOf(here, z);
      expect(touchesTile(boxes, [z, x, y], margins.points), `zoom ${z}`).toBe(true);
      if (z < 3) continue;
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const)
        expect(touchesTile(boxes, [z, x + dx, y + dy], margins.points), `zoom ${z}, beside`).toBe(false);
    }
  });

  test('of a point that moved are the old one and the new one, and none between', () => {
    const boxes = changedBoxes(change({ from: here, at: there }));
    const [z, x, y] = tileOf(here, 14);
    const [, newX, newY] = tileOf(there, 14);
    expect(touchesTile(boxes, [z, x, y], margins.points)).toBe(true);
    expect(touchesTile(boxes, [z, newX, newY], margins.points)).toBe(true);
    expect(touchesTile(boxes, [z, Math.round((x + newX) / 2), Math.round((y + newY) / 2)], margins.points)).toBe(false);
  });

  test('of a deleted one are where it was; of one without a place none', () => {
    expect(changedBoxes(change({ op: 'delete', from: here }))).toHaveLength(1);
    expect(changedBoxes(change({ at: null }))).toEqual([]);
    expect(changedBoxes(change({ bbox: null }))).toEqual([]);
  });

  test('of a shape are all that its box touches, and those whose margin it reaches into', () => {
    const boxes = changedBoxes(change({ bbox: [113.7, -8.2, 113.8, -8.1] }));
    const [z, left, top] = tileOf([113.7, -8.1], 14);
    const [, right, bottom] = tileOf([113.8, -8.2], 14);
    for (let x = left; x <= right; x++)
      for (let y = top; y <= bottom; y++) expect(touchesTile(boxes, [z, x, y], margins.shapes)).toBe(true);
    expect(touchesTile(boxes, [z, left - 1, top], margins.shapes)).toBe(false);
    // A hair over the edge of the next tile's margin.
    const edge = ((left / 2 ** 14) * 360 - 180) as number;
    const close = changedBoxes(change({ bbox: [edge + 1e-5, -8.2, edge + 1e-3, -8.19] }));
    const [, , row] = tileOf([edge, -8.195], 14);
    expect(touchesTile(close, [z, left - 1, row], margins.shapes)).toBe(true);
    expect(touchesTile(close, [z, left - 1, row], margins.points)).toBe(false);
  });

  test('antimeridian: a box that crosses it is two', () => {
    const boxes = changedBoxes(change({ bbox: [179, -10, -179, 10] }));
    expect(boxes).toHaveLength(2);
    expect(touchesTile(boxes, tileOf([179.5, 0], 8), 0)).toBe(true);
    expect(touchesTile(boxes, tileOf([-179.5, 0], 8), 0)).toBe(true);
    expect(touchesTile(boxes, tileOf([0, 0], 8), 0)).toBe(false);
  });

  test('a point on the edge of two tiles is in both', () => {
    const boxes = changedBoxes(change({ at: [0, 10] }));
    const [, x, y] = tileOf([0.001, 10], 10);
    expect(touchesTile(boxes, [10, x, y], margins.points)).toBe(true);
    expect(touchesTile(boxes, [10, x - 1, y], margins.points)).toBe(true);
  });
});
