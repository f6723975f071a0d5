import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile';
import { type RawBuilder, sql } from 'kysely';
import { PbfReader } from 'pbf';
import { beforeAll, describe, expect, test } from 'vitest';
import { transaction } from '../../server/database/transaction.ts';
import type { Parts } from '../../server/parts.ts';
import { rowsOf } from '../../server/registry/filter/filter.ts';
import type { Layer } from '../../server/registry/layer.ts';
import { attributesOf, severityOf } from '../../server/registry/layer.ts';
import { layerFiles } from '../../server/registry/registry.ts';
import { severities } from '../../server/registry/severity.ts';
import { type View, viewOf } from '../../server/registry/view.ts';
import { type Grant, visitor } from '../../server/registry/viewer.ts';
import { latitude, longitude, type TileAddress, worldSize, worldX, worldY } from '../../tiles/mercator.ts';
import { doorOf } from '../support/acting.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { boxOf } from '../support/box.ts';
import { countDrawn } from '../support/count_drawn.ts';
import { testDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { insertLawful, randomRow } from '../support/rows.ts';
import { shapeLayers } from '../support/shape_layers.ts';
import { cornerTile, placesOf } from './places.ts';

/** PostGIS `ST_AsMVT` is the oracle: what it says is in a tile is in ours, and nothing else. */
const { connection } = await testDatabase();
const { db } = connection;
const layers = [...(await layerFiles()), ...(await shapeLayers(connection))];
let app: TestApp['app'];
let parts: Parts;

beforeAll(async () => {
  for (const layer of layers) {
    // Of its own: another layer must not change what this one is tested with.
    const random = seededRandom(layer.id);
    const rows = placesOf(layer.geometry, random, 240).map((place) => randomRow(layer, random, place));
    const made = await insertLawful(db, layer, [...rows, randomRow(layer, random, null)]);
    expect(made.length, layer.id).toBeGreaterThan(60);
  }
  ({ app, parts } = await testApp(connection));
});

describe.each(layers.map((layer) => [layer.id, layer] as const))('%s', (_, layer) => {
  const view = viewOf(layer, visitor('operator'))!;

  test('decoded tiles equal ST_AsMVT over the same rows', async () => {
    let compared = 0;
    for (const address of await walk(layer, 60)) {
      if (layer.geometry === 'Point' && address.z < layer.fullZoom && layer.below !== 'simplify') continue;
      if (layer.below === 'hide' && address.z < layer.fullZoom) continue;
      const ours = decode(await body(layer, address), layer.id);
      const theirs = decode(await oracle(view, address), layer.id);
      expectSame(ours, theirs, layer, address);
      compared += theirs.size;
    }
    expect(compared).toBeGreaterThan(50);
  });
});

const points = layers.filter(({ geometry }) => geometry === 'Point').map((layer) => [layer.id, layer] as const);

test.each(points)(
  '%s: a point at the corner of tiles or at an end of the world is in exactly one',
  async (_, layer) => {
    const [lon, lat] = [longitude(cornerTile.x * 2 ** 18), latitude(cornerTile.y * 2 ** 18)];
    const { rows } = await sql<{ id: number }>`
    select id from ${sql.table(layer.id)} where st_dwithin(geom, st_setsrid(st_point(${lon}, ${lat}), 4326), 1e-6)
      or abs(st_x(geom)) > 179 or abs(st_y(geom)) > 85 order by id`.execute(db);
    const there = rows.map(({ id }) => id);
    expect(there.length).toBeGreaterThan(5);
    const found: number[] = [];
    for (const address of [...corner, ...ends]) found.push(...decode(await body(layer, address), layer.id).keys());
    expect(found.filter((id) => there.includes(id)).toSorted((a, b) => a - b)).toEqual(there);
  },
);

const clustered = layers.filter(({ below }) => below === 'cluster').map((layer) => [layer.id, layer] as const);

const agency = 'Dinas 1';
const chosen = { cql: `agency = '${agency}'`, sql: sql`agency = ${agency}` };

test.each(clustered)('%s: clusters equal SQL counts at every zoom, also of what a filter chooses', async (_, layer) => {
  await expectCounts(layer, app, sql`true`);
  await expectCounts(layer, app, chosen.sql, chosen.cql);
});

/** Those who see some of the rows of a layer: it is in its file which. */
const partial: readonly Grant[] = [
  { role: 'public' },
  { role: 'citizen' },
  { role: 'agency_operator', agency },
  { role: 'agency_head', agency, areas: ['35.09.12', '35.09.19'] },
  { role: 'agency_head', agency, polygon: boxOf(113.65, -8.2, 113.7, -8.15) },
];
const parted = clustered.flatMap(([id, layer]) =>
  partial.flatMap((grant) => {
    const view = viewOf(layer, { grants: [grant] });
    return view?.where === undefined ? [] : [[id, grant.role, layer, grant, view] as const];
  }),
);

test('some layer shows some of its rows to some', () => expect(parted).not.toEqual([]));

test.each(parted)(
  '%s: clusters equal the rows that %s sees, at every zoom, with a filter and without',
  async (...[, , layer, grant, view]) => {
    const door = doorOf(parts, { grants: [grant] });
    await expectCounts(layer, door.app, rowsOf(view));
    await expectCounts(layer, door.app, sql`${rowsOf(view)} and ${chosen.sql}`, chosen.cql);
  },
);

/** The clusters of each zoom, added up, are the rows with a place that `where` holds for. */
async function expectCounts(layer: Layer, of: TestApp['app'], where: RawBuilder<unknown>, filter?: string) {
  const { rows: total } = await sql<{ n: number }>`
    select count(geom)::int as n from ${sql.table(layer.id)} where ${where}`.execute(db);
  expect(total[0]!.n, 'some are counted').toBeGreaterThan(0);
  for (let z = 0; z < layer.fullZoom; z++) {
    let sum = 0;
    for (const address of await occupied(layer, z)) sum += countDrawn(await body(layer, address, of, filter), layer.id);
    expect(sum, `z${z} ${filter ?? ''}`).toBe(total[0]!.n);
  }
}

test.each(clustered)(
  '%s: the stalest, the worst and the shares of each cluster equal those of its rows in SQL',
  async (_, layer) => {
    const rows = await clusterRows(layer);
    for (const z of [0, 3, layer.fullZoom - 1]) {
      const shift = 32 - z - 3;
      const cells = Map.groupBy(rows, ({ lon, lat }) => `${worldX(lon) >>> shift}/${worldY(lat) >>> shift}`);
      let compared = 0;
      for (const address of await occupied(layer, z)) {
        const bytes = await body(layer, address);
        const found = new VectorTile(new PbfReader(bytes)).layers[layer.id]!;
        for (let i = 0; i < found.length; i++) {
          const feature = found.feature(i);
          if (feature.properties.cluster !== true) continue;
          const [{ x, y } = { x: 0, y: 0 }] = feature.loadGeometry()[0] ?? [];
          const cell = `${address.x * 8 + Math.floor(x / 512)}/${address.y * 8 + Math.floor(y / 512)}`;
          const { cluster: _is, oldest, ...told } = feature.properties;
          const inside = cells.get(cell)!;
          expect(told, `${z} ${cell}`).toEqual(clusterOf(layer, inside));
          // Of several that go stale in the same second any may be the one.
          const stalest = inside.filter(({ expires }) => (expires ?? undefined) === told.expires);
          expect(
            stalest.map(({ observed }) => observed ?? undefined),
            `${z} ${cell}`,
          ).toContain(oldest);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(0);
    }
  },
);

interface ClusterRow {
  readonly lon: number;
  readonly lat: number;
  readonly state: string | null;
  /** Seconds since 1970, 0 when never; null of what does not age. */
  readonly observed: number | null;
  readonly expires: number | null;
}

/** What SQL says of the rows: when each was observed and goes stale, by the limit that its layer has for it. */
async function clusterRows(layer: Layer): Promise<readonly ClusterRow[]> {
  const { staleAfterMinutes = null, staleAfterBy: by } = layer;
  const cases = Object.entries(by?.minutes ?? {}).map(([value, minutes]) => sql`when ${value} then ${minutes}::float8`);
  const limit = by
    ? sql`case ${sql.ref(by.attribute)} ${sql.join(cases, sql` `)} else ${staleAfterMinutes}::float8 end`
    : sql`${staleAfterMinutes}::float8`;
  const { rows } = await sql<ClusterRow>`
    select lon, lat, state,
      case when minutes is not null then coalesce(floor(extract(epoch from observed_at)), 0)::float8 end as observed,
      case when minutes is not null then
        coalesce(floor(extract(epoch from observed_at + minutes * interval '1 minute')), 0)::float8 end as expires
    from (select st_x(geom) as lon, st_y(geom) as lat, observed_at, ${limit} as minutes,
      ${layer.state ? sql.ref(layer.state) : sql`null::text`} as state
      from ${sql.table(layer.id)} where geom is not null) as located`.execute(db);
  return rows;
}

/** What a cluster of these rows has to tell, but for when the stalest was observed. */
function clusterOf(layer: Layer, rows: readonly ClusterRow[]): Record<string, unknown> {
  const counts = Map.groupBy(rows, ({ state }) => severityOf(layer, state));
  const ageing = rows.flatMap(({ expires }) => expires ?? []);
  return {
    count: rows.length,
    worst: severities.findLast((severity) => counts.has(severity)),
    ...Object.fromEntries([...counts].map(([severity, { length }]) => [`n_${severity}`, length])),
    ...(ageing.length > 0 && { expires: Math.min(...ageing) }),
  };
}

/** The four tiles that meet where `placesOf` puts something on every side. */
const corner: readonly TileAddress[] = [0, -1].flatMap((dx) =>
  [0, -1].map((dy) => ({ z: cornerTile.z, x: cornerTile.x + dx, y: cornerTile.y + dy })),
);
/** The tiles of the same zoom at the ends of the world, where it has points. */
const ends = (({ z }: TileAddress): readonly TileAddress[] => {
  const [middle, last] = [2 ** (z - 1), 2 ** z - 1];
  return [
    { z, x: 0, y: middle },
    { z, x: last, y: middle },
    { z, x: middle, y: 0 },
    { z, x: middle, y: last },
  ];
})(cornerTile);

/** Tiles from z0 to z18 around vertices of the layer, and the neighbours across each edge and corner; and those where placesOf is nasty. */
async function walk(layer: Layer, count: number): Promise<TileAddress[]> {
  const random = seededRandom(7);
  const { rows } = await sql<{ lon: number; lat: number }>`
    select st_x(p) as lon, st_y(p) as lat from (select (st_dumppoints(geom)).geom as p from ${sql.table(layer.id)}) as vertex
    order by st_x(p), st_y(p)`.execute(db);
  const tiles = new Map([...corner, ...ends].map((tile) => [`${tile.z}/${tile.x}/${tile.y}`, tile]));
  for (let z = 0; z <= 18; z++) {
    for (let i = 0; i < count / 19; i++) {
      const { lon, lat } = rows[Math.floor(random() * rows.length)]!;
      const side = 2 ** z;
      const x = Math.floor((worldX(lon) / worldSize) * side) + Math.floor(random() * 3) - 1;
      const y = Math.floor((worldY(lat) / worldSize) * side) + Math.floor(random() * 3) - 1;
      if (x >= 0 && y >= 0 && x < side && y < side) tiles.set(`${z}/${x}/${y}`, { z, x, y });
    }
  }
  return [...tiles.values()];
}

async function occupied(layer: Layer, z: number): Promise<TileAddress[]> {
  const { rows } = await sql<{ lon: number; lat: number }>`
    select st_x(geom) as lon, st_y(geom) as lat from ${sql.table(layer.id)} where geom is not null`.execute(db);
  const tiles = new Map<string, TileAddress>();
  for (const { lon, lat } of rows) {
    const x = Math.floor(worldX(lon) / 2 ** (32 - z));
    const y = Math.floor(worldY(lat) / 2 ** (32 - z));
    tiles.set(`${x}/${y}`, { z, x, y });
  }
  return [...tiles.values()];
}

async function body(layer: Layer, { z, x, y }: TileAddress, of = app, filter?: string): Promise<Uint8Array> {
  const query = filter === undefined ? '' : `?filter=${encodeURIComponent(filter)}`;
  const response = await of.request(`/tiles/${layer.id}/${z}/${x}/${y}${query}`);
  expect([200, 204]).toContain(response.status);
  return new Uint8Array(await response.arrayBuffer());
}

/** What PostGIS says is in the tile. Points: those whose tile it is, without a buffer; the rest with 64 units. */
async function oracle(view: View, { z, x, y }: TileAddress): Promise<Uint8Array> {
  const { layer } = view;
  const point = layer.geometry.endsWith('Point');
  const side = worldSize / 2 ** z;
  const last = 2 ** z - 1;
  // The half-open tile in degrees, as the world's own rounding puts its edges; the last tiles have what lies on the world's.
  const [west, east] = [longitude(x * side), x === last ? 181 : longitude((x + 1) * side)];
  const [north, south] = [y === 0 ? 91 : latitude(y * side), y === last ? -91 : latitude((y + 1) * side)];
  const inside = point
    ? sql`(select st_collect(p) from (select (st_dump(geom)).geom as p) as part
        where st_x(p) >= ${west} and st_x(p) < ${east} and st_y(p) <= ${north} and st_y(p) > ${south})`
    : sql`geom`;
  const attributes = attributesOf(layer);
  const columns = view.tile.map((key) => {
    const kind = attributes.get(key)?.kind;
    if (key === 'observed_at' || kind === 'instant')
      return sql`floor(extract(epoch from ${sql.ref(key)}))::bigint as ${sql.ref(key)}`;
    return kind === 'date' ? sql`${sql.ref(key)}::text as ${sql.ref(key)}` : sql.ref(key);
  });
  const tile = sql<{ mvt: Uint8Array }>`
    select st_asmvt(feature, ${layer.id}, 4096, 'shape', 'id') as mvt from (
      select id, ${sql.join(columns)},
        st_asmvtgeom(st_transform(${inside}, 3857), st_tileenvelope(${z}, ${x}, ${y}), 4096, ${point ? 1 : 64}, true) as shape
      from ${sql.table(layer.id)} where geom is not null
    ) as feature where shape is not null`;
  const { rows } = await transaction(db, async (trx) => {
    // PostgreSQL takes st_dump for much work, and compiling the question takes longer than answering it.
    await sql`set local jit = off`.execute(trx);
    return tile.execute(trx);
  });
  return rows[0]!.mvt;
}

function decode(bytes: Uint8Array, layer: string): Map<number, VectorTileFeature> {
  const found = bytes.length === 0 ? undefined : new VectorTile(new PbfReader(bytes)).layers[layer];
  const features = Array.from({ length: found?.length ?? 0 }, (_, i) => found!.feature(i));
  expect(new Set(features.map(({ id }) => id)).size).toBe(features.length);
  return new Map(features.map((feature) => [feature.id!, feature]));
}

type Features = ReadonlyMap<number, VectorTileFeature>;

function expectSame(ours: Features, theirs: Features, layer: Layer, { z, x, y }: TileAddress): void {
  const where = `${layer.id} ${z}/${x}/${y}`;
  // A shape smaller than a unit or two may round to nothing on one side only.
  const visible = (features: Features, other: Features) =>
    [...features].filter(([id, feature]) => other.has(id) || !tiny(feature)).map(([id]) => id);
  expect(visible(ours, theirs).sort(), where).toEqual(visible(theirs, ours).sort());
  for (const [id, feature] of ours) {
    const expected = theirs.get(id);
    if (!expected) continue;
    expect(feature.properties, `${where} ${id}`).toEqual(expected.properties);
    expect(feature.type, `${where} ${id}`).toBe(expected.type);
    const off = Math.max(farthest(feature, expected), farthest(expected, feature));
    // In whole units: each side rounds its vertices, so a line between two of them is off by fractions.
    expect(Math.round(off), `${where} ${id}: units apart`).toBeLessThanOrEqual(1);
  }
}

function tiny(feature: VectorTileFeature): boolean {
  return feature.type !== 1 && feature.loadGeometry().every((line) => tinyLine(line, feature.type));
}

type Line = readonly { readonly x: number; readonly y: number }[];

/** Two units are a quarter of a pixel: there rounding decides what is left of a shape, of a ring as narrow, of a line as short. */
function tinyLine(line: Line, type: number): boolean {
  const xs = line.map(({ x }) => x);
  const ys = line.map(({ y }) => y);
  const sides = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)] as const;
  return (type === 2 ? Math.max(...sides) : Math.min(...sides)) <= 2;
}

/** How far, along either axis, the vertices of `a` are from `b`; vertices on the edge of the buffer say nothing. */
function farthest(a: VectorTileFeature, b: VectorTileFeature): number {
  const lines = b.loadGeometry();
  let most = 0;
  const parts = a.type === 1 ? a.loadGeometry() : a.loadGeometry().filter((line) => !tinyLine(line, a.type));
  for (const { x, y } of parts.flat()) {
    if (a.type !== 1 && [x, y].some((value) => value <= -63 || value >= 4159)) continue;
    let least = Number.POSITIVE_INFINITY;
    for (const line of lines)
      for (const [i, p] of line.entries()) {
        const q = line[i + 1] ?? p;
        const [dx, dy] = [q.x - p.x, q.y - p.y];
        const length = dx * dx + dy * dy;
        const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - p.x) * dx + (y - p.y) * dy) / length));
        least = Math.min(least, Math.max(Math.abs(x - p.x - t * dx), Math.abs(y - p.y - t * dy)));
      }
    most = Math.max(most, least);
  }
  return most;
}
