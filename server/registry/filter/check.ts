import type { Attribute } from '../attribute.ts';
import { columnsOf } from './columns.ts';
import type { Comparison, Condition } from './condition.ts';
import { type Expression, quoted, refuse } from './expression.ts';
import { endsInEscape, foldCase } from './like.ts';
import { only, type Scope } from './scope.ts';
import { checkDistance, checkSpatial, geometryNames, isDistance, spatialOperators } from './spatial.ts';
import { compareDay, compareInstant, temporalDay, temporalInstant, temporalOperators } from './time.ts';

/** A property of the layer as it stands in a filter, in CASEI or not. */
interface Property {
  readonly name: string;
  readonly attribute: Attribute;
  readonly fold: boolean;
}

const comparisons: Readonly<Record<string, Comparison | '<>'>> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const known = [
  'and',
  'or',
  'not',
  ...Object.keys(comparisons),
  'in',
  'between',
  'like',
  'isNull',
  'casei',
  ...spatialOperators,
  's_distance',
  ...temporalOperators,
];

/**
 * Turns an expression into a condition on a layer, or refuses it: properties that are not there, values of the wrong
 * kind, choices outside the vocabulary, and every operator that is not compiled. Nothing is passed over in silence.
 */
export function check(expression: Expression, scope: Scope): Condition {
  const { at } = expression;
  if (expression.type === 'literal' && typeof expression.value === 'boolean')
    return { op: 'constant', value: expression.value };
  if (expression.type !== 'call')
    throw refuse(
      at,
      `A condition was expected${expression.type === 'property' ? `: compare ${quoted(expression.name)} with something` : ''}`,
    );
  const { op, args } = expression;
  switch (op) {
    case 'and':
    case 'or':
      if (args.length < 2) throw refuse(at, `'${op}' needs two conditions or more`);
      // `a AND (b AND c)` is `a AND b AND c`: one form, one key.
      return { op, args: args.map((arg) => check(arg, scope)).flatMap((arg) => (arg.op === op ? arg.args : [arg])) };
    case 'not':
      return { op, arg: check(only(expression, 1)[0]!, scope) };
    default:
      return masked(checkTerm(expression, scope), op === 'isNull', scope);
  }
}

/** A term that reads an attribute which some rows hide is answered there as if it were null, whatever it is. */
function masked(term: Condition, ofNull: boolean, { masks }: Scope): Condition {
  const [column] = columnsOf(term);
  const mask = column === undefined ? undefined : masks?.get(column);
  return mask ? { op: 'masked', mask, term, hidden: ofNull ? true : null } : term;
}

/** A condition that is not made of others; it reads one column at most. */
function checkTerm(expression: Expression & { type: 'call' }, scope: Scope): Condition {
  const { op, at } = expression;
  switch (op) {
    case 'isNull':
      return checkNull(only(expression, 1)[0]!, scope);
    case 'in': {
      const [subject, list] = only(expression, 2);
      if (list!.type !== 'list' || list!.items.length === 0) throw refuse(list!.at, 'IN needs a list of values');
      return checkIn(property(subject!, scope), list!.items);
    }
    case 'between': {
      const [subject, low, high] = only(expression, 3);
      const column = property(subject!, scope);
      return { op: 'and', args: [compare(column, '>=', low!), compare(column, '<=', high!)] };
    }
    case 'like': {
      const [subject, pattern] = only(expression, 2);
      return checkLike(property(subject!, scope), pattern!);
    }
  }
  if (Object.hasOwn(comparisons, op)) return checkComparison(expression, scope);
  if (spatialOperators.includes(op)) return checkSpatial(expression, scope);
  if (temporalOperators.includes(op)) return checkTemporal(expression, scope);
  throw refuse(at, `${quoted(op)} is not supported; known: ${known.join(', ')}`);
}

function checkComparison(expression: Expression & { type: 'call' }, scope: Scope): Condition {
  const [left, right] = only(expression, 2);
  const isValue = ({ type }: Expression) => type === 'literal' || type === 'date' || type === 'timestamp';
  // `5 < level` is `level > 5`.
  const [subject, value, op] =
    isValue(left!) && !isValue(right!)
      ? [right!, left!, mirrored[expression.op] ?? expression.op]
      : [left!, right!, expression.op];
  if (isDistance(subject)) return checkDistance(subject, op, value, scope);
  if (subject.type === 'property' && isGeometryName(subject.name, scope))
    throw refuse(subject.at, `A geometry is asked with ${spatialOperators.join(', ')}`);
  const column = property(subject, scope);
  return op === '<>'
    ? { op: 'not', arg: compare(column, '=', value) }
    : compare(column, comparisons[op] as Comparison, value); // the caller has found `op` among them
}

function compare({ name, attribute, fold }: Property, test: Comparison, value: Expression): Condition {
  switch (attribute.kind) {
    case 'number':
    case 'integer':
      return { op: 'number', column: name, test, value: numberOf(value, name) };
    case 'boolean':
      if (value.type !== 'literal' || typeof value.value !== 'boolean') throw wrongKind(value, name, 'true or false');
      if (test !== '=') throw refuse(value.at, `'${name}' is true or false and has no order`);
      return { op: 'boolean', column: name, value: value.value };
    case 'text':
      return { op: 'text', column: name, fold, test, value: textOf(value, name) };
    case 'choice':
      if (test !== '=') throw refuse(value.at, `'${name}' is one of a list and has no order`);
      return { op: 'text', column: name, fold, test, value: choiceOf(value, name, attribute.choices, fold) };
    case 'instant':
      return compareInstant(name, test, temporal(value, name));
    case 'date':
      return compareDay(name, test, temporal(value, name));
  }
}

function checkIn(column: Property, items: readonly Expression[]): Condition {
  const { name, attribute, fold } = column;
  switch (attribute.kind) {
    case 'number':
    case 'integer':
      return { op: 'number_in', column: name, values: items.map((item) => numberOf(item, name)) };
    case 'text':
      return { op: 'text_in', column: name, fold, values: items.map((item) => textOf(item, name)) };
    case 'choice':
      return {
        op: 'text_in',
        column: name,
        fold,
        values: items.map((item) => choiceOf(item, name, attribute.choices, fold)),
      };
    default: {
      const args = items.map((item) => compare(column, '=', item));
      return args.length === 1 ? args[0]! : { op: 'or', args };
    }
  }
}

function checkLike({ name, attribute, fold }: Property, pattern: Expression): Condition {
  if (attribute.kind !== 'text' && attribute.kind !== 'choice')
    throw refuse(pattern.at, `LIKE asks texts, '${name}' is none`);
  const text = textOf(pattern, name);
  if (endsInEscape(text)) throw refuse(pattern.at, 'A pattern must not end in a single backslash');
  return { op: 'like', column: name, fold, pattern: text };
}

function checkNull(subject: Expression, scope: Scope): Condition {
  if (subject.type === 'property' && isGeometryName(subject.name, scope))
    return { op: 'null', column: { name: 'geom', kind: 'geometry' } };
  const { name, attribute } = property(subject, scope);
  const isText = attribute.kind === 'text' || attribute.kind === 'choice' || attribute.kind === 'date';
  return { op: 'null', column: { name, kind: isText ? 'text' : 'number' } };
}

function checkTemporal(expression: Expression & { type: 'call' }, scope: Scope): Condition {
  const [subject, value] = only(expression, 2);
  if (subject!.type !== 'property')
    throw refuse(subject!.at, `${expression.op.toUpperCase()} asks a property first, then a time`);
  const { name, attribute } = property(subject!, scope);
  if (attribute.kind === 'instant') return temporalInstant(expression.op, name, value!);
  if (attribute.kind === 'date') return temporalDay(expression.op, name, value!);
  throw refuse(subject!.at, `'${name}' is not a time`);
}

function isGeometryName(name: string, scope: Scope): boolean {
  return geometryNames.includes(name) && !scope.attributes.has(name);
}

function property(subject: Expression, scope: Scope): Property {
  if (subject.type === 'call' && subject.op === 'casei') {
    const inner = property(only(subject, 1)[0]!, scope);
    if (inner.attribute.kind !== 'text' && inner.attribute.kind !== 'choice')
      throw refuse(subject.at, `CASEI is for texts, '${inner.name}' is none`);
    return { ...inner, fold: true };
  }
  if (subject.type === 'call')
    throw refuse(
      subject.at,
      `${quoted(subject.op)} is not supported here; known: a property, CASEI(property), S_DISTANCE(geom, point)`,
    );
  if (subject.type !== 'property') throw refuse(subject.at, 'A property was expected');
  const attribute = scope.attributes.get(subject.name);
  if (attribute) return { name: subject.name, attribute, fold: false };
  if (isGeometryName(subject.name, scope))
    throw refuse(subject.at, `A geometry is asked with ${spatialOperators.join(', ')}`);
  const names = [...scope.attributes.keys(), geometryNames[0]].join(', ');
  throw refuse(subject.at, `'${scope.layer}' has no property ${quoted(subject.name)}; it has: ${names}`);
}

function numberOf(value: Expression, name: string): number {
  if (value.type !== 'literal' || typeof value.value !== 'number' || !Number.isFinite(value.value))
    throw wrongKind(value, name, 'a number');
  return value.value;
}

function textOf(value: Expression, name: string): string {
  if (value.type === 'call' && value.op === 'casei') return foldCase(textOf(only(value, 1)[0]!, name));
  if (value.type !== 'literal' || typeof value.value !== 'string') throw wrongKind(value, name, "a text in '…'");
  // PostgreSQL holds neither.
  if (value.value.includes('\0') || !value.value.isWellFormed())
    throw refuse(value.at, 'The text holds a character that no text can have');
  return value.value;
}

function choiceOf(value: Expression, name: string, choices: object, fold: boolean): string {
  const text = textOf(value, name);
  const valid = Object.keys(choices);
  const same = (choice: string) => (fold ? foldCase(choice) : choice) === text;
  if (!valid.some(same))
    throw refuse(
      value.at,
      `${quoted(text)} is not a value of '${name}'; valid: ${valid.map((choice) => `'${choice}'`).join(', ')}`,
    );
  return text;
}

function temporal(value: Expression, name: string): Expression {
  if (value.type !== 'date' && value.type !== 'timestamp')
    throw wrongKind(value, name, "a time: TIMESTAMP('2026-11-21T07:30:00Z') or DATE('2026-11-21')");
  return value;
}

function wrongKind(value: Expression, name: string, wanted: string): Error {
  if (value.type === 'literal' && value.value === null)
    return refuse(value.at, `Nothing equals NULL: write ${name} IS NULL`);
  if (value.type === 'property')
    return refuse(
      value.at,
      `A property is compared with a value; comparing two properties is not supported (is ${quoted(value.name)} a text? Texts stand in '…')`,
    );
  return refuse(value.at, `'${name}' is compared with ${wanted}`);
}
