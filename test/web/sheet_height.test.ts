import { expect, test } from 'vitest';
import { restingHeight } from '../../web/panels/sheet_height.ts';

test.each([
  [96, 'peek'],
  [250, 'peek'],
  [270, 'half'],
  [422, 'half'],
  [630, 'half'],
  [640, 'full'],
  [844, 'full'],
])('a sheet let go at %d of 844 pixels rests at %s', (pixels, height) => {
  expect(restingHeight(pixels, 844)).toBe(height);
});
