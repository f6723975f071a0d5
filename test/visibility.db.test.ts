import { VectorTile } from '@mapbox/vector-tile';
import { sql } from 'kysely';
import { PbfReader } from 'pbf';
import { describe, expect, test } from 'vitest';
import { createApp } from '../server/app.ts';
import { actorsOf, may } from '../server/registry/actions/may.ts';
import type { Bbox } from '../server/registry/catalogue.ts';
import { attributesOf, type Layer, outwardAttributes } from '../server/registry/layer.ts';
import { layerFiles } from '../server/registry/registry.ts';
import { type Role, roles } from '../server/registry/role.ts';
import { commonProperties } from '../server/registry/schema.ts';
import { viewOf } from '../server/registry/view.ts';
import { setViewer, type Viewer } from '../server/registry/viewer.ts';
import { testApp } from './support/app.ts';
import { boxOf } from './support/box.ts';
import { testDatabase } from './support/database.ts';
import { plainValue } from './support/rows.ts';
import { partsOf, seenOf } from './support/seen.ts';
import { tileAt } from './support/tile_at.ts';

/**
 * What a viewer may not see does not exist for them, in any output: rows with a token of their own in every text, looked
 * for everywhere. What ought to be seen is worked out here from the layer files alone, row by row.
 */
const { connection } = await testDatabase();
const { db } = connection;
const layers = await layerFiles();

/** Whose rows there are, one of each in every layer; that of nobody lies far from the others, and was seen last. */
const owners = {
  own: { agency: "Dinas O'A", area_code: '35.09.01.2001' },
  outside: { agency: "Dinas O'A", area_code: '35.09.011.2001' },
  other: { agency: 'Dinas B', area_code: '35.09.01.2001' },
  nobody: { agency: null, area_code: null },
  // Some paces to the east of the others.
  drawn: { agency: "Dinas O'A", area_code: '35.09.02.2001' },
} as const;
type Owner = keyof typeof owners;
const drawn = boxOf(113.7002, -8.171, 113.7008, -8.169);
const isFar = (owner: Owner) => owner === 'nobody';
interface Planted {
  readonly id: number;
  readonly owner: Owner;
  /** What outputs tell of a layer as a whole: each where the row lies, when it was observed and where it comes from. */
  readonly box: Bbox;
  readonly observed: string;
  readonly source: string;
  /** GeoJSON text. */
  readonly geometry: string;
  /** By attribute. */
  readonly tokens: ReadonlyMap<string, string>;
}

let tokens = 0;
const planted = new Map<string, readonly Planted[]>();
for (const layer of layers) {
  const rows: Planted[] = [];
  for (const owner of Object.keys(owners) as Owner[]) rows.push(await plant(layer, owner, {}));
  planted.set(layer.id, rows);
}
// What the conditions of the layer files speak of, said of more rows.
const layerNamed = (id: string) => layers.find((layer) => layer.id === id)!;
for (const [id, values] of [
  ['complaint', { secret: true, anonymous: false }],
  ['complaint', { secret: false, anonymous: true }],
  ['complaint', { secret: false, anonymous: false }],
  ['camera', { owner_type: 'private_building' }],
  ['camera', { owner_type: 'city' }],
] as const)
  planted.set(id, [...planted.get(id)!, await plant(layerNamed(id), 'own', values)]);

const { parts } = await testApp(connection);

const viewers: readonly (readonly [name: string, viewer: Viewer])[] = [
  ...roles.map((role) => [role, { grants: [{ role }] }] as const),
  ...(['agency_operator', 'agency_head', 'field_officer'] as const).flatMap((role) => {
    const agency = "Dinas O'A";
    return [
      [`${role} of an agency`, { grants: [{ role, agency }] }],
      [`${role} of an agency in a district`, { grants: [{ role, agency, areas: ['35.09.01'] }] }],
      [`${role} of an agency in a polygon`, { grants: [{ role, agency, polygon: drawn }] }],
      [
        `${role} of an agency in a district and a polygon`,
        { grants: [{ role, agency, areas: ['35.09.01'], polygon: drawn }] },
      ],
      [`${role} of an agency in no district`, { grants: [{ role, agency, areas: [] }] }],
    ] as const;
  }),
  [
    'one with two roles',
    { grants: [{ role: 'investor' }, { role: 'agency_head', agency: 'Dinas B' }, { role: 'leader' }] },
  ],
];

describe.each(viewers)('%s', (_, viewer) => {
  const app = createApp(parts, async (c, next) => {
    setViewer(c, viewer);
    await next();
  });
  const answer = async (path: string) => {
    const response = await app.request(path);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, text: bytes.toString('latin1'), bytes };
  };
  const answers = new Map<string, ReturnType<typeof answer>>();
  /** Each address is asked once: nothing changes meanwhile, and some are looked through for every layer. */
  const body = (path: string) => {
    const known = answers.get(path) ?? answer(path);
    answers.set(path, known);
    return known;
  };

  test.each(layers.map((layer) => [layer.id, layer] as const))('%s', async (id, layer) => {
    const view = viewOf(layer, viewer);
    const keys = [...attributesOf(layer).keys()];
    const rows = await Promise.all(
      planted.get(id)!.map(async (row) => ({
        ...row,
        seen: await seenOf(db, layer, { id: row.id, ...owners[row.owner] }, viewer.grants),
      })),
    );
    const shown = rows.filter((row) => row.seen);
    expect(view !== undefined, 'there is a view where a part of the layer file shows').toBe(partsOf(layer, viewer) > 0);

    const items = `/ogc/collections/${id}/items`;
    const outputs = [
      '/api/layers',
      '/api/openapi.json',
      '/ogc',
      '/ogc/collections',
      `/ogc/collections/${id}`,
      `/ogc/collections/${id}?f=html`,
      `/ogc/collections/${id}/queryables`,
      items,
      `${items}?f=html`,
      `/tiles/${id}.json`,
      `/api/layers/${id}/state`,
      `/api/layers/${id}/export.csv`,
      `/api/layers/${id}/export.geojson`,
      ...[0, 8, 12, 16].map((z) => `/tiles/${id}/${z}/${tileAt(z)}`),
      ...rows.flatMap((row) => [`${items}/${row.id}`, `${items}/${row.id}?f=html`]),
    ];
    const hidden = keys.filter((key) => !view?.attributes.has(key));
    // `description` is a member of TileJSON and of OGC API as well.
    const named = hidden.filter((key) => key !== 'description');
    const secrets = rows.flatMap(({ tokens, seen }) => [...tokens].filter(([key]) => !seen?.has(key)));
    const unseenSources = rows.filter(({ seen }) => !seen).map(({ source }) => source);

    for (const path of outputs) {
      const { status, text } = await body(path);
      const row = rows.find((row) => path.includes(`/items/${row.id}`) && path.split(/[/?]/).includes(`${row.id}`));
      if (path.includes(`/${id}`) && (!view || (row && !row.seen))) expect(status, path).toBe(404);
      else expect([200, 204], path).toContain(status);
      for (const [key, token] of secrets) expect(text, `${path} tells ${key}`).not.toContain(token);
      for (const source of unseenSources) expect(text, path).not.toContain(source);
      if (view && path.includes(`/${id}`)) for (const key of named) expect(text, path).not.toContain(`"${key}"`);
      // `unit` is also what a quantity has: a member's name, not a value.
      if (!view && !path.includes(`/${id}`)) expect(text, path).not.toMatch(new RegExp(`"${id}"(?!:)`));
    }
    const searched: readonly string[] = [layer.name, ...(layer.search ?? [])];
    const firsts = new Set<string>();
    for (const [key, token] of secrets) {
      // What search never reads is asked for once, in case it does.
      const again = firsts.has(key);
      firsts.add(key);
      if (again && !searched.includes(key) && !view?.attributes.has(key)) continue;
      const found = await body(`/api/search?q=${token}&limit=100`);
      expect(JSON.parse(found.text), key).toEqual({ results: [] });
      if (!view?.attributes.has(key)) continue;
      // In these rows it is null, whatever is asked.
      const chosen = async (filter: string) => {
        const { text } = await body(`${items}?limit=1&filter=${encodeURIComponent(filter)}`);
        const tile = await body(`/tiles/${id}/16/${tileAt(16)}?filter=${encodeURIComponent(filter)}`);
        const drawn = layer.fullZoom <= 16 ? tilesIds(tile.bytes, id) : undefined;
        return { matched: JSON.parse(text).numberMatched as number, drawn };
      };
      const none = await chosen(`${key} = '${token}'`);
      expect(none.matched, key).toBe(0);
      expect(none.drawn ?? [], key).toEqual([]);
      const withIt = shown.filter((row) => row.seen?.has(key));
      const near = withIt.filter(({ owner }) => !isFar(owner)).map((row) => row.id);
      const all = await chosen(`${key} LIKE 'zq%'`);
      expect(all.matched, key).toBe(withIt.length);
      if (all.drawn) expect(all.drawn.toSorted(), key).toEqual(near.toSorted());
      const others = await chosen(`NOT (${key} = 'x')`);
      expect(others.matched, key).toBe(withIt.length);
      const nulls = await chosen(`${key} IS NULL`);
      expect(nulls.matched, key).toBe(shown.length - withIt.length);
    }
    // Neither may the answer to a question be different from that about what was never there.
    for (const key of hidden)
      for (const ask of [
        (name: string) => `${items}?filter=${name}%20IS%20NULL`,
        (name: string) => `/tiles/${id}/8/${tileAt(8)}?filter=${name}%20IS%20NULL`,
        (name: string) => `${items}?${name}=x`,
      ]) {
        const answer = await body(ask(key));
        const nonsense = await body(ask('nonsense'));
        expect(answer.status, ask(key)).toBe(view ? 400 : 404);
        expect(answer.text.replaceAll(key, 'nonsense')).toBe(nonsense.text);
      }
    if (!view) return;

    // Now that nothing is told: all that ought to be is.
    for (const { id: row, seen, tokens } of shown) {
      const { properties } = JSON.parse((await body(`${items}/${row}`)).text);
      for (const [key, token] of tokens) expect(properties[key] ?? null, key).toBe(seen?.has(key) ? token : null);
    }
    // What counts every change is told where nothing is hidden, and to who acts there and must name a version.
    const all = outwardAttributes(layer).size;
    const told = shown.filter(
      ({ owner, geometry, seen }) => seen?.size === all || may(viewer, actorsOf(layer), { ...owners[owner], geometry }),
    );
    for (const row of shown) {
      const version = told.includes(row) ? 1 : null;
      const response = await app.request(`${items}/${row.id}`);
      const { properties } = await response.json();
      expect([properties.version ?? null, response.headers.get('ETag')]).toEqual([version, version && '"1"']);
      expect(typeof properties.updated_at === 'string').toBe(version !== null);
      const { text } = await body(`/api/layers/${id}/features/${row.id}/actions`);
      expect(JSON.parse(text).version).toBe(version);
    }
    for (const filter of ['version > 0', "updated_at > TIMESTAMP('2020-01-01T00:00:00Z')"]) {
      const query = `filter=${encodeURIComponent(filter)}`;
      const { status, text } = await body(`${items}?limit=100&${query}`);
      if (status === 400 && told.length === 0) continue; // it is no attribute of theirs
      const { features } = JSON.parse(text);
      expect(features.map((each: { id: number }) => each.id)).toEqual(told.map((row) => row.id).toSorted());
      const { bytes } = await body(`/tiles/${id}/16/${tileAt(16)}?${query}`);
      const near = told.filter(({ owner }) => !isFar(owner)).map((row) => row.id);
      if (layer.fullZoom <= 16) expect(tilesIds(bytes, id).toSorted()).toEqual(near.toSorted());
    }
    expect(JSON.parse((await body(`${items}?limit=1`)).text).numberMatched).toBe(shown.length);
    const { layers: entries } = JSON.parse((await body('/api/layers')).text);
    const entry = entries.find((each: { id: string }) => each.id === id);
    expect(entry.count).toBe(shown.length);
    const bbox = around(shown.map(({ box }) => box));
    const { bounds } = JSON.parse((await body(`/tiles/${id}.json`)).text);
    for (const told of [entry.bbox, bounds ?? null])
      expect(told?.map(rounded) ?? null).toEqual(bbox?.map(rounded) ?? null);
    expect(entry.newest).toBe(
      shown
        .map(({ observed }) => observed)
        .toSorted()
        .at(-1) ?? null,
    );
    expect(entry.sources).toEqual(Object.fromEntries(shown.map(({ source }) => [source, 1])));
    const sum = Object.values<number>(entry.states).reduce((total, n) => total + n, 0);
    expect(sum).toBe(layer.state ? shown.length : 0);
    const { id: stateIds } = JSON.parse((await body(`/api/layers/${id}/state`)).text);
    expect(stateIds.toSorted()).toEqual(shown.map((row) => row.id).toSorted());
    const { bytes } = await body(`/tiles/${id}/16/${tileAt(16)}`);
    const drawn = new VectorTile(new PbfReader(bytes)).layers[id];
    const near = shown.filter(({ owner }) => !isFar(owner));
    expect(drawn?.length ?? 0).toBe(near.length);
    for (let i = 0; i < near.length; i++) {
      const { id: row, properties } = drawn!.feature(i);
      const may = shown.find((each) => each.id === row)?.seen;
      for (const key of Object.keys(properties))
        expect(may?.has(key) || Object.hasOwn(commonProperties, key), key).toBe(true);
    }
    if (layer.below !== 'cluster') return;
    const cluster = new VectorTile(new PbfReader((await body(`/tiles/${id}/0/0/0`)).bytes)).layers[id];
    const counted = cluster ? Number(cluster.feature(0).properties.count ?? 1) : 0;
    expect(counted).toBe(shown.length);
  });
});

test('how many there are of everything is told to those inside alone', async () => {
  const status = async (role: Role) => {
    const app = createApp(parts, async (c, next) => {
      setViewer(c, { grants: [{ role }] });
      await next();
    });
    return (await app.request('/metrics')).status;
  };
  for (const role of ['public', 'citizen', 'investor'] as const) expect(await status(role), role).toBe(404);
  for (const role of ['operator', 'auditor'] as const) expect(await status(role), role).toBe(200);
});

test.each([
  ['an auditor', { grants: [{ role: 'auditor' }] }],
  ['a disaster officer', { grants: [{ role: 'disaster_officer' }] }],
  ['an operator of an agency', { grants: [{ role: 'agency_operator', agency: 'Dinas B' }] }],
  ['a key for two layers', { grants: [{ role: 'operator' }], layers: ['complaint', 'siren'] }],
] as const)('rows are counted for %s as far as they see them', async (_, viewer: Viewer) => {
  const app = createApp(parts, async (c, next) => {
    setViewer(c, viewer);
    await next();
  });
  const text = await (await app.request('/metrics')).text();
  const told = [...text.matchAll(/^pendopo_layer_rows\{layer="(\w+)"\} (\d+)$/gm)].map(([, id, n]) => [id, Number(n)]);
  const seen: [string, number][] = [];
  for (const layer of layers) {
    if (viewer.layers && !viewer.layers.includes(layer.id)) continue;
    if (partsOf(layer, viewer) === 0) continue;
    let count = 0;
    for (const { id, owner } of planted.get(layer.id)!)
      if (await seenOf(db, layer, { id, ...owners[owner] }, viewer.grants)) count++;
    seen.push([layer.id, count]);
  }
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(seen));
});

async function plant(layer: Layer, owner: Owner, given: Readonly<Record<string, string | boolean>>): Promise<Planted> {
  const texts = [...attributesOf(layer)].filter(([, { kind, derived }]) => kind === 'text' && !derived);
  const own = new Map(texts.map(([key]) => [key, `zq${(tokens++).toString(36).padStart(3, '0')}`] as const));
  const [point, envelope] = placeOf(owner);
  const box: Bbox = layer.geometry === 'Point' ? [...point, ...point] : envelope;
  const geom =
    layer.geometry === 'Point'
      ? sql`st_setsrid(st_makepoint(${sql.join(point)}), 4326)`
      : sql`st_multi(st_makeenvelope(${sql.join(envelope)}, 4326))`;
  // Of each row its own, by the whole second.
  const minutesAgo = isFar(owner) ? 5 : 60 + (tokens % 600);
  const observed = new Date(Math.floor(Date.now() / 60_000 - minutesAgo) * 60_000).toISOString();
  const source = `import:zqs${(tokens++).toString(36).padStart(3, '0')}`;
  const required = [...attributesOf(layer)].filter(([, attribute]) => attribute.required && !attribute.derived);
  const secret = layer.id === 'complaint' ? { secret: false } : {};
  const row = {
    ...Object.fromEntries(required.map(([key, attribute]) => [key, plainValue(attribute)])),
    ...Object.fromEntries(own),
    ...secret,
    ...owners[owner],
    ...{ observed_at: observed, source },
    ...given,
  };
  const { rows } = await sql<{ id: number; geometry: string }>`
    insert into ${sql.table(layer.id)} (geom, ${sql.join(Object.keys(row).map((key) => sql.ref(key)))})
    values (${geom}, ${sql.join(Object.values(row))})
    returning id, st_asgeojson(geom) as geometry`.execute(connection.db);
  return { ...rows[0]!, owner, tokens: own, box, observed, source };
}

/** Where a row of an owner lies, in a layer of points and in one of shapes. */
function placeOf(owner: Owner): readonly [point: readonly [lon: number, lat: number], box: Bbox] {
  if (isFar(owner))
    return [
      [113.3, -8.6],
      [113.28, -8.62, 113.32, -8.58],
    ];
  if (owner === 'drawn')
    return [
      [113.7005, -8.17],
      [113.7003, -8.1702, 113.7007, -8.1698],
    ];
  return [
    [113.7, -8.17],
    [113.6, -8.2, 113.8, -8.1],
  ];
}

/** The extent of boxes together; null when there are none. */
function around(boxes: readonly Bbox[]): Bbox | null {
  if (boxes.length === 0) return null;
  const side = (i: 0 | 1 | 2 | 3, most: (...degrees: number[]) => number) => most(...boxes.map((box) => box[i]));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}

/** The live copy has places to a centimetre. */
function rounded(degrees: number): string {
  return degrees.toFixed(5);
}

/** Ids of the features that a tile draws of a layer. */
function tilesIds(bytes: Buffer, id: string): number[] {
  const drawn = new VectorTile(new PbfReader(bytes)).layers[id];
  return Array.from({ length: drawn?.length ?? 0 }, (_, i) => drawn!.feature(i).id!);
}
