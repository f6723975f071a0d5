import { describe, expect, test } from 'vitest';
import { clipLine, clipRing } from '../../tiles/clip.ts';
import { cutShape } from '../../tiles/cut.ts';
import { worldX, worldY } from '../../tiles/mercator.ts';
import { type lineType, polygonType, type Shape } from '../../tiles/shape.ts';
import { importanceOf } from '../../tiles/simplify.ts';

/** A shape whose rings are given in units of the tile z14/13365/8565. */
function shape(type: typeof lineType | typeof polygonType, rings: readonly (readonly number[])[]): Shape {
  const unit = 2 ** 6; // world units a tile unit at z14
  const xy = Uint32Array.from(rings.flat(), (value, i) => ((i % 2 === 0 ? 13365 : 8565) * 4096 + value) * unit);
  let end = 0;
  const ends = Uint32Array.from(rings, (ring) => (end += ring.length / 2));
  const box = { minX: 0, minY: 0, maxX: 0, maxY: 0 };
  return { type, xy, ends, polygons: Uint32Array.of(rings.length), importance: importanceOf(xy, ends), box };
}
const tile = { z: 14, x: 13365, y: 8565 };
const square = (from: number, to: number) => [from, from, to, from, to, to, from, to, from, from];

describe('polygons', () => {
  test('a shell comes out clockwise on the screen and a hole the other way, however they were wound', () => {
    const area = (xy: readonly number[]) => {
      let sum = 0;
      for (let i = 0, j = xy.length - 2; i < xy.length; j = i, i += 2) sum += xy[j]! * xy[i + 1]! - xy[i]! * xy[j + 1]!;
      return sum;
    };
    const reversed = (ring: readonly number[]) => ring.map((_, i) => ring[ring.length - 2 - i + (i % 2) * 2]!);
    for (const shell of [square(100, 900), reversed(square(100, 900))])
      for (const hole of [square(300, 500), reversed(square(300, 500))]) {
        const parts = cutShape(shape(polygonType, [shell, hole]), tile);
        expect(parts.map(({ xy }) => Math.sign(area(xy)))).toEqual([1, -1]);
      }
  });

  test('a tile that lies wholly in a hole has nothing of the polygon', () => {
    expect(cutShape(shape(polygonType, [square(-9000, 14000), square(-5000, 9000)]), tile)).toEqual([]);
  });

  test('a tile wholly inside is covered to the end of its buffer', () => {
    const [part] = cutShape(shape(polygonType, [square(-9000, 14000)]), tile);
    expect([Math.min(...part!.xy), Math.max(...part!.xy)]).toEqual([-64, 4160]);
  });

  test('one that collapses in the tile is not there', () => {
    expect(cutShape(shape(polygonType, [square(10, 11)]), { z: 4, x: 13, y: 8 })).toEqual([]);
  });
});

test('a line is cut into the stretches inside', () => {
  const pieces = clipLine([-10, 5, 5, 5, 5, 20, 8, 20, 8, 5, 20, 5], 0, 10);
  expect(pieces).toEqual([
    [0, 5, 5, 5, 5, 10],
    [8, 10, 8, 5, 10, 5],
  ]);
});

test('a ring that surrounds the square becomes the square', () => {
  expect(new Set(clipRing(square(-5, 15), 0, 10).map((value) => Math.round(value)))).toEqual(new Set([0, 10]));
});

test('a point on a tile edge belongs to exactly one tile', () => {
  for (const lon of [-180, -90, 0, 90, 179.9999999]) expect(worldX(lon)).toBeLessThan(2 ** 32);
  expect(worldX(0) >>> 31).toBe(1);
  expect(worldX(-1e-7) >>> 31).toBe(0);
  expect(worldX(180)).toBe(2 ** 32 - 1);
  expect(worldY(90)).toBe(0);
  expect(worldY(-90)).toBe(2 ** 32 - 1);
});
