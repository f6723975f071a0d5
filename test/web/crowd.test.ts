import RenderFeature from 'ol/render/Feature.js';
import { describe, expect, test } from 'vitest';
import { type CrowdReading, thinCrowd } from '../../web/map/crowd.ts';
import { clusterOf, propertiesOf } from '../../web/map/feature_hit.ts';

const extent = [0, 0, 512, 512];
const point = (id: number, x: number, y: number, properties: Record<string, unknown> = {}) =>
  new RenderFeature('Point', [x, y], [], 2, properties, id);
/** A point is stale after a minute, unless it is of a kind that does not age. */
const read = ({ out, lasting }: Readonly<Record<string, unknown>>): CrowdReading => ({
  severity: out === true ? 'warning' : 'normal',
  staleAfter: lasting === true ? undefined : 1,
});

describe('a crowded tile', () => {
  test('below the limit is left as it is', () => {
    const few = Array.from({ length: 1000 }, (_, id) => point(id, 10, 10));
    expect(thinCrowd(few, extent, read)).toBe(few);
  });

  test('counts everything once, keeps the worst and the stalest, and leaves the lonely alone', () => {
    const crowd = Array.from({ length: 5000 }, (_, id) =>
      point(id, (id * 37) % 256, (id * 91) % 512, { observed_at: 1000 + id, out: id === 4321 }),
    );
    const lonely = point(9000, 500, 500, { name: 'alone' });
    const thinned = thinCrowd([...crowd, lonely], extent, read);
    const contents = thinned.map((feature) => clusterOf(propertiesOf(feature)));
    expect(contents.reduce((sum, content) => sum + (content?.count ?? 1), 0)).toBe(5001);
    expect(contents.filter((content) => content?.worst === 'warning')).toHaveLength(1);
    expect(contents.reduce((sum, content) => sum + (content?.bySeverity.warning ?? 0), 0)).toBe(1);
    expect(Math.min(...contents.map((content) => content?.stalest?.expires ?? Number.POSITIVE_INFINITY))).toBe(1060);
    expect(thinned).toContain(lonely);
    expect(thinned.length).toBeLessThanOrEqual(64);
  });

  test('one that was never observed makes its cluster as stale as can be', () => {
    const crowd = Array.from({ length: 1100 }, (_, id) =>
      point(id, 100 + (id % 20), 40, id === 7 ? {} : { observed_at: 1000 + id }),
    );
    expect(thinCrowd(crowd, extent, read).map((feature) => clusterOf(propertiesOf(feature))?.stalest)).toEqual([
      { observed: 0, expires: 0 },
    ]);
  });

  test('what does not age makes no cluster stale, however old it is', () => {
    const crowd = (observed?: number) =>
      Array.from({ length: 1100 }, (_, id) =>
        id === 7 && observed !== undefined
          ? point(id, 100, 40, { observed_at: observed })
          : point(id, 100 + (id % 20), 40, { observed_at: 1000, lasting: true }),
      );
    const stalest = (points: RenderFeature[]) =>
      thinCrowd(points, extent, read).map((feature) => clusterOf(propertiesOf(feature))?.stalest);
    expect(stalest(crowd())).toEqual([null]);
    expect(stalest(crowd(9000))).toEqual([{ observed: 9000, expires: 9060 }]);
  });

  test('a cluster lies among its points', () => {
    const crowd = Array.from({ length: 1100 }, (_, id) => point(id, 100 + (id % 20), 40 + (id % 10)));
    const [cluster, ...rest] = thinCrowd(crowd, extent, read);
    expect(rest).toEqual([]);
    const [x = 0, y = 0] = cluster?.getExtent() ?? [];
    expect(x).toBeCloseTo(109.5, 6);
    expect(y).toBeCloseTo(44.5, 6);
  });
});
