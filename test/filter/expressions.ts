import type { Geometry } from 'geojson';
import { area, type Chooser, position, shape, values } from './sample.ts';

/** An expression in both of its languages. */
export interface Written {
  readonly text: string;
  readonly json: unknown;
}

/** A random expression that the sample layers can be asked, nested at most `depth` deep; `areas`: also what only areas can. */
export function expression(chosen: Chooser, depth: number, areas: boolean): Written {
  const { one, chance, upTo } = chosen;
  if (depth === 0 || chance(0.3)) return predicate(chosen, areas);
  if (chance(0.25)) {
    const inner = expression(chosen, depth - 1, areas);
    return { text: `NOT (${inner.text})`, json: { op: 'not', args: [inner.json] } };
  }
  const op = one(['and', 'or'] as const);
  const args = Array.from({ length: 2 + upTo(2) }, () => expression(chosen, depth - 1, areas));
  return {
    text: args.map(({ text }) => `(${text})`).join(op === 'and' ? ' AND ' : ' or '),
    json: { op, args: args.map(({ json }) => json) },
  };
}

function predicate(chosen: Chooser, areas: boolean): Written {
  const { one, upTo, chance } = chosen;
  const kind = one([
    'number',
    'integer',
    'text',
    'text',
    'choice',
    'boolean',
    'instant',
    'instant',
    'date',
    'null',
    'space',
    'space',
    'distance',
    'constant',
  ] as const);
  switch (kind) {
    case 'number':
      return scalar(chosen, 'level', () => number(one(values.number)));
    case 'integer':
      return scalar(chosen, 'beds', () => number(one([...values.integer, 0.5])));
    case 'text':
      return textual(chosen);
    case 'choice': {
      const list = Array.from({ length: 1 + upTo(2) }, () => string(one(values.state)));
      return chance(0.5) ? inList('state', list) : compare('state', one(['=', '<>']), list[0]!);
    }
    case 'boolean':
      return compare(
        'online',
        one(['=', '<>']),
        one([
          { text: 'TRUE', json: true },
          { text: 'false', json: false },
        ]),
      );
    case 'instant':
      return temporal(chosen, 'observed_at', () =>
        chance(0.5) ? timestamp(one(values.instant)) : day(one(values.date)),
      );
    case 'date':
      return temporal(chosen, 'opened', () => day(one(values.date)));
    case 'null': {
      const name = one(['name', 'state', 'level', 'beds', 'online', 'opened', 'observed_at', 'geom', 'source']);
      return negated(chance(0.5), `${name} IS NULL`, `${name} IS NOT NULL`, {
        op: 'isNull',
        args: [{ property: name }],
      });
    }
    case 'space': {
      const op = one(['s_intersects', 's_within', 's_disjoint', areas ? 's_contains' : 's_within']);
      const other = geometry(op === 's_within' ? area(chosen) : shape(chosen));
      return call(op, [property('geom'), chance(0.2) && op !== 's_contains' ? box(chosen) : other]);
    }
    case 'distance': {
      const [lon, lat] = position(chosen);
      const distance = call('s_distance', [property('geom'), geometry({ type: 'Point', coordinates: [lon, lat] })]);
      const metres = number(one([1, 1000, 27_000, 50_000.5, 100_000, 1_000_000]));
      const op = one(['<', '<=', '>', '>=']);
      return { text: `${distance.text} ${op} ${metres.text}`, json: { op, args: [distance.json, metres.json] } };
    }
    case 'constant':
      return one([
        { text: 'TRUE', json: true },
        { text: 'FALSE', json: false },
      ]);
  }
}

function scalar(chosen: Chooser, name: string, value: () => Written): Written {
  const { one, upTo, chance } = chosen;
  if (chance(0.2)) return inList(name, Array.from({ length: 1 + upTo(3) }, value));
  if (chance(0.2)) return between(chance(0.3), name, value(), value());
  return compare(name, one(['=', '<>', '<', '<=', '>', '>=']), value());
}

function textual(chosen: Chooser): Written {
  const { one, chance } = chosen;
  if (chance(0.5)) return scalar(chosen, 'name', () => string(one(values.text)));
  const piece = () => one(['%', '_', 'a', 'b', '\\%', '\\_', '\\\\', 'é', '😀', 'A', "'", '']);
  const pattern = string(piece() + piece() + piece() + piece());
  const fold = chance(0.4);
  const name = one(['name', 'state']);
  const subject = fold ? call('casei', [property(name)]) : property(name);
  const asked = fold ? call('casei', [pattern]) : pattern;
  if (fold && name === 'name' && chance(0.5))
    return { text: `${subject.text} = ${asked.text}`, json: { op: '=', args: [subject.json, asked.json] } };
  return negated(chance(0.3), `${subject.text} LIKE ${asked.text}`, `${subject.text} NOT LIKE ${asked.text}`, {
    op: 'like',
    args: [subject.json, asked.json],
  });
}

function temporal(chosen: Chooser, name: string, value: () => Written): Written {
  const { one, chance } = chosen;
  if (chance(0.5)) return scalar(chosen, name, value);
  const op = one(['t_after', 't_before', 't_equals', 't_intersects', 't_disjoint', 't_during']);
  const isDay = name === 'opened';
  const bound = () => one<string>(isDay || chance(0.3) ? values.date : values.instant);
  if (op === 't_equals' || (op !== 't_during' && chance(0.5))) return call(op, [property(name), value()]);
  const [start, end] = [bound(), bound()].toSorted();
  // A day and a moment within it sort the other way round than they start: equal days are left out.
  if (start!.slice(0, 10) === end!.slice(0, 10) && start !== end) return temporal(chosen, name, value);
  const ends = one([
    [start, end],
    ['..', end],
    [start, '..'],
  ]);
  const interval = { text: `INTERVAL('${ends[0]}', '${ends[1]}')`, json: { interval: ends } };
  return call(op, [property(name), interval]);
}

function compare(name: string, op: string, value: Written): Written {
  return { text: `${name} ${op} ${value.text}`, json: { op, args: [{ property: name }, value.json] } };
}

function between(not: boolean, name: string, low: Written, high: Written): Written {
  const range = `${low.text} AND ${high.text}`;
  const json = { op: 'between', args: [{ property: name }, low.json, high.json] };
  return negated(not, `${name} BETWEEN ${range}`, `${name} NOT BETWEEN ${range}`, json);
}

function inList(name: string, items: readonly Written[]): Written {
  const json = { op: 'in', args: [{ property: name }, items.map((item) => item.json)] };
  return { text: `${name} IN (${items.map((item) => item.text).join(', ')})`, json };
}

function negated(not: boolean, plain: string, opposite: string, json: unknown): Written {
  return not ? { text: opposite, json: { op: 'not', args: [json] } } : { text: plain, json };
}

function call(op: string, args: readonly Written[]): Written {
  return {
    text: `${op.toUpperCase()}(${args.map(({ text }) => text).join(', ')})`,
    json: { op, args: args.map(({ json }) => json) },
  };
}

const property = (name: string): Written => ({ text: name, json: { property: name } });
const number = (value: number): Written => ({ text: String(value), json: value });
const timestamp = (value: string): Written => ({ text: `TIMESTAMP('${value}')`, json: { timestamp: value } });
const day = (value: string): Written => ({ text: `DATE('${value}')`, json: { date: value } });

/** A backslash before a quote escapes it in text, so a text that ends in one can only be said in JSON. */
function string(value: string): Written {
  return { text: `'${value.replaceAll("'", "''")}'`, json: value };
}

function box({ upTo, one }: Chooser): Written {
  const [west, south] = [113 + upTo(8) / 4, -9 + upTo(8) / 4];
  const numbers = one([
    [west, south, west + 0.5, south + 0.5],
    [west, south, west + 0.25, south + 1],
    [170, south, west, south + 0.5],
  ]);
  return { text: `BBOX(${numbers.join(', ')})`, json: { bbox: numbers } };
}

function geometry(value: Geometry): Written {
  if (value.type === 'GeometryCollection') throw new TypeError('no collections here');
  return { text: `${value.type.toUpperCase()}${wkt(value.coordinates, value.type === 'Point')}`, json: value };
}

type Positions = readonly (number | Positions)[];

function wkt(coordinates: Positions, outermost = false): string {
  if (typeof coordinates[0] === 'number') return outermost ? `(${coordinates.join(' ')})` : coordinates.join(' ');
  return `(${coordinates.map((inner) => (typeof inner === 'number' ? inner : wkt(inner))).join(', ')})`;
}
