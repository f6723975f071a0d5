import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { isNewerThan, pageSources } from '../server/page_build.ts';
import { temporaryFolder } from './support/folder.ts';

const root = join(import.meta.dirname, '..');
const folder = temporaryFolder();

test('whatever the page takes values from makes an older page be built anew', () => {
  const reached = new Set<string>();
  const follow = (file: string) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const imported of valuesFrom(file)) follow(imported);
  };
  for (const file of readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' }))
    if (/\.tsx?$/.test(file)) follow(join('web', file));
  expect([...reached].filter((file) => file.startsWith('server/')).length).toBeGreaterThan(3);
  const isWatched = (file: string) => pageSources.some((source) => file === source || file.startsWith(`${source}/`));
  expect([...reached].filter((file) => !isWatched(file))).toEqual([]);
});

test('a page is as new as its sources, or is built anew: a file that changed, deep within, that came or that left', async () => {
  const path = (name: string) => join(folder, name);
  const [page, deep, lock] = [path('index.html'), path('web/panels/list.tsx'), path('package-lock.json')];
  const at = (name: string, second: number) => utimesSync(name, second, second);
  mkdirSync(dirname(deep), { recursive: true });
  for (const source of [deep, lock]) writeFileSync(source, '');
  const sources = [path('web'), lock];
  const settle = () => {
    for (const name of [deep, dirname(deep), path('web'), lock]) at(name, 100);
  };
  settle();
  expect(await isNewerThan(page, sources), 'no page yet').toBe(false);
  writeFileSync(page, '');
  for (const [second, isNew] of [
    [99, false],
    [100, true],
    [101, true],
  ] as const) {
    at(page, second);
    expect(await isNewerThan(page, sources), `${second}`).toBe(isNew);
  }
  for (const changed of [deep, lock]) {
    at(changed, 102);
    expect(await isNewerThan(page, sources), changed).toBe(false);
    settle();
  }
  expect(await isNewerThan(page, sources)).toBe(true);
  rmSync(deep);
  expect(await isNewerThan(page, sources), 'one that left').toBe(false);
});

/** Files of the project that a file imports more than types from. */
function valuesFrom(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']*\.tsx?)'|import\('(\.[^']*\.tsx?)'\)/gm);
  return [...found].map(([, fixed, late]) => relative(root, join(root, dirname(file), (fixed ?? late)!)));
}
