import { expect, test } from 'vitest';
import { attributesOf } from '../../server/registry/layer.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { isCalendarYear, isReading } from '../../web/panels/attribute_groups.ts';

const layers = new Map((await layerFiles()).map((layer) => [layer.id, attributesOf(layer)]));
const attribute = (layer: string, key: string) => layers.get(layer)!.get(key)!;

test('a measurement and a count are readings, words and dates are not', () => {
  expect(isReading(attribute('river_gauge', 'level_cm'))).toBe(true);
  expect(isReading(attribute('village', 'population'))).toBe(true);
  expect(isReading(attribute('river_gauge', 'siaga'))).toBe(false);
  expect(isReading(attribute('river_gauge', 'threshold_since'))).toBe(false);
});

test('the year of a figure is a date in all but name; a return period in years is a quantity', () => {
  expect(isCalendarYear(attribute('village', 'population_year'))).toBe(true);
  expect(isReading(attribute('village', 'population_year'))).toBe(false);
  expect(isCalendarYear(attribute('flood_zone', 'return_period_years'))).toBe(false);
  expect(isReading(attribute('flood_zone', 'return_period_years'))).toBe(true);
});
