import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { action } from '../../server/registry/actions/action.ts';
import { choice, quantity, text } from '../../server/registry/attribute.ts';
import { catalogueLayer, type Summary } from '../../server/registry/catalogue.ts';
import { type Layer, layer, rulesByChoice } from '../../server/registry/layer.ts';

/** Mistakes in a layer file that must not compile; each line marked `@ts-expect-error` is one of them. */
const status = { ok: { id: 'Baik', en: 'Working' }, out: { id: 'Padam', en: 'Out' } } as const;
const base = {
  id: 'lamp',
  group: 'utility',
  geometry: 'Point',
  icon: 'lamp',
  title: { id: 'Lampu', en: 'Lamp' },
  fullZoom: 14,
  below: 'cluster',
  attributes: z.object({
    name: text({ id: 'Nama', en: 'Name' }, { required: true }),
    status: choice({ id: 'Kondisi', en: 'Condition' }, status),
    power_w: quantity({ id: 'Daya', en: 'Power' }, 'W'),
  }),
  name: 'name',
  visible: { default: 'all' },
} as const;

layer({ ...base, state: 'status', tile: ['name', 'status', 'observed_at'], style: rulesByChoice('status', status) });

// @ts-expect-error a tile attribute that does not exist
layer({ ...base, tile: ['name', 'colour'], style: [] });

// @ts-expect-error a style reading an attribute that the tile does not carry
layer({ ...base, tile: ['name'], style: rulesByChoice('status', status) });

layer({
  ...base,
  tile: ['name', 'status'],
  // @ts-expect-error a filter reading, deep inside, what the tile does not carry
  style: [{ label: base.title, filter: ['all', ['==', ['get', 'status'], 'ok'], ['>', ['get', 'power_w'], 1]] }],
});

// @ts-expect-error a name that is not an attribute
layer({ ...base, name: 'title', tile: ['name'], style: [] });

// @ts-expect-error a state that is not an attribute
layer({ ...base, state: 'condition', tile: ['name'], style: [] });

// @ts-expect-error a value label that the tile does not carry
layer({ ...base, valueLabel: 'power_w', tile: ['name'], style: [] });

// @ts-expect-error an age by an attribute that the tile does not carry
layer({ ...base, staleAfterBy: { attribute: 'status', minutes: { ok: 15 } }, tile: ['name'], style: [] });

// @ts-expect-error a speed that the tile does not carry
layer({ ...base, moving: { speed: 'power_w' }, tile: ['name'], style: [] });

// @ts-expect-error a place in the picture that does not exist
layer({ ...base, drawOrder: 'above', tile: ['name'], style: [] });

// @ts-expect-error showing a role an attribute that does not exist
layer({ ...base, visible: { default: { attributes: ['colour'] } }, tile: ['name'], style: [] });

// @ts-expect-error a role that does not exist
layer({ ...base, visible: { default: 'all', king: 'none' }, tile: ['name'], style: [] });

// @ts-expect-error a severity that does not exist
choice(base.title, { ok: { id: 'Baik', en: 'Working', severity: 'fine' } });

const { attributes } = base;
const doing = { title: base.title, roles: ['admin'] } as const;
action(attributes, {
  ...doing,
  input: z.object({ power_w: quantity(base.title, 'W', { required: true }) }),
  when: { attribute: 'status', values: ['ok', null] },
  run: ({ now }, feature, { power_w }) => ({
    ...{ power_w: power_w + (feature.power_w ?? 0), status: 'out', observed_at: now.toISOString() },
  }),
});

// @ts-expect-error an action reading an input that it did not declare
action(attributes, { ...doing, input: z.object({}), run: (_context, _feature, input) => ({ power_w: input.watts }) });

// @ts-expect-error an action reading an attribute that does not exist
action(attributes, { ...doing, input: z.object({}), run: (_context, feature) => ({ power_w: feature.watts }) });

// @ts-expect-error an action changing what is no attribute
action(attributes, { ...doing, input: z.object({}), run: () => ({ power_w: 1, watts: 1 }) });

// @ts-expect-error an action with a value that its attribute cannot have
action(attributes, { ...doing, input: z.object({}), run: () => ({ status: 'broken' }) });

// @ts-expect-error an action that waits for an attribute that does not exist
action(attributes, { ...doing, input: z.object({}), when: { attribute: 'colour', values: [] }, run: () => ({}) });

const notAView = (whole: Layer, summary: Summary) =>
  // @ts-expect-error an output that is handed a layer instead of a view
  catalogueLayer(whole, summary);
void notAView;

test('the compiler refuses what is marked above, and nothing else', () => {
  const root = join(import.meta.dirname, '../..');
  const options =
    '--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --skipLibCheck --target es2024 --module nodenext --allowImportingTsExtensions --types node';
  const run = () =>
    execFileSync(join(root, 'node_modules/.bin/tsc'), [...options.split(' '), import.meta.filename], {
      cwd: root,
      encoding: 'utf8',
    });
  expect(run).not.toThrow();
});
