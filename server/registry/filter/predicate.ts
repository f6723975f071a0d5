import type { RowReader, TextReader } from '../../live/reader.ts';
import type { Bbox } from '../catalogue.ts';
import type { Comparison, Condition } from './condition.ts';
import type { Filter } from './filter.ts';
import { compareText, foldCase, likeTest } from './like.ts';
import { intersects, within } from './relate.ts';
import { bboxesMeet, locate, type Shape, shapeOf } from './shape.ts';
import { circleBbox, distanceTo, pointDistance } from './sphere.ts';

type Test = (slot: number) => boolean;

/**
 * The filter as a test of the live copy's rows: true where the SQL condition is true, false where it is false or
 * unknown. Columns are resolved here, once; texts are compared once for each distinct value. It stays right while rows
 * and values are added.
 */
export function filterPredicate(filter: Filter, reader: RowReader): Test {
  return compile(filter.condition, true, reader);
}

/**
 * Whether a condition is `wanted`, true or false. Unknown is neither, so that three-valued logic comes out with plain
 * booleans: NOT asks for the opposite, and what a null makes unknown fails both ways.
 */
function compile(condition: Condition, wanted: boolean, reader: RowReader): Test {
  switch (condition.op) {
    case 'and':
    case 'or': {
      const tests = condition.args.map((arg) => compile(arg, wanted, reader));
      // AND is true when all are true, and false when one is false; OR the other way round.
      return (condition.op === 'and') === wanted ? every(tests) : some(tests);
    }
    case 'not':
      return compile(condition.arg, !wanted, reader);
    case 'constant':
      return condition.value === wanted ? () => true : () => false;
    case 'masked': {
      const shows = compile(condition.mask, true, reader);
      const term = compile(condition.term, wanted, reader);
      const hidden = condition.hidden === wanted;
      return (slot) => (shows(slot) ? term(slot) : hidden);
    }
    case 'null': {
      const isNull = nullTest(condition.column, reader);
      return (slot) => isNull(slot) === wanted;
    }
    case 'number':
      return numberTest(reader.number(condition.column), condition.test, condition.value, wanted);
    case 'number_in': {
      const read = reader.number(condition.column);
      const values = new Set(condition.values);
      return (slot) => {
        const value = read(slot);
        return !Number.isNaN(value) && values.has(value) === wanted;
      };
    }
    case 'boolean': {
      const read = reader.number(condition.column);
      const number = condition.value === wanted ? 1 : 0;
      return (slot) => read(slot) === number;
    }
    case 'text':
      return textTest(reader.text(condition.column), condition, wanted);
    case 'text_in': {
      const values = new Set(condition.values);
      const { fold } = condition;
      return memoised(reader.text(condition.column), (value) => values.has(fold ? foldCase(value) : value) === wanted);
    }
    case 'like': {
      const test = likeTest(condition.pattern);
      const { fold } = condition;
      return memoised(reader.text(condition.column), (value) => test(fold ? foldCase(value) : value) === wanted);
    }
    case 'instant': {
      const read = reader.number(condition.column);
      const { from, to } = condition;
      const start = from ?? -Infinity;
      const end = to ?? Infinity;
      if (wanted) return (slot) => read(slot) >= start && read(slot) < end;
      return (slot) => read(slot) < start || read(slot) >= end;
    }
    case 'day':
      return textTest(reader.text(condition.column), { ...condition, fold: false }, wanted);
    case 'spatial':
      return spatialTest(condition, wanted, reader);
    case 'distance':
      return distanceTest(condition, wanted, reader);
  }
}

function every(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (tests.length === 2) return (slot) => first!(slot) && second!(slot);
  return (slot) => tests.every((test) => test(slot));
}

function some(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (tests.length === 2) return (slot) => first!(slot) || second!(slot);
  return (slot) => tests.some((test) => test(slot));
}

function nullTest({ name, kind }: { readonly name: string; readonly kind: string }, reader: RowReader): Test {
  if (kind === 'geometry') return (slot) => reader.bbox(slot) === null;
  if (kind === 'text') {
    const { id } = reader.text(name);
    return (slot) => id(slot) === 0;
  }
  const read = reader.number(name);
  return (slot) => Number.isNaN(read(slot));
}

const opposite = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;

/** NaN, the null of number columns, fails every comparison written here. */
function numberTest(read: (slot: number) => number, test: Comparison, value: number, wanted: boolean): Test {
  if (test === '=') {
    if (wanted) return (slot) => read(slot) === value;
    return (slot) => read(slot) < value || read(slot) > value;
  }
  switch (wanted ? test : opposite[test]) {
    case '<':
      return (slot) => read(slot) < value;
    case '<=':
      return (slot) => read(slot) <= value;
    case '>':
      return (slot) => read(slot) > value;
    case '>=':
      return (slot) => read(slot) >= value;
  }
}

function textTest(
  text: TextReader,
  { test, value, fold }: { readonly test: Comparison; readonly value: string; readonly fold: boolean },
  wanted: boolean,
): Test {
  const known = test === '=' && !fold ? text.lookup(value) : -1;
  if (known > 0)
    return wanted ? (slot) => text.id(slot) === known : (slot) => text.id(slot) !== 0 && text.id(slot) !== known;
  return memoised(text, (other) => holds(test, compareText(fold ? foldCase(other) : other, value)) === wanted);
}

function holds(test: Comparison, order: number): boolean {
  switch (test) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** Asks each distinct value once and remembers by its number; null (0) is never true. */
function memoised({ id, value }: TextReader, test: (value: string) => boolean): Test {
  const [yes, no] = [1, 2];
  let answers = new Uint8Array(256);
  return (slot) => {
    const number = id(slot);
    if (number === 0) return false;
    if (number >= answers.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(number + 1)));
      larger.set(answers);
      answers = larger;
    }
    if (answers[number] === 0) answers[number] = test(value(number)) ? yes : no;
    return answers[number] === yes;
  };
}

function spatialTest({ relation, geometry }: Condition & { op: 'spatial' }, wanted: boolean, reader: RowReader): Test {
  const other = shapeOf(geometry);
  const relate = { intersects, within, contains: (row: Shape, asked: Shape) => within(asked, row) }[relation];
  // Points against a drawn area are what is asked most, of most rows: straight to the one question.
  const pointsInAreas = relation !== 'contains' && other.areas.length > 0;
  const least = relation === 'within' ? 1 : 0;
  return (slot) => {
    const bbox = reader.bbox(slot);
    if (!bbox) return false;
    if (!bboxesMeet(bbox, other.bbox)) return !wanted;
    if (pointsInAreas && isPoint(bbox)) return locate([bbox[0], bbox[1]], other.areas) >= least === wanted;
    const row = rowShape(reader, slot);
    return row !== null && relate(row, other) === wanted;
  };
}

function distanceTest(
  { test, point, metres }: Condition & { op: 'distance' },
  wanted: boolean,
  reader: RowReader,
): Test {
  const circle = circleBbox(point, metres);
  const farAnswer = (test === '>' || test === '>=') === wanted;
  return (slot) => {
    const bbox = reader.bbox(slot);
    if (!bbox) return false;
    if (circle && !bboxesMeet(bbox, circle)) return farAnswer;
    if (isPoint(bbox)) return holds(test, pointDistance(point, [bbox[0], bbox[1]]) - metres) === wanted;
    const row = rowShape(reader, slot);
    return row !== null && holds(test, distanceTo(point, row) - metres) === wanted;
  };
}

function isPoint([west, south, east, north]: Bbox): boolean {
  return west === east && south === north;
}

function rowShape(reader: RowReader, slot: number): Shape | null {
  const geometry = reader.geometry(slot);
  return geometry && shapeOf(geometry);
}
