import { expect, test } from 'vitest';
import { heading } from '../../web/map/heading.ts';

const layer = { moving: { course: 'course_deg', speed: 'speed_km_h' } };

test.each([
  [0, 0],
  [7, 0],
  [8, 15],
  [97, 90],
  [352, 345],
  [353, 0],
  [360, 0],
])('%i degrees are drawn as %i', (course, drawn) => {
  expect(heading(layer, { course_deg: course, speed_km_h: 40 })).toBe(drawn);
});

test('what stands, or says nothing of its speed or course, has none', () => {
  expect(heading(layer, { course_deg: 90, speed_km_h: 3 })).toBe(90);
  expect(heading(layer, { course_deg: 90, speed_km_h: 2.9 })).toBeUndefined();
  expect(heading(layer, { course_deg: 90, speed_km_h: 0 })).toBeUndefined();
  expect(heading(layer, { course_deg: 90 })).toBeUndefined();
  expect(heading(layer, { speed_km_h: 40 })).toBeUndefined();
});

test('a layer that does not tell, or whose viewer may not know, has none', () => {
  const properties = { course_deg: 90, speed_km_h: 40 };
  expect(heading({}, properties)).toBeUndefined();
  expect(heading({ moving: {} }, properties)).toBeUndefined();
  expect(heading({ moving: { course: 'course_deg' } }, properties)).toBeUndefined();
});
