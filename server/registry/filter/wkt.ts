import { type FilterGeometry, type LonLat, refuse } from './expression.ts';
import type { TextReader } from './text.ts';
import { place } from './tokens.ts';

/** Reads a geometry in well-known text (OGC 06-103r4, two coordinates, longitude first) at the reader's place. */
export function readGeometry(reader: TextReader): FilterGeometry {
  const { text, start } = reader.take();
  const next = reader.peek().text.toUpperCase();
  if (next === 'EMPTY') throw refuse(place(start), 'An empty geometry chooses nothing');
  if (next !== '(')
    throw refuse(
      place(start),
      'A geometry has two coordinates here, longitude and latitude; Z and M are not supported',
    );
  const positions = () => list(reader, () => position(reader));
  const rings = () => list(reader, positions);
  switch (text.toUpperCase()) {
    case 'POINT': {
      reader.expect('(');
      const coordinates = position(reader);
      reader.expect(')');
      return { type: 'Point', coordinates };
    }
    case 'LINESTRING':
      return { type: 'LineString', coordinates: positions() };
    case 'POLYGON':
      return { type: 'Polygon', coordinates: rings() };
    case 'MULTIPOINT':
      return { type: 'MultiPoint', coordinates: list(reader, () => pointOfMany(reader)) };
    case 'MULTILINESTRING':
      return { type: 'MultiLineString', coordinates: rings() };
    case 'MULTIPOLYGON':
      return { type: 'MultiPolygon', coordinates: list(reader, rings) };
    default:
      throw refuse(place(start), `${text.toUpperCase()} is not supported, use one kind of geometry`);
  }
}

function list<T>(reader: TextReader, item: () => T): T[] {
  reader.expect('(');
  const items = [item()];
  while (reader.accept(',')) items.push(item());
  if (!reader.accept(')')) throw reader.unexpected("',' or ')'");
  return items;
}

/** `MULTIPOINT((1 2), (3 4))` is the standard's form, `MULTIPOINT(1 2, 3 4)` the one everybody writes. */
function pointOfMany(reader: TextReader): LonLat {
  if (!reader.accept('(')) return position(reader);
  const found = position(reader);
  reader.expect(')');
  return found;
}

function position(reader: TextReader): LonLat {
  const at = place(reader.peek().start);
  reader.budget.vertex(at);
  const found: LonLat = [reader.number(), reader.number()];
  if (reader.peek().kind === 'number') throw refuse(at, 'A position has two numbers here, longitude and latitude');
  return found;
}
