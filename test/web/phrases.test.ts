import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { en } from '../../web/i18n/en.ts';
import { id } from '../../web/i18n/id.ts';

const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted();

test('each phrase has the same blanks in both languages', () => {
  const blanksOf = (phrases: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(phrases).map(([key, phrase]) => [key, blanks(phrase)]));
  // English says of one what it says of several in other words, and may write it out.
  const ofOne = Object.keys(en).filter((key) => key.endsWith('_one') && !(key in id));
  const others = Object.fromEntries(Object.entries(en).filter(([key]) => !ofOne.includes(key)));
  expect(blanksOf(others)).toEqual(blanksOf(id));
  expect(Object.values(en).every((phrase) => phrase.trim() !== '')).toBe(true);
});

test('every phrase is said somewhere', async () => {
  const folder = new URL('../../web/', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => /\.tsx?$/.test(file) && !/i18n\/(id|en)[./]/.test(file),
  );
  const code = (await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))).join('\n');
  // `t(`severity.${severity}`)` says every phrase that begins with `severity.`.
  const stems = [...code.matchAll(/t\(`([\w.]+)\$\{/g)].map(([, stem]) => stem ?? '');
  const silent = Object.keys(id).filter(
    (key) => !code.includes(`'${key}'`) && !stems.some((stem) => key.startsWith(stem)),
  );
  expect(silent).toEqual([]);
});
