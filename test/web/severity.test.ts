import { expect, test } from 'vitest';
import { catalogueLayer } from '../../server/registry/catalogue.ts';
import { severityOf as serverSeverity } from '../../server/registry/layer.ts';
import { layerFiles, Registry } from '../../server/registry/registry.ts';
import { severities } from '../../server/registry/severity.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { severityOf, sumStates, worstOf } from '../../web/panels/severity.ts';

const views = new Registry(await layerFiles()).views(visitor('operator'));
const empty = { count: 0, unlocated: 0, bbox: null, newest: null, sources: {}, states: {} };
const layers = views.map((view) => ({ view, layer: catalogueLayer(view, empty) }));

test.each(layers)('$layer.id: the page finds the severity of every state as the server does', ({ view, layer }) => {
  const attribute = layer.state === undefined ? undefined : layer.attributes[layer.state];
  const values = attribute?.kind === 'choice' ? Object.keys(attribute.choices) : [];
  for (const value of [...values, 'unheard_of', null]) {
    expect(severityOf(layer, value), String(value)).toBe(serverSeverity(view.layer, value));
  }
});

test('worst first, unknown before normal, and a count of zero is not there', () => {
  expect(worstOf({ normal: 900, unknown: 1 })).toBe('unknown');
  expect(worstOf({ normal: 900, critical: 0, advisory: 2 })).toBe('advisory');
  expect(worstOf(Object.fromEntries(severities.map((severity) => [severity, 1])))).toBe('critical');
  expect(worstOf({})).toBeNull();
});

test('layers without states say nothing in the sum of a group', () => {
  const [stateful, stateless] = [
    layers.find(({ layer }) => layer.state)!.layer,
    layers.find(({ layer }) => !layer.state)!.layer,
  ];
  const sum = sumStates([
    { ...stateful, states: { normal: 3, critical: 1 } },
    { ...stateful, states: { normal: 2 } },
    { ...stateless, states: { normal: 500 } },
  ]);
  expect(sum).toEqual({ normal: 5, critical: 1 });
});
