import { Budget, type Expression, type FilterGeometry, type LonLat, limits, quoted, refuse } from './expression.ts';

const depths = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 } as const;

/** Reads CQL2 JSON (OGC 21-065r2, clause 9 and its JSON Schema) into an expression; throws `bad_filter`. */
export function readJson(source: string): Expression {
  if (source.length > limits.json)
    throw refuse(
      `character ${limits.json}`,
      `A filter may have ${limits.json} characters, this one has ${source.length}`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch (error) {
    throw refuse('the whole filter', `This is not JSON: ${error instanceof Error ? error.message.slice(0, 120) : ''}`);
  }
  return read(parsed, '$', 0, new Budget(limits));
}

function read(value: unknown, at: string, depth: number, budget: Budget): Expression {
  budget.depth(at.length > 100 ? `${at.slice(0, 100)}…` : at, depth);
  if (value === null) return { type: 'literal', value, at };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    budget.literal(at);
    return { type: 'literal', value, at };
  }
  if (Array.isArray(value))
    return { type: 'list', items: value.map((item, i) => read(item, `${at}[${i}]`, depth + 1, budget)), at };
  return readObject(Object.entries(Object(value)), at, depth, budget);
}

/** One of the objects CQL2 JSON knows, told by its members; a member more is an error and not ignored. */
function readObject(entries: readonly [string, unknown][], at: string, depth: number, budget: Budget): Expression {
  const object = new Map(entries);
  const [name, value] = entries[0] ?? ['', undefined];
  const inside = (key: string, item: unknown) => read(item, `${at}.${key}`, depth + 1, budget);
  if (object.has('op')) {
    only(object, ['op', 'args'], at);
    const op = text(object.get('op'), `${at}.op`);
    const args = object.get('args');
    if (!Array.isArray(args)) throw refuse(at, `${quoted(op)} needs an array 'args'`);
    return { type: 'call', op, args: args.map((item, i) => inside(`args[${i}]`, item)), at };
  }
  if (object.has('type')) {
    only(object, ['type', 'coordinates'], at);
    return { type: 'geometry', geometry: geometry(object.get('type'), object.get('coordinates'), at, budget), at };
  }
  if (object.size !== 1) throw unknown(object, at);
  switch (name) {
    case 'property':
      return { type: 'property', name: text(value, `${at}.property`), at };
    case 'date':
    case 'timestamp':
      budget.literal(at);
      return { type: name, value: text(value, `${at}.${name}`), at };
    case 'interval': {
      if (!Array.isArray(value) || value.length !== 2) throw refuse(at, 'An interval needs a start and an end');
      return { type: 'interval', start: inside('interval[0]', value[0]), end: inside('interval[1]', value[1]), at };
    }
    case 'bbox':
      if (!Array.isArray(value) || value.length > 6)
        throw refuse(at, 'A bbox is four numbers: west, south, east, north');
      return { type: 'bbox', numbers: value.map((item) => number(item, at)), at };
    default:
      throw unknown(object, at);
  }
}

function geometry(type: unknown, coordinates: unknown, at: string, budget: Budget): FilterGeometry {
  if (typeof type !== 'string' || !Object.hasOwn(depths, type))
    throw refuse(
      at,
      `${quoted(String(type))} is not a geometry that can be asked for; known: ${Object.keys(depths).join(', ')}`,
    );
  const kind = type as keyof typeof depths; // it is one of its own keys
  // The nesting of the arrays is checked against the kind, so the result has the kind's shape.
  return { type: kind, coordinates: positions(coordinates, depths[kind], at, budget) } as FilterGeometry;
}

type Positions = LonLat | readonly Positions[];

function positions(value: unknown, depth: number, at: string, budget: Budget): Positions {
  if (!Array.isArray(value) || (value.length === 0 && depth > 0))
    throw refuse(at, 'The coordinates do not fit the geometry');
  if (depth > 0) return value.map((item) => positions(item, depth - 1, at, budget));
  budget.vertex(at);
  if (value.length !== 2) throw refuse(at, 'A position has two numbers here, longitude and latitude');
  return [number(value[0], at), number(value[1], at)];
}

function text(value: unknown, at: string): string {
  if (typeof value !== 'string') throw refuse(at, 'Expected a text');
  return value;
}

function number(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(at, 'Expected a number');
  return value;
}

function only(object: ReadonlyMap<string, unknown>, allowed: readonly string[], at: string): void {
  for (const key of object.keys())
    if (!allowed.includes(key)) throw refuse(at, `The member ${quoted(key)} means nothing here`);
}

function unknown(object: ReadonlyMap<string, unknown>, at: string): Error {
  const members = [...object.keys()].slice(0, 5).map(quoted).join(', ');
  return refuse(
    at,
    `An object of CQL2 was expected (op, property, date, timestamp, interval, bbox or a geometry), found ${members || 'nothing'}`,
  );
}
