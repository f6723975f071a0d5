import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { attributesOf } from '../../../server/registry/layer.ts';
import type { TestApp } from '../../support/app.ts';
import { testDatabase } from '../../support/database.ts';
import { seededRandom } from '../../support/random.ts';
import { insertRows, randomRow } from '../../support/rows.ts';
import { type Items, items, json, linkOf, ogc, ogcApp } from './support.ts';

const { connection } = await testDatabase();
const { db } = connection;
let site: TestApp;
beforeAll(async () => {
  site = await ogcApp(connection);
});

async function sqlCount(layer: string, where = sql`true`): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*) as count from ${sql.table(layer)} where ${where}`.execute(db);
  return rows[0]!.count;
}

/** Walks the pages by their links; `between` runs before each next one. */
async function walk(first: string, between?: () => Promise<void>): Promise<Items[]> {
  const pages: Items[] = [];
  for (let path: string | undefined = first; path !== undefined; ) {
    const page: Items = await json<Items>(site.app, path);
    pages.push(page);
    path = linkOf(page.links, 'next');
    await between?.();
  }
  return pages;
}

const ids = (pages: readonly Items[]) => pages.flatMap((page) => page.features.map(({ id }) => id));

test('every collection: as many features as SQL has rows, each with its properties', async () => {
  for (const layer of site.parts.registry.layers) {
    const found = await items(site.app, layer.id, { limit: '10000' });
    expect(found.numberMatched, layer.id).toBe(await sqlCount(layer.id));
    expect(found.numberReturned).toBe(found.features.length);
    expect(found.numberReturned).toBe(found.numberMatched);
    expect(found.numberMatched).toBeGreaterThan(20);
    expect(
      found.features.some(({ geometry }) => geometry === null),
      layer.id,
    ).toBe(true);
    for (const { properties } of found.features) {
      expect(Object.keys(properties!)).toEqual(expect.arrayContaining(['code', 'observed_at', layer.name]));
      if (properties!.observed_at !== null)
        expect(properties!.observed_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  }
});

describe('paging', () => {
  test('pages of seven hold every feature once, in order, and lead back', async () => {
    const total = await sqlCount('camera');
    const pages = await walk(`${ogc}/collections/camera/items?limit=7`);
    const all = ids(pages);
    expect(all).toEqual([...new Set(all)].toSorted((a, b) => Number(a) - Number(b)));
    expect(all).toHaveLength(total);
    expect(pages.map((page) => page.numberMatched)).toEqual(pages.map(() => total));
    expect(pages).toHaveLength(Math.ceil(total / 7));
    let back = pages.at(-1)!;
    const backwards = [ids([back])];
    for (let path = linkOf(back.links, 'prev'); path; path = linkOf(back.links, 'prev')) {
      back = await json<Items>(site.app, path);
      backwards.unshift(ids([back]));
    }
    expect(backwards.flat()).toEqual(all);
  });

  test.each(['level_cm', '-level_cm', 'name', '-observed_at', 'trend'])(
    'sorted by %s: seven by seven, there and back, in the order SQL has them, those without it last',
    async (sortby) => {
      const key = sortby.replace('-', '');
      const first = `${ogc}/collections/river_gauge/items?limit=7&sortby=${sortby}`;
      const pages = await walk(first);
      const all = ids(pages);
      expect(new Set(all).size).toBe(await sqlCount('river_gauge'));
      expect(all).toHaveLength(new Set(all).size);
      const values = pages.flatMap(({ features }) => features.map(({ properties }) => properties![key]));
      const there = values.filter((value) => value !== null);
      expect(values.slice(there.length).every((value) => value === null)).toBe(true);
      const { kind, ...more } = attributesOf(site.parts.registry.layer('river_gauge')!).get(key) ?? { kind: 'instant' };
      const declared = 'choices' in more ? Object.keys(more.choices) : [];
      const rank = (value: unknown) =>
        kind === 'choice'
          ? declared.indexOf(String(value))
          : kind === 'text'
            ? String(value).toLowerCase()
            : Number(value);
      const ranks = there.map((value) => (kind === 'instant' ? Date.parse(value) : rank(value)));
      // How a database orders letters is its own affair; numbers, moments and choices are not.
      if (kind !== 'text')
        expect(ranks).toEqual(ranks.toSorted((a, b) => (Number(a) - Number(b)) * (sortby.startsWith('-') ? -1 : 1)));
      let back = pages.at(-1)!;
      const backwards = [ids([back])];
      for (let path = linkOf(back.links, 'prev'); path; path = linkOf(back.links, 'prev')) {
        back = await json<Items>(site.app, path);
        backwards.unshift(ids([back]));
      }
      expect(backwards.flat()).toEqual(all);
    },
  );

  test('a limit that ends on the last feature has no next page', async () => {
    const total = await sqlCount('camera');
    expect(linkOf((await items(site.app, 'camera', { limit: String(total) })).links, 'next')).toBeUndefined();
    expect(linkOf((await items(site.app, 'camera', { limit: String(total - 1) })).links, 'next')).toBeDefined();
  });

  test('rows that come and go meanwhile: none twice, none left out that stayed', async () => {
    const layer = site.parts.registry.layer('shelter')!;
    const random = seededRandom(3);
    const before = ids([await items(site.app, layer.id, { limit: '10000' })]);
    const gone = new Set<unknown>();
    const pages = await walk(`${ogc}/collections/${layer.id}/items?limit=4`, async () => {
      if (gone.size > 20) return; // or there would always be one more
      await insertRows(db, layer, [randomRow(layer, random, null)]);
      const doomed = before[Math.floor(random() * before.length)];
      gone.add(doomed);
      await sql`delete from shelter where id = ${doomed}`.execute(db);
    });
    const seen = ids(pages);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(before.filter((id) => !gone.has(id))));
    expect(seen.length).toBeGreaterThan(before.length - gone.size);
  });

  test('a limit beyond the largest is cut, the default is 100', async () => {
    const found = await items(site.app, 'camera', { limit: '99999999999999999999' });
    expect(found.numberReturned).toBe(await sqlCount('camera'));
    await insertRows(
      db,
      site.parts.registry.layer('shelter')!,
      Array.from({ length: 60 }, (_, i) =>
        randomRow(site.parts.registry.layer('shelter')!, seededRandom(100 + i), null),
      ),
    );
    expect((await items(site.app, 'shelter')).numberReturned).toBe(100);
  });
});

describe('bbox', () => {
  // What has no place is in every box (Part 1, /req/core/fc-bbox-response).
  const inside = sql`(geom is null or st_intersects(geom, st_makeenvelope(113.6, -8.3, 113.8, -8.1, 4326)))`;

  test('four numbers, six numbers, and latitude first', async () => {
    const expected = await sqlCount('complaint', inside);
    expect(expected).toBeGreaterThan(0);
    for (const parameters of [
      { bbox: '113.6,-8.3,113.8,-8.1' },
      { bbox: '113.6,-8.3,-100,113.8,-8.1,9000' },
      { bbox: '-8.3,113.6,-8.1,113.8', 'bbox-crs': 'http://www.opengis.net/def/crs/EPSG/0/4326' },
    ])
      expect((await items(site.app, 'complaint', parameters)).numberMatched).toBe(expected);
  });

  test('antimeridian: west beyond east takes both sides and not the middle', async () => {
    const layer = site.parts.registry.layer('shelter')!;
    const random = seededRandom(5);
    const places = ['179.5 -8', '-179.5 -8', '180 -8', '-180 -8', '0 -8'];
    const made = await insertRows(
      db,
      layer,
      places.map((place) => randomRow(layer, random, `SRID=4326;POINT(${place})`)),
    );
    const found = ids([await items(site.app, 'shelter', { bbox: '179,-9,-179,-7', limit: '10000' })]);
    expect(made.filter((id) => found.includes(id))).toEqual(made.slice(0, 4));
  });

  test('a line or a point is a box too', async () => {
    const { features } = await items(site.app, 'camera', { filter: 'geom IS NOT NULL', limit: '1' });
    const { geometry } = features[0]!;
    if (geometry?.type !== 'Point') throw new Error('a camera is a point');
    const { rows } = await sql<{
      x: number;
      y: number;
    }>`select st_x(geom) as x, st_y(geom) as y from camera where id = ${features[0]!.id}`.execute(db);
    const { x, y } = rows[0]!;
    expect((await items(site.app, 'camera', { bbox: [x, y, x, y].join() })).numberMatched).toBeGreaterThan(0);
  });
});

test('crs: the same places with latitude first, and the answer says so', async () => {
  const uri = 'http://www.opengis.net/def/crs/EPSG/0/4326';
  const [plain, turned] = await Promise.all([items(site.app, 'camera'), items(site.app, 'camera', { crs: uri })]);
  const flipped = plain.features.map(({ geometry }) =>
    geometry?.type === 'Point' ? geometry.coordinates.toReversed() : null,
  );
  expect(turned.features.map(({ geometry }) => (geometry?.type === 'Point' ? geometry.coordinates : null))).toEqual(
    flipped,
  );
  const response = await site.app.request(`${ogc}/collections/camera/items?crs=${encodeURIComponent(uri)}`);
  expect(response.headers.get('Content-Crs')).toBe(`<${uri}>`);
});

describe('datetime', () => {
  test.each([
    [
      'an interval',
      '2026-09-20T00:00:00Z/2026-10-20T00:00:00Z',
      sql`observed_at >= '2026-09-20Z' and observed_at <= '2026-10-20Z'`,
    ],
    ['open start', '../2026-10-20T00:00:00Z', sql`observed_at <= '2026-10-20Z'`],
    ['open end', '2026-10-20T00:00:00Z/..', sql`observed_at >= '2026-10-20Z'`],
    ['open end, by nothing', '2026-10-20T00:00:00Z/', sql`observed_at >= '2026-10-20Z'`],
    ['days', '2026-10-01/2026-10-20', sql`observed_at >= '2026-10-01Z' and observed_at < '2026-10-21Z'`],
  ])('%s', async (_, datetime, where) => {
    const { numberMatched } = await items(site.app, 'complaint', { datetime });
    expect(numberMatched).toBe(await sqlCount('complaint', sql`(${where} or observed_at is null)`));
    expect(numberMatched).toBeGreaterThan(await sqlCount('complaint', sql`observed_at is null`));
  });

  test('what has no time is in every interval, what has no place in every box; a filter leaves both out', async () => {
    const all = await sqlCount('village', sql`true`);
    expect(await sqlCount('village', sql`observed_at is not null`)).toBeLessThan(all);
    expect((await items(site.app, 'village', { datetime: '1990-01-01' })).numberMatched).toBe(
      await sqlCount('village', sql`observed_at is null`),
    );
    const nowhere = await sqlCount('shelter', sql`geom is null`);
    expect(nowhere).toBeGreaterThan(0);
    expect((await items(site.app, 'shelter', { bbox: '0,60,1,61' })).numberMatched).toBe(nowhere);
    expect((await items(site.app, 'shelter', { filter: 'S_INTERSECTS(geom, BBOX(0, 60, 1, 61))' })).numberMatched).toBe(
      0,
    );
  });

  test('a moment', async () => {
    const { features } = await items(site.app, 'complaint', { filter: 'observed_at IS NOT NULL', limit: '1' });
    const found = await items(site.app, 'complaint', { datetime: features[0]!.properties!.observed_at });
    expect(ids([found])).toContain(features[0]!.id);
  });
});

describe('properties', () => {
  test('every queryable of every collection finds the rows that have its value', async () => {
    for (const { id } of site.parts.registry.layers) {
      const { features } = await items(site.app, id, { limit: '10000' });
      const documented = await json<{ properties: Record<string, unknown> }>(
        site.app,
        `${ogc}/collections/${id}/queryables`,
      );
      for (const name of Object.keys(documented.properties)) {
        if (name === 'geom') continue;
        const example = features.map(({ properties }) => properties![name]).find((value) => value !== null);
        if (example === undefined) continue;
        const expected = features
          .filter(({ properties }) => properties![name] === example)
          .map((feature) => feature.id);
        const found = await items(site.app, id, { [name]: String(example), limit: '10000' });
        expect(ids([found]), `${id}?${name}=${example}`).toEqual(expected);
      }
    }
  });

  test('filter: text, JSON, latitude first, and all parameters together', async () => {
    const expected = await sqlCount(
      'camera',
      sql`status = 'offline' and st_intersects(geom, st_makeenvelope(113, -9, 114, -8, 4326))`,
    );
    const polygon = 'POLYGON((-9 113, -9 114, -8 114, -8 113, -9 113))';
    const json = {
      op: 'and',
      args: [
        { op: '=', args: [{ property: 'status' }, 'offline'] },
        { op: 's_intersects', args: [{ property: 'geom' }, { bbox: [113, -9, 114, -8] }] },
      ],
    };
    for (const parameters of [
      { filter: "status = 'offline' AND S_INTERSECTS(geom, BBOX(113, -9, 114, -8))" },
      { filter: JSON.stringify(json), 'filter-lang': 'cql2-json' },
      {
        filter: `status = 'offline' AND S_INTERSECTS(geom, ${polygon})`,
        'filter-crs': 'http://www.opengis.net/def/crs/EPSG/0/4326',
      },
      { status: 'offline', filter: 'geom IS NOT NULL', bbox: '113,-9,114,-8' },
      { filter: "status = 'offline' AND geom IS NOT NULL", bbox: '113,-9,114,-8' },
    ])
      expect(
        (await items(site.app, 'camera', parameters as Record<string, string>)).numberMatched,
        JSON.stringify(parameters),
      ).toBe(expected);
    expect(expected).toBeGreaterThan(0);
  });

  test('hostile values find nothing and break nothing', async () => {
    for (const name of ["'; drop table camera; --", "%' or '1'='1", '😀', '\\', "''"])
      expect((await items(site.app, 'camera', { name })).numberMatched).toBe(0);
    expect(await sqlCount('camera')).toBeGreaterThan(0);
  });
});

test('a feature by its id is the feature of the list', async () => {
  const { features } = await items(site.app, 'district', { limit: '3' });
  for (const feature of features) {
    const { links: _, ...single } = await json(site.app, `${ogc}/collections/district/items/${feature.id}`);
    expect(single).toEqual(feature);
  }
});

test('numberMatched follows every change at once', async () => {
  const layer = site.parts.registry.layer('panic_button')!;
  const count = async () => (await items(site.app, 'panic_button', { limit: '1' })).numberMatched;
  const before = await count();
  const [id] = await insertRows(db, layer, [randomRow(layer, seededRandom(9), null)]);
  expect(await count()).toBe(before + 1);
  await sql`delete from panic_button where id = ${id}`.execute(db);
  expect(await count()).toBe(before);
});
