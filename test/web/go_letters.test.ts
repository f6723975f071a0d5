import { expect, test } from 'vitest';
import { goLetters } from '../../web/panels/go_letters.ts';

test('each layer has a letter of its title that no other has', () => {
  const letters = goLetters([
    ['camera', 'Kamera CCTV'],
    ['district', 'Kecamatan'],
    ['village', 'Desa/kelurahan'],
  ]);
  expect([...letters]).toEqual([
    ['k', 'camera'],
    ['e', 'district'],
    ['d', 'village'],
  ]);
});

test('thirty layers of one name: the alphabet ends, nothing is given twice', () => {
  const letters = goLetters(Array.from({ length: 30 }, (_, index) => [`layer_${index}`, 'Aa']));
  expect(letters.size).toBe(26);
  expect(new Set(letters.values()).size).toBe(26);
});
