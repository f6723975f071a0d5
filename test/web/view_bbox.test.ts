import { expect, test } from 'vitest';
import { featureBbox, middle } from '../../web/panels/feature_bbox.ts';
import { viewBbox } from '../../web/panels/view_bbox.ts';

test('the whole world fits one 512-pixel tile at zoom 0', () => {
  const [west, south, east, north] = viewBbox([0, 0], 0, 512, 512);
  expect([west, east]).toEqual([-180, 180]);
  expect(north).toBeCloseTo(85.05, 1);
  expect(south).toBeCloseTo(-85.05, 1);
});

test('a view is centred on the screen: in latitude the half towards the pole is the shorter one', () => {
  const [west, south, east, north] = viewBbox([113.7, -8.17], 10, 1024, 1024);
  expect((west + east) / 2).toBeCloseTo(113.7, 9);
  expect(east - west).toBeCloseTo((2 * 360) / 2 ** 10, 9);
  expect(north - -8.17).toBeGreaterThan(-8.17 - south);
  expect(-8.17 - south).toBeCloseTo((north - south) / 2, 2);
});

test('an empty map (before it has a size) is the centre alone', () => {
  const box = viewBbox([113.7, -8.17], 9, 0, 0);
  expect(middle(box)[0]).toBeCloseTo(113.7, 9);
  expect(middle(box)[1]).toBeCloseTo(-8.17, 9);
});

test('the extent of a geometry of any nesting; none for a row without a place', () => {
  expect(featureBbox(null)).toBeNull();
  expect(featureBbox({ type: 'MultiPolygon', coordinates: [] })).toBeNull();
  expect(featureBbox({ type: 'Point', coordinates: [113.7, -8.17, 89] })).toEqual([113.7, -8.17, 113.7, -8.17]);
  const ring = [
    [1, 2],
    [5, 2],
    [5, 9],
    [1, 2],
  ];
  expect(
    featureBbox({
      type: 'MultiPolygon',
      coordinates: [
        [ring],
        [
          [
            [-3, 4],
            [0, 4],
            [0, 5],
            [-3, 4],
          ],
        ],
      ],
    }),
  ).toEqual([-3, 2, 5, 9]);
});
