import { describe, expect, test } from 'vitest';
import { clusterCell } from '../../web/map/cluster_cell.ts';
import { type ClusterLook, clusterKey, clusterSize, twelfths } from '../../web/map/cluster_symbol.ts';
import { clusterOf } from '../../web/map/feature_hit.ts';
import { freshness, staleAfter } from '../../web/map/freshness.ts';
import { type SymbolLook, symbolKey } from '../../web/map/symbol.ts';
import { resolutionAt, tileGrid, tileZoom, towardsCoarser, zoomAt } from '../../web/map/zoom.ts';

describe('symbols', () => {
  const look: SymbolLook = { icon: 'camera', severity: 'normal', freshness: 'fresh', form: 'disc', size: 24 };
  test('every part that is drawn is in the key', () => {
    const others: Partial<SymbolLook>[] = [
      { icon: 'gauge' },
      { severity: 'critical' },
      { freshness: 'stale' },
      { form: 'soft' },
      { form: 'dot' },
      { size: 20 },
      { heading: 0 },
      { heading: 45 },
      { asked: true },
      { form: 'bubble' },
      { mark: 'fault' },
      { mark: 'doubt' },
      { mark: 'overdue' },
      { left: 5 },
      { left: 10 },
      { heads: [['red'], ['green']] },
      { heads: [['green'], ['red']] },
      { heads: [['red', 'yellow'], []] },
      { heads: [['red'], ['yellow']] },
    ];
    const keys = [look, ...others.map((other) => ({ ...look, ...other }))].map(symbolKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('a dot has neither icon nor age', () => {
    expect(symbolKey({ ...look, form: 'dot', icon: 'lamp', freshness: 'stale' })).toBe(
      symbolKey({ ...look, form: 'dot' }),
    );
  });
});

describe('clusters', () => {
  test('one alarm among thousands is seen, and the ring is full', () => {
    expect(twelfths({ critical: 1, normal: 64_999 })).toEqual([
      ['critical', 1],
      ['normal', 11],
    ]);
    for (const shares of [
      { normal: 3 },
      { critical: 1, warning: 1, advisory: 1, unknown: 1, normal: 1 },
      { unknown: 5, normal: 7 },
    ]) {
      expect(twelfths(shares).reduce((sum, [, share]) => sum + share, 0)).toBe(12);
    }
    expect(twelfths({})).toEqual([]);
  });

  test('grow with the count, from 28 to 44 pixels', () => {
    const sizes = [1, 2, 10, 100, 1000, 10_000, 1e6, 1e9].map(clusterSize);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes[0]).toBe(28);
    expect(sizes.at(-1)).toBe(44);
  });

  test('are few: neighbouring counts share a bitmap', () => {
    const keyOf = (count: number) => {
      const shown: ClusterLook = {
        icon: 'shop',
        label: count < 1100 ? '1 rb' : '1,1 rb',
        size: clusterSize(count),
        worst: 'normal',
        twelfths: twelfths({ normal: count }),
        stale: false,
        soft: true,
      };
      return clusterKey(shown);
    };
    expect(keyOf(1001)).toBe(keyOf(1049));
    expect(keyOf(1001)).not.toBe(keyOf(1101));
  });

  test('are read from a tile', () => {
    expect(
      clusterOf({
        cluster: true,
        count: 3,
        worst: 'warning',
        n_warning: 1,
        n_normal: 2,
        oldest: 1_790_000_000,
        expires: 1_790_000_900,
      }),
    ).toEqual({
      count: 3,
      worst: 'warning',
      stalest: { observed: 1_790_000_000, expires: 1_790_000_900 },
      bySeverity: { warning: 1, normal: 2 },
      oneSpot: false,
    });
    expect(clusterOf({ cluster: true, count: 2, worst: 'normal' })?.stalest).toBeNull();
    expect(clusterOf({ name: 'one' })).toBeNull();
  });

  test('lie in their cell, an eighth of a tile wide', () => {
    const [west, south, east, north] = clusterCell([113.7, -8.17], 10);
    expect(west <= 113.7 && 113.7 < east && south <= -8.17 && -8.17 < north).toBe(true);
    expect(east - west).toBeCloseTo(360 / 2 ** 10 / 8, 9);
  });
});

describe('freshness', () => {
  const now = 1_790_000_000_000;
  const ago = (minutes: number) => now / 1000 - minutes * 60;
  test.each([
    [ago(0), 'fresh'],
    [ago(7.4), 'fresh'],
    [ago(7.5), 'ageing'],
    [ago(15), 'stale'],
    [ago(100_000), 'stale'],
    [null, 'silent'],
    [ago(-5), 'fresh'],
    [0, 'stale'],
  ] as const)('of %s with a limit of 15 minutes is %s', (observedAt, expected) => {
    expect(freshness(observedAt, 15, now)).toBe(expected);
  });

  test('a layer without a limit does not age', () => {
    expect(freshness(null, undefined, now)).toBe('fresh');
  });

  test('a gauge read by hand has a limit of its own', () => {
    const layer = {
      staleAfterMinutes: 15,
      staleAfterBy: { attribute: 'method', minutes: { manual: 90, never: null } },
    };
    expect(staleAfter(layer, { method: 'manual' })).toBe(90);
    expect(staleAfter(layer, { method: 'telemetry' })).toBe(15);
    expect(staleAfter(layer, { method: 'never' })).toBeUndefined();
    expect(staleAfter(layer, {})).toBe(15);
  });
});

describe('zooms', () => {
  test('are those of 512-pixel tiles', () => {
    expect(zoomAt(resolutionAt(13.4))).toBeCloseTo(13.4, 10);
    expect(resolutionAt(0) * 512).toBeCloseTo(2 * Math.PI * 6378137, 3);
  });

  test('between two, the coarser tiles; a hair below one, that one', () => {
    const grid = tileGrid(16);
    const zoomOf = (zoom: number) => grid.getZForResolution(resolutionAt(zoom), towardsCoarser);
    for (const zoom of [4, 8.2, 12.5, 12.97, 12.99, 13, 13.01, 16, 19.5]) {
      expect(zoomOf(zoom), String(zoom)).toBe(tileZoom(zoom, 16));
    }
    expect(zoomOf(12.5)).toBe(12);
    expect(zoomOf(12.99)).toBe(13);
  });
});
