import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type FilterLanguage, filterKey, parseFilter, viewFilter } from '../../server/registry/filter/filter.ts';
import { Problem } from '../../server/registry/problem.ts';
import { type View, viewOf } from '../../server/registry/view.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { realData, realTest } from '../support/real_data.ts';
import { sampleAreas, samplePoints } from './sample.ts';

const points = viewOf(samplePoints, visitor('operator'))!;
const areas = viewOf(sampleAreas, visitor('operator'))!;

/** What a filter is refused with; fails when it is not refused, or not with `bad_filter`. */
function refusal(source: string, language: FilterLanguage = 'cql2-text', view: View = points): string {
  try {
    parseFilter(view, source, language);
  } catch (error) {
    if (error instanceof Problem && error.code === 'bad_filter') return error.message;
    throw error;
  }
  throw new Error(`not refused: ${source.slice(0, 100)}`);
}

/** The cases of a table beside this file, one a line: name, filter, what it is refused with, parted by tabs. */
function table(file: string): [name: string, source: string, message: string][] {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [name, source, message, ...more] = line.split('\t');
    if (name === undefined || source === undefined || !message || more.length > 0) throw new Error(`${file}: ${line}`);
    return [name, source, message];
  });
}

describe('what is wrong, and where', () => {
  test.each(table('refused_text.tsv'))('%s', (_, source, message) => {
    expect(refusal(source)).toContain(message);
  });

  test.each(table('refused_json.tsv'))('JSON: %s', (_, source, message) => {
    expect(refusal(source, 'cql2-json')).toContain(message);
  });
});

describe('limits', () => {
  const many = (count: number, text: string, glue = '') => Array(count).fill(text).join(glue);

  test('what is just inside is read', () => {
    expect(() => parseFilter(points, `${many(39, '(')}level=1${many(39, ')')}`, 'cql2-text')).not.toThrow();
    expect(() => parseFilter(points, `level IN (${many(500, '1', ',')})`, 'cql2-text')).not.toThrow();
    expect(() => parseFilter(points, `level=1${many(3993, ' ')}`, 'cql2-text')).not.toThrow();
    expect(() => parseFilter(points, star(4999), 'cql2-json')).not.toThrow();
  });

  test.each([
    ['long_text', `level=1${many(3994, ' ')}`, 'A filter may have 4000 characters, this one has 4001'],
    [
      'deep_parentheses',
      `${many(1900, '(')}level=1${many(1900, ')')}`,
      'A filter may be nested 40 deep (at character 42).',
    ],
    ['deep_not', `${many(900, 'NOT ')}level=1`, 'A filter may be nested 40 deep'],
    ['deep_calls', `${many(900, 'f(')}level${many(900, ')')}=1`, 'A filter may be nested 40 deep'],
    ['signs', `${many(3000, '-')}1=level`, "Expected a number, found '-' (at character 2)."],
    ['many_values', `level IN (${many(501, '1', ',')})`, 'A filter may hold 500 values'],
  ])('%s', (_, source, message) => {
    expect(refusal(source)).toContain(message);
  });

  test.each([
    ['deep_json', `${many(20_000, '[')}${many(20_000, ']')}`, 'A filter may be nested 40 deep'],
    [
      'deep_not_json',
      `${many(9_000, '{"op":"not","args":[')}true${many(9_000, ']}')}`,
      'A filter may be nested 40 deep',
    ],
    ['long_json', `"${many(250_000, 'a')}"`, 'A filter may have 250000 characters'],
    ['many_vertices', star(5001), "A filter's geometries may have 5000 vertices"],
  ])('%s', (_, source, message) => {
    expect(refusal(source, 'cql2-json')).toContain(message);
  });

  /** A star with so many vertices, as JSON. */
  function star(vertices: number): string {
    const ring = Array.from({ length: vertices }, (_, i) => {
      const [angle, radius] = [
        ((i % (vertices - 1)) / (vertices - 1)) * 2 * Math.PI,
        i % 2 && i < vertices - 1 ? 0.5 : 1,
      ];
      const [lon, lat] = [113 + radius * Math.cos(angle), -8 + radius * Math.sin(angle)];
      return [Number(lon.toFixed(9)), Number(lat.toFixed(9))];
    });
    ring[ring.length - 1] = ring[0]!;
    return JSON.stringify({ op: 's_within', args: [{ property: 'geom' }, { type: 'Polygon', coordinates: [ring] }] });
  }
});

const hostile = 'conformance/strings/blns.json';
realTest('hostile strings are refused as a filter, and pass unharmed as a value', [hostile], () => {
  const strings: string[] = JSON.parse(readFileSync(realData(hostile), 'utf8'));
  for (const text of strings) {
    for (const language of ['cql2-text', 'cql2-json'] as const) {
      try {
        parseFilter(points, text, language);
      } catch (error) {
        expect(error, text).toBeInstanceOf(Problem);
      }
    }
    const json = JSON.stringify({ op: '=', args: [{ property: 'name' }, text] });
    expect(parseFilter(points, json, 'cql2-json').condition).toMatchObject({ op: 'text', value: text });
    if (text.includes("\\'") || text.endsWith('\\')) continue; // beyond CQL2 text
    const inText = parseFilter(points, `name = '${text.replaceAll("'", "''")}'`, 'cql2-text');
    expect(inText.condition).toMatchObject({ op: 'text', value: text });
  }
});

describe('what is understood', () => {
  test.each([
    ['keywords in any case', 'level in (1) AND name is NULL', 'level IN (1) and name IS null'],
    ['a value first', '5 < level', 'level > 5'],
    ['quoted names', '"level" = 1', 'level = 1'],
    ['both escapes of a quote', "name = 'it''s'", "name = 'it\\'s'"],
    ['numbers of every form', 'level = 1500', 'level = +1.5e3'],
    ['geometry by either name', 'S_INTERSECTS(geometry, POINT(1 2))', 's_intersects(POINT(1 2), geom)'],
    ['points of many', 'S_INTERSECTS(geom, MULTIPOINT((1 2), (3 4)))', 'S_INTERSECTS(geom, MULTIPOINT(1 2, 3 4))'],
    [
      'an offset',
      "observed_at = TIMESTAMP('2026-01-01T07:00:00+07:00')",
      "observed_at = TIMESTAMP('2026-01-01T00:00:00Z')",
    ],
    ['AND before OR', "level = 1 OR level = 2 AND name = 'a'", "level = 1 OR (level = 2 AND name = 'a')"],
    ['NOT before AND', "NOT level = 1 AND name = 'a'", "(NOT (level = 1)) AND name = 'a'"],
    ['a box with heights', 'S_INTERSECTS(geom, BBOX(1, 2, 0, 3, 4, 9))', 'S_INTERSECTS(geom, BBOX(1, 2, 3, 4))'],
  ])('%s', (_, one, other) => {
    expect(filterKey(parseFilter(points, one, 'cql2-text'))).toBe(filterKey(parseFilter(points, other, 'cql2-text')));
  });

  test('a bbox across the antimeridian is two', () => {
    const { condition } = parseFilter(areas, 'S_INTERSECTS(geom, BBOX(170, -10, -170, 10))', 'cql2-text');
    expect(condition).toMatchObject({
      geometry: {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [170, -10],
              [180, -10],
              [180, 10],
              [170, 10],
              [170, -10],
            ],
          ],
          [
            [
              [-180, -10],
              [-170, -10],
              [-170, 10],
              [-180, 10],
              [-180, -10],
            ],
          ],
        ],
      },
    });
  });
});

test('a view cannot be asked for what it hides, its own condition can', () => {
  const seen = viewOf(samplePoints, visitor('public'))!;
  expect(refusal("secret = 'yes'", 'cql2-text', seen)).toContain("has no property 'secret'");
  expect(filterKey(viewFilter(seen))).toContain('"column":"secret"');
  expect(viewFilter(points)).toBeUndefined();
});
