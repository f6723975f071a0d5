import { describe, expect, test } from 'vitest';
import { layerFiles } from '../../server/registry/registry.ts';
import { condition } from '../../web/map/expression.ts';

describe('style conditions', () => {
  const gauge = { level: 0, siaga: '2', online: true, name: 'Bedadung' };
  test.each([
    [['==', ['get', 'siaga'], '2'], true],
    [['==', ['get', 'siaga'], 2], false],
    [['!=', ['get', 'siaga'], '2'], false],
    [['==', ['get', 'level'], 0], true],
    [['has', 'level'], true],
    [['has', 'rate'], false],
    [['<', ['get', 'level'], 1], true],
    [['>=', ['get', 'level'], 0], true],
    [['>', ['get', 'rate'], 0], false],
    [['<', ['get', 'rate'], 0], false],
    [['!', ['has', 'rate']], true],
    [['between', ['get', 'level'], 0, 10], true],
    [['between', ['get', 'level'], 1, 10], false],
    [['in', ['get', 'siaga'], ['literal', ['1', '2']]], true],
    [['in', ['get', 'rate'], ['literal', ['1', '2']]], false],
    [['all', ['get', 'online'], ['has', 'name']], true],
    [['all'], true],
    [['any'], false],
    [['any', ['==', ['get', 'siaga'], '1'], ['get', 'online']], true],
    [['<', ['get', 'name'], 5], false],
  ] as const)('%j is %s of a gauge at zero', (filter, expected) => {
    expect(condition(filter)(gauge)).toBe(expected);
  });

  test('no filter is everything else', () => {
    expect(condition(undefined)({})).toBe(true);
  });

  test('an operator the registry does not have is refused when the rule is read', () => {
    expect(() => condition(['step', 1] as never)).toThrow(/step/);
  });

  test('the rules of every layer can be read', async () => {
    for (const layer of await layerFiles()) {
      for (const rule of layer.style) expect(typeof condition(rule.filter)({}), layer.id).toBe('boolean');
    }
  });
});
