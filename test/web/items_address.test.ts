import { expect, test } from 'vitest';
import { itemsAddress } from '../../web/api/items.ts';

/** What the page asks a collection, read back. */
function asked(query: Parameters<typeof itemsAddress>[0]): Record<string, string> {
  const { pathname, searchParams } = new URL(itemsAddress(query, 200), 'http://localhost');
  expect(pathname).toBe('/ogc/collections/camera/items');
  return Object.fromEntries(searchParams);
}

test('what is in view is asked by a filter, so that what has no place is not in every view', () => {
  const bbox = [113.6, -8.25, 113.75, -8.1] as const;
  const inside = 'S_INTERSECTS(geom, BBOX(113.600000, -8.250000, 113.750000, -8.100000))';
  expect(asked({ layer: 'camera', bbox })).toEqual({ limit: '200', filter: inside, 'filter-lang': 'cql2-text' });
  const filter = "status = 'ok' OR status IS NULL";
  expect(asked({ layer: 'camera', bbox, filter }).filter).toBe(`${inside} AND (${filter})`);
  expect(asked({ layer: 'camera', filter }).filter).toBe(filter);
  expect(asked({ layer: 'camera' })).toEqual({ limit: '200' });
});
