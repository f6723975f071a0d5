import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configVariables } from '../server/config.ts';
import { groups } from '../server/registry/group.ts';
import type { Layer } from '../server/registry/layer.ts';
import { layerFiles } from '../server/registry/registry.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The first cells of the table under a heading. */
function firstCells(heading: string): string[] {
  const section = readme.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
  return [...section.matchAll(/^\| (.+?) \|/gm)].map(([, cell]) => cell!).slice(1);
}

test('the table of layers names every layer file, as the file names itself', async () => {
  const layers = await layerFiles();
  expect(firstCells('Layers').toSorted()).toEqual(layers.map(({ id, title }) => `\`${id}\` ${title.en}`).toSorted());
  for (const layer of layers) {
    const { id, title, group, geometry } = layer;
    const cells = [`\`${id}\` ${title.en}`, title.id, groups[group].en, geometry, staleIn(layer)];
    expect(readme).toContain(`| ${cells.join(' | ')} |`);
  }
});

/** When an observation of a layer is stale, as the table says it. */
function staleIn({ staleAfterMinutes: minutes, leaves }: Layer): string {
  if (minutes === undefined) return leaves && 'at' in leaves ? 'when it ends' : '–';
  if (minutes < 1) return `${minutes * 60} s`;
  if (minutes < 60) return `${minutes} min`;
  return minutes <= 1440 ? `${minutes / 60} h` : `${minutes / 1440} d`;
}

test('the table of the configuration names every variable', () => {
  expect(firstCells('Configuration').toSorted()).toEqual(configVariables.map((name) => `\`${name}\``).toSorted());
});
