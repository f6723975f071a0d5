import { expect, test } from 'vitest';
import type { Reading } from '../../web/panels/attribute_groups.ts';
import { exceededWhole, toldTogether } from '../../web/panels/parts_of_whole.ts';

const reading = (key: string, outOf?: string) => ({
  key,
  attribute: {
    kind: 'integer',
    title: { id: key, en: key },
    unit: '{bed}',
    observedBy: `${key.split('_')[0]}_at`,
    ...(outOf && { outOf }),
  } satisfies Reading,
});
const readings = [
  reading('icu_free', 'icu_total'),
  reading('icu_used', 'icu_total'),
  reading('icu_queue'),
  reading('nicu_free', 'nicu_total'),
];
const exceeded = (properties: object) => toldTogether(readings, { ...properties }).map(exceededWhole);

test('what was told at one time stands together, what nobody told and a class of nothing do not', () => {
  const told = toldTogether(readings, { icu_total: 10, icu_free: 0, icu_queue: 2, nicu_total: 0, nicu_free: 0 });
  expect(told.map((group) => group.map(({ key }) => key))).toEqual([['icu_free', 'icu_queue']]);
});

test('free and used that together exceed the total are doubted; those who wait are no part of it', () => {
  expect(exceeded({ icu_total: 10, icu_free: 4, icu_used: 6, icu_queue: 9 })).toEqual([undefined]);
  expect(exceeded({ icu_total: 10, icu_free: 4, icu_used: 7 })).toEqual([10]);
  expect(exceeded({ icu_total: 10, icu_free: 11 })).toEqual([10]);
  expect(exceeded({ icu_free: 4, icu_used: 7 })).toEqual([undefined]);
});
