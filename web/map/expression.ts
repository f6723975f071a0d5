import type { Expression } from '../../server/registry/style_rule.ts';
import type { TileProperties } from './feature_hit.ts';

type Value = string | number | boolean | null | readonly (string | number)[];
type Evaluate = (properties: TileProperties) => Value;

const order = (value: Value): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Numbers are compared with numbers and texts with texts; anything else is false, as an absent attribute is. */
function compare(left: Value, right: Value, test: (sign: number) => boolean): boolean {
  if (!order(left) || !order(right) || typeof left !== typeof right) return false;
  return test(left < right ? -1 : left > right ? 1 : 0);
}

const comparisons: Readonly<Record<string, (sign: number) => boolean>> = {
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};

function compile(expression: Expression): Evaluate {
  if (!Array.isArray(expression)) return () => expression as string | number | boolean;
  // The tuple types of `Expression` do not survive `Array.isArray`; the operator says what follows.
  const [operator, ...rest] = expression as readonly [string, ...Expression[]];
  if (operator === 'get') return (properties) => properties[String(rest[0])] ?? null;
  if (operator === 'has') return (properties) => properties[String(rest[0])] !== undefined;
  if (operator === 'literal') return () => rest[0] as unknown as readonly (string | number)[];
  const parts = rest.map(compile);
  const [first = () => null, second = () => null, third = () => null] = parts;
  const comparison = comparisons[operator];
  if (comparison) return (properties) => compare(first(properties), second(properties), comparison);
  switch (operator) {
    case '==':
      return (properties) => first(properties) === second(properties);
    case '!=':
      return (properties) => first(properties) !== second(properties);
    case '!':
      return (properties) => first(properties) !== true;
    case 'all':
      return (properties) => parts.every((part) => part(properties) === true);
    case 'any':
      return (properties) => parts.some((part) => part(properties) === true);
    case 'between':
      return (properties) => {
        const value = first(properties);
        return (
          compare(value, second(properties), (sign) => sign >= 0) &&
          compare(value, third(properties), (sign) => sign <= 0)
        );
      };
    case 'in':
      return (properties) => {
        const value = first(properties);
        const set = second(properties);
        return order(value) && Array.isArray(set) && set.includes(value);
      };
    default:
      throw new TypeError(`a style rule uses the unknown operator '${operator}'`);
  }
}

/**
 * A style rule's filter as a test of a feature's properties; without a filter it always holds.
 * Throws a TypeError for an operator that the registry does not have.
 */
export function condition(filter: Expression | undefined): (properties: TileProperties) => boolean {
  if (filter === undefined) return () => true;
  const evaluate = compile(filter);
  return (properties) => evaluate(properties) === true;
}
