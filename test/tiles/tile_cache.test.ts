import { expect, test } from 'vitest';
import { TileCache } from '../../tiles/tile_cache.ts';

test('what the keys take counts: long variants of empty tiles do not outgrow the limit', () => {
  const limit = 100_000;
  const cache = new TileCache(limit);
  const long = 10_000;
  for (let i = 0; i < 200; i++)
    cache.set(`${i}`.padEnd(long, 'x'), 0, ['camera'], { etag: '""', bytes: new Uint8Array(), compressed: new Map() });
  expect(cache.size).toBeGreaterThan(0);
  expect(cache.size * long).toBeLessThanOrEqual(limit);
  expect(cache.bytes).toBeLessThanOrEqual(limit);
  cache.invalidate('camera', [{ minX: 0, minY: 0, maxX: 1, maxY: 1 }]);
  expect([cache.size, cache.bytes]).toEqual([0, 0]);
});
