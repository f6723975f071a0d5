import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { pageSources } from '../server/page_build.ts';

const root = join(import.meta.dirname, '..');

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

/** Files of the project that a file imports more than types from. */
function valuesFrom(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']*\.tsx?)'|import\('(\.[^']*\.tsx?)'\)/gm);
  return [...found].map(([, fixed, late]) => relative(root, join(root, dirname(file), (fixed ?? late)!)));
}
