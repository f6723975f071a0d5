import type { Geometry } from 'geojson';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { LiveCopy } from '../../server/live/copy.ts';
import type { RowReader } from '../../server/live/reader.ts';
import {
  type Filter,
  filterKey,
  filterPredicate,
  filterSql,
  parseFilter,
} from '../../server/registry/filter/filter.ts';
import { shapeOf } from '../../server/registry/filter/shape.ts';
import { distanceTo } from '../../server/registry/filter/sphere.ts';
import type { Layer } from '../../server/registry/layer.ts';
import { viewOf } from '../../server/registry/view.ts';
import { visitor } from '../../server/registry/viewer.ts';
import { testDatabase } from '../support/database.ts';
import { expression, type Written } from './expressions.ts';
import { chooser, position, type SampleRow, sampleAreas, samplePoints, sampleShapes, sampleTable } from './sample.ts';

/** The one promise of the filter language: SQL and the live copy choose the same rows. */
const { connection } = await testDatabase();
const { db } = connection;

async function bySql(layer: Layer, filter: Filter): Promise<number[]> {
  const { rows } = await sql<{
    id: number;
  }>`select id from ${sql.table(layer.id)} where ${filterSql(filter)} order by id`.execute(db);
  return rows.map(({ id }) => id);
}

function filterOf(layer: Layer, { text, json }: Written): Filter {
  const view = viewOf(layer, visitor('operator'))!;
  const filter = parseFilter(view, JSON.stringify(json), 'cql2-json');
  // A text that ends in a backslash cannot be written in CQL2 text.
  if (!/\\'/.test(text)) expect(filterKey(parseFilter(view, text, 'cql2-text')), text).toBe(filterKey(filter));
  return filter;
}

/** Runs many expressions and holds the two against each other; answers how many chose some rows but not all. */
async function compare(
  layer: Layer,
  reader: RowReader,
  slots: ReadonlyMap<number, number>,
  seed: number,
  count: number,
) {
  const chosen = chooser(seed);
  let telling = 0;
  for (let i = 0; i < count; i++) {
    const written = expression(chosen, i % 4, layer.geometry === 'MultiPolygon');
    const filter = filterOf(layer, written);
    const predicate = filterPredicate(filter, reader);
    const byPredicate = [...slots].filter(([, slot]) => predicate(slot)).map(([id]) => id);
    expect(
      byPredicate.toSorted((a, b) => a - b),
      JSON.stringify(written.json),
    ).toEqual(await bySql(layer, filter));
    if (byPredicate.length > 0 && byPredicate.length < slots.size) telling++;
  }
  return telling;
}

describe('points, through the live copy', () => {
  const copy = new LiveCopy(connection);
  beforeAll(async () => {
    await sampleTable(db, samplePoints, 300);
    await copy.load([samplePoints]);
    await copy.keep(samplePoints.id, ['name', 'level', 'beds', 'online', 'opened']);
  });

  test('500 expressions choose the same rows', async () => {
    const live = copy.layer(samplePoints.id);
    const slots = new Map([...live.slots()].map((slot) => [live.id(slot), slot]));
    expect(slots.size).toBe(300);
    expect(await compare(samplePoints, live.reader, slots, 1, 500)).toBeGreaterThan(250);
  });
});

describe.each([sampleShapes, sampleAreas])('$id, from rows', (layer) => {
  let rows: SampleRow[];
  beforeAll(async () => {
    rows = await sampleTable(db, layer, 300);
  });

  test('500 expressions choose the same rows', async () => {
    const slots = new Map(rows.map(({ id }, slot) => [id, slot]));
    expect(await compare(layer, readerOf(rows), slots, layer.id.length, 500)).toBeGreaterThan(250);
  });
});

test('distances are PostGIS’s within a millimetre', async () => {
  const rows = await sampleTable(db, { ...sampleShapes, id: 'sample_far' }, 200);
  const chosen = chooser(5);
  for (const point of [position(chosen), position(chosen), position(chosen), [113.5, -8.25], [100, 3]] as const) {
    const { rows: measured } = await sql<{ id: number; metres: number }>`
      select id, st_distance(geom::geography, st_setsrid(st_makepoint(${point[0]}::float8, ${point[1]}::float8), 4326)::geography, false) as metres
      from sample_far where geom is not null`.execute(db);
    for (const { id, metres } of measured) {
      const { geometry } = rows[id - 1]!;
      expect(
        Math.abs(distanceTo(point, shapeOf(geometry!)) - metres),
        `${point} ${JSON.stringify(geometry)}`,
      ).toBeLessThan(1e-3);
    }
  }
});

/** Rows as they are: the live copy rounds lines and areas to a centimetre, which touching edges would not survive. */
function readerOf(rows: readonly SampleRow[]): RowReader {
  const common: Readonly<Record<string, string | number | null>> = { source: 'operator', version: 1 };
  const value = (slot: number, column: string) =>
    ({ ...common, ...rows[slot]! })[column] as string | number | boolean | null;
  return {
    number: (column) => (slot) => {
      const found = value(slot, column);
      return found === null ? Number.NaN : typeof found === 'string' ? milliseconds(found) : Number(found);
    },
    text: (column) => {
      const numbers = new Map<string, number>();
      const texts = [''];
      for (let slot = 0; slot < rows.length; slot++) {
        const found = value(slot, column);
        if (typeof found === 'string' && !numbers.has(found)) numbers.set(found, texts.push(found) - 1);
      }
      return {
        id: (slot) => numbers.get(String(value(slot, column) ?? '\0none')) ?? 0,
        value: (id) => texts[id]!,
        lookup: (text) => numbers.get(text) ?? -1,
      };
    },
    geometry: (slot): Geometry | null => rows[slot]!.geometry,
    bbox: (slot) => {
      const { geometry } = rows[slot]!;
      return geometry && shapeOf(geometry).bbox;
    },
  };
}

/** With its microseconds, which `Date.parse` cuts off. */
function milliseconds(instant: string): number {
  const [, fraction = ''] = /\.(\d+)Z/.exec(instant) ?? [];
  return Date.parse(instant.replace(/\.\d+Z/, 'Z')) + Number(`0.${fraction || '0'}`) * 1000;
}
