import { describe, expect, test } from 'vitest';
import { measureLabel, roundLength } from '../../web/map/measure_label.ts';
import { shortCount, valueLabel } from '../../web/map/number_label.ts';

const title = { id: '', en: '' };

describe('numbers on the map', () => {
  test.each([
    [0, '0', '0'],
    [47, '47', '47'],
    [999, '999', '999'],
    [1234, '1,2 rb', '1.2k'],
    [12_345, '12 rb', '12k'],
    [650_000, '650 rb', '650k'],
    [3_400_000, '3,4 jt', '3.4m'],
  ])('a cluster of %d', (count, id, en) => {
    expect(shortCount(count, 'id')).toBe(id);
    expect(shortCount(count, 'en')).toBe(en);
  });

  test('values carry their unit, and zero is a value', () => {
    const level = { kind: 'number', title, unit: 'cm' } as const;
    expect(valueLabel(1210.5, level, 'id')).toBe('1.210,5\u00a0cm');
    expect(valueLabel(1210.5, level, 'en')).toBe('1,210.5\u00a0cm');
    expect(valueLabel(0, level, 'id')).toBe('0\u00a0cm');
    expect(valueLabel(undefined, level, 'id')).toBe('');
    expect(valueLabel(12, { kind: 'integer', title, unit: '{bed}' }, 'id')).toBe('12\u00a0bed');
    const state = { kind: 'choice', title, choices: { on: { id: 'Nyala', en: 'On' } } } as const;
    expect(valueLabel('on', state, 'id')).toBe('Nyala');
    expect(valueLabel('off', state, 'id')).toBe('off');
  });

  test.each([
    [12.3, 'length', '12\u00a0m'],
    [1234, 'length', '1,23\u00a0km'],
    [45_678, 'length', '45,7\u00a0km'],
    [812, 'area', '812\u00a0m²'],
    [25_000, 'area', '2,5\u00a0ha'],
    [7_135_107, 'area', '7,14\u00a0km²'],
  ] as const)('%d as a measured %s', (value, kind, expected) => {
    expect(measureLabel(value, kind, 'id')).toBe(expected);
  });

  test.each([
    [10_592, 10_000],
    [999, 500],
    [250, 200],
    [1, 1],
  ])('a scale bar of at most %d metres is %d', (longest, expected) => {
    expect(roundLength(longest)).toBe(expected);
  });
});
