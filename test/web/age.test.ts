import { expect, test } from 'vitest';
import { ageText, shortAge } from '../../web/i18n/age.ts';

test.each([
  [0, 'baru saja', 'just now'],
  [4.9, 'baru saja', 'just now'],
  [5, '5 detik lalu', '5 seconds ago'],
  [59.9, '59 detik lalu', '59 seconds ago'],
  [60, '1 menit lalu', '1 minute ago'],
  [4 * 60 + 59, '4 menit lalu', '4 minutes ago'],
  [3599, '59 menit lalu', '59 minutes ago'],
  [3600, '1 jam lalu', '1 hour ago'],
  [86_399, '23 jam lalu', '23 hours ago'],
  [86_400, '1 hari lalu', '1 day ago'],
  [2_592_000, '1 bulan lalu', '1 month ago'],
  [31_536_000 * 2, '2 tahun lalu', '2 years ago'],
])('%d seconds is "%s" and "%s"', (seconds, id, en) => {
  expect(ageText(seconds, 'id')).toBe(id);
  expect(ageText(seconds, 'en')).toBe(en);
});

test('clock_ahead: an observation from the future is now, not a negative age', () => {
  expect(ageText(-90, 'id')).toBe('baru saja');
  expect(shortAge(-90, 'id')).toBe('0 dtk');
});

test('the short form keeps the largest unit', () => {
  expect(shortAge(12.7, 'id')).toBe('12 dtk');
  expect(shortAge(12.7, 'en')).toBe('12 s');
  expect(shortAge(7300, 'id')).toBe('2 jam');
  expect(shortAge(7300, 'en')).toBe('2 h');
});
