import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';

const library = resolve('node_modules/@mantine/core/esm');

/** The modules of class names that a module of the library reaches. */
function classModules(path: string, seen: Set<string>): void {
  if (seen.has(path)) return;
  seen.add(path);
  for (const [, target = ''] of readFileSync(path, 'utf8').matchAll(/from "(\.[^"]+)"/g)) {
    classModules(resolve(dirname(path), target), seen);
  }
}

/** Every name that the page imports of it, and where the library's index has each from. */
function used(): Set<string> {
  const names = readdirSync('web', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => [...readFileSync(`web/${file}`, 'utf8').matchAll(/import \{([^}]+)\} from '@mantine\/core'/g)])
    .flatMap(([, list = '']) => list.split(',').map((name) => name.trim()))
    .filter((name) => name !== '' && !name.startsWith('type '));
  const index = readFileSync(`${library}/index.mjs`, 'utf8');
  const seen = new Set<string>();
  for (const name of ['Notification', ...names]) {
    const [, from] = index.match(new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from "(\\.[^"]+)"`)) ?? [];
    if (from === undefined) throw new Error(`${name} is not exported`);
    classModules(resolve(library, from), seen);
  }
  return new Set([...seen].flatMap((path) => path.match(/([A-Za-z]+)\.module\.mjs$/)?.[1] ?? []));
}

const listed = [...readFileSync('web/theme/mantine.css', 'utf8').matchAll(/styles\/([A-Za-z]+)\.layer\.css/g)].map(
  ([, name = '']) => name,
);

test('every component of Mantine that the page uses has its styles', () => {
  expect([...used()].filter((name) => !listed.includes(name))).toEqual([]);
});

test('no styles are loaded that nothing uses', () => {
  const needed = used();
  expect(listed.filter((name) => !needed.has(name) && !['baseline', 'global'].includes(name))).toEqual([]);
});

test('the styles come in the order in which the library has them, which decides between them', () => {
  const flat = (path: string) => readFileSync(`node_modules/@mantine/core/${path}`, 'utf8').replace(/\s+/g, ' ').trim();
  const whole = flat('styles.css');
  const places = listed.map((name) => whole.indexOf(flat(`styles/${name}.css`).slice(0, 200)));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
