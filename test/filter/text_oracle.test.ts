import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { parseText } from 'cql2-wasm';
import { expect, test } from 'vitest';
import { filterKey, parseFilter } from '../../server/registry/filter/filter.ts';
import { viewOf } from '../../server/registry/view.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { expression } from './expressions.ts';
import { chooser, sampleAreas } from './sample.ts';

/**
 * cql2-wasm, an independent reader of CQL2 text, must understand what ours does. It stands here and not in the server
 * because it takes a filter's beginning for the whole (`a = 1; x`), knows no `''`, ends in a trap at `1.5e3`, and stays
 * broken for the rest of the process after 900 × NOT.
 */
const folder = join(createRequire(import.meta.url).resolve('cql2-wasm/package.json'), '..');
/** The package's own entry imports WebAssembly as a module, which Node still calls experimental; this is what it does. */
interface Binding {
  parseText: typeof parseText;
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}
const glue = './cql2_wasm_bg.js';
const binding: Binding = await import(pathToFileURL(join(folder, glue)).href);
const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(join(folder, 'cql2_wasm_bg.wasm'))), {
  [glue]: { ...binding },
});
binding.__wbg_set_wasm(instance.exports);
(instance.exports.__wbindgen_start as () => void)();

test('cql2-wasm reads the same from 2,000 texts', () => {
  const view = viewOf(sampleAreas, visitor('operator'))!;
  const chosen = chooser(7);
  let compared = 0;
  for (let i = 0; i < 2000; i++) {
    const { text } = expression(chosen, i % 4, true);
    if (/''|\\|\de|\uFEFF/.test(text)) continue; // beyond it
    const oracle = JSON.stringify(plain(JSON.parse(binding.parseText(text).to_json())));
    expect(filterKey(parseFilter(view, text, 'cql2-text')), text).toBe(
      filterKey(parseFilter(view, oracle, 'cql2-json')),
    );
    compared++;
  }
  expect(compared).toBeGreaterThan(1000);
});

/** Its JSON as the standard writes it: negative numbers, boxes and lists of one have forms of their own. */
function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== 'object' || node === null) return node;
  const { op, args, ...rest } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, plain(value)]));
  if (!Array.isArray(args)) return { ...rest, ...(op !== undefined && { op }) };
  if (op === '*' && args[0] === -1) return -args[1];
  if (op === 'bbox') return { bbox: args };
  if (op === 'in' && !Array.isArray(args[1])) return { op, args: [args[0], [args[1]]] };
  return { op, args };
}
