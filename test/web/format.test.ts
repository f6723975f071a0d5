import { expect, test } from 'vitest';
import {
  clockText,
  coordinateText,
  dateText,
  instantText,
  numberText,
  percentText,
  setTimeZone,
  zoneOffset,
  zoneSuffix,
} from '../../web/i18n/format.ts';
import { unitText } from '../../web/i18n/unit.ts';

const evening = Date.parse('2026-11-21T12:40:05Z');

test('an instant is told in western Indonesian time, whatever the zone of the machine', () => {
  expect(instantText(evening, 'id')).toBe('21 Nov 2026 19.40 WIB');
  expect(instantText(evening, 'en')).toBe('21 Nov 2026 19:40 WIB');
});

test('midnight: the day changes in Jakarta, and the hour is 00, not 24', () => {
  expect(instantText(Date.parse('2026-11-21T17:00:00Z'), 'id')).toBe('22 Nov 2026 00.00 WIB');
  expect(clockText(Date.parse('2026-11-21T17:00:00Z'), 'id')).toBe('00.00.00 WIB');
});

test('the clock has seconds', () => {
  expect(clockText(evening, 'id')).toBe('19.40.05 WIB');
  expect(clockText(evening, 'en')).toBe('19:40:05 WIB');
});

test('a calendar day has no zone to fall out of', () => {
  expect(dateText('2026-03-01', 'id')).toBe('1 Mar 2026');
  expect(dateText('2026-12-31', 'en')).toBe('31 Dec 2026');
});

test.each([
  [1234.5, '1.234,5', '1,234.5'],
  [0, '0', '0'],
  [-0.25, '-0,25', '-0.25'],
  [650_000, '650.000', '650,000'],
  [1 / 3, '0,333', '0.333'],
])('%d is written %s and %s', (value, id, en) => {
  expect(numberText(value, 'id')).toBe(id);
  expect(numberText(value, 'en')).toBe(en);
});

test('a share is a whole percentage', () => {
  expect(percentText(0.4, 'id').replace(/\s/, '')).toBe('40%');
});

test('coordinates are written latitude first, with points in both languages', () => {
  expect(coordinateText([113.7, -8.1725])).toBe('-8.17250, 113.70000');
});

test('units are words people use; an unknown UCUM code stays, an annotation loses its braces', () => {
  expect(unitText('km/h', 'id')).toBe('km/jam');
  expect(unitText('km/h', 'en')).toBe('km/h');
  expect(unitText('{bed}', 'id')).toBe('tempat tidur');
  expect(unitText('{kiosk}', 'id')).toBe('kiosk');
  expect(unitText('mm', 'id')).toBe('mm');
  expect(unitText(undefined, 'id')).toBe('');
});

test('a regency in the middle or the east has its own clocks, in what is shown and in what is entered', () => {
  const day = Date.parse('2026-11-21T16:30:00Z');
  setTimeZone('WITA');
  expect(instantText(day, 'id')).toBe('22 Nov 2026 00.30 WITA');
  expect(zoneSuffix()).toBe('+08:00');
  setTimeZone('WIT');
  expect(clockText(day, 'id')).toBe('01.30.00 WIT');
  expect(zoneOffset(day)).toBe(9 * 3_600_000);
  expect(dateText('2026-11-21', 'en')).toBe('21 Nov 2026');
  setTimeZone('WIB');
  expect(clockText(day, 'id')).toBe('23.30.00 WIB');
});
