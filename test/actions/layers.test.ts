import { describe, expect, test } from 'vitest';
import { standardActions } from '../../server/registry/actions/may.ts';
import { describe as attributeOf } from '../../server/registry/attribute.ts';
import { attributesOf, type Layer } from '../../server/registry/layer.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { viewOf } from '../../server/registry/view.ts';

/** The contract of the actions that layer files declare. */
const layers = await layerFiles();
const actions = layers.flatMap((layer) =>
  Object.entries(layer.actions ?? {}).map(([name, action]) => [`${layer.id} ${name}`, layer, name, action] as const),
);

test('there are some', () => expect(actions.length).toBeGreaterThan(10));

describe.each(actions)('%s', (_, layer, name, action) => {
  test('has one spelling, that is not of every layer', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(standardActions).not.toContain(name);
    expect(['actions', 'history', 'undo', 'read']).not.toContain(name);
  });

  test('says what it is in two languages', () => {
    const texts = [action.title, action.description, action.confirm].filter((text) => text !== undefined);
    const fields = Object.values(action.input.shape).map((schema) => attributeOf(schema).title);
    for (const { id, en } of [...texts, ...fields]) {
      expect(id.trim()).not.toBe('');
      expect(en.trim()).not.toBe('');
    }
  });

  test('has a key of its own among those that are possible at once', () => {
    if (!action.key) return;
    const others = Object.values(layer.actions ?? {}).filter((other) => other !== action && other.key === action.key);
    expect(others).toEqual([]);
  });

  test('is for somebody who sees the layer', () => {
    expect(action.roles.length).toBeGreaterThan(0);
    for (const role of action.roles)
      expect(viewOf(layer, { grants: [{ role, agency: 'BPBD' }] }), `${role} sees nothing of it`).toBeDefined();
  });

  test('waits for values that there are', () => {
    if (!action.when) return;
    const attribute = attributesOf(layer).get(action.when.attribute)!;
    for (const value of action.when.values)
      if (attribute.kind === 'choice' && value !== null) expect(Object.keys(attribute.choices)).toContain(value);
  });

  test('takes nothing but attributes, and changes only what the layer can hold', () => {
    const now = new Date('2026-11-21T12:40:00.000Z');
    const changes = action.run({ now, person: 'Ayu' }, blank(layer), sample(action.input.shape));
    const { shape } = layer.attributes;
    for (const [key, value] of Object.entries(changes)) {
      if (key === 'agency' || key === 'observed_at') continue;
      expect(Object.keys(shape), key).toContain(key);
      expect(shape[key]!.safeParse(value).error?.message, key).toBeUndefined();
      const { derived, deviceOnly } = attributesOf(layer).get(key)!;
      expect(derived || deviceOnly, `${key} is not an operator's to say`).toBeFalsy();
    }
  });
});

function blank(layer: Layer) {
  return Object.fromEntries(Object.keys(layer.attributes.shape).map((key) => [key, null]));
}

/** A value of each input that must be given, none of the others. */
function sample(shape: Layer['attributes']['shape']) {
  return Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => {
      const attribute = attributeOf(schema);
      if (!attribute.required) return [key, null];
      if (attribute.kind === 'choice') return [key, Object.keys(attribute.choices)[0]!];
      if (attribute.kind === 'integer' || attribute.kind === 'number') return [key, attribute.min ?? 0];
      if (attribute.kind === 'date') return [key, '2026-11-21'];
      if (attribute.kind === 'instant') return [key, '2026-11-21T12:40:00Z'];
      return [key, attribute.kind === 'boolean' ? true : 'Sebab'];
    }),
  );
}
