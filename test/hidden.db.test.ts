import { VectorTile } from '@mapbox/vector-tile';
import { sql } from 'kysely';
import { PbfReader } from 'pbf';
import { expect, test } from 'vitest';
import type { Attribute } from '../server/registry/attribute.ts';
import { attributesOf, type Layer } from '../server/registry/layer.ts';
import { layerFiles } from '../server/registry/registry.ts';
import { roles } from '../server/registry/role.ts';
import { commonProperties } from '../server/registry/schema.ts';
import type { Grant, Viewer } from '../server/registry/viewer.ts';
import { type Door, doorOf, viewerNamed } from './support/acting.ts';
import { testApp } from './support/app.ts';
import { boxOf } from './support/box.ts';
import { testDatabase } from './support/database.ts';
import { listen, serveApp } from './support/events.ts';
import { seededRandom } from './support/random.ts';
import { insertLawful, type Row, randomRow } from './support/rows.ts';
import { seenOf } from './support/seen.ts';
import { tileAt } from './support/tile_at.ts';
import { sendFile, step } from './support/uploading.ts';

/**
 * For random features and random roles: all that can be fetched together never holds a value that the viewer may not see.
 * Values are told apart by being there once; where there are too few different ones (choices, flags, small numbers) it
 * is looked where they would stand.
 */
const seed = Number(process.env.SEED ?? 20261130);
const random = seededRandom(seed);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const { connection } = await testDatabase();
const { db } = connection;
const layers = await layerFiles();
const agencies = ['Dinas 0', 'Dinas 1', 'Dinas 2'];
const districts = ['35.09.10', '35.09.11', '35.09.12'];
const rowsEach = 4;
const viewersTried = 6;
/** Who sees everything cannot be told too much. */
const limited = roles.filter((role) => role !== 'operator' && role !== 'supervisor');

/** How often something was refused, by status. */
const refused = new Map<number, number>();
let count = 0;
/** A value that stands nowhere else, where the attribute has room for one. */
function unique(attribute: Attribute): string | number | undefined {
  const n = ++count;
  switch (attribute.kind) {
    case 'text':
      return attribute.columns || attribute.maxLength < 10 ? undefined : `zq${n.toString(36).padStart(4, '0')}x`;
    case 'number': {
      const { min = -1000, max = 1000 } = attribute;
      return min + (max - min) * (0.1 + 0.8 * random()); // some fifteen digits
    }
    case 'integer': {
      const { min = 0, max = 2_000_000_000 } = attribute;
      return max - min < 1e8 ? undefined : min + 100_000_000 + Math.floor(random() * 8e8);
    }
    case 'instant':
      return new Date(4e11 + n * 7_654_321_000).toISOString();
    case 'date':
      return new Date(-2e12 + n * 86_400_000).toISOString().slice(0, 10);
    default:
      return undefined;
  }
}

interface Planted {
  readonly layer: Layer;
  readonly id: number;
  readonly agency: string | null;
  readonly area_code: string | null;
  /** By attribute, the texts that tell its value. */
  readonly told: ReadonlyMap<string, readonly string[]>;
}

async function plant(layer: Layer): Promise<Planted[]> {
  const planted: Planted[] = [];
  for (let i = 0; i < rowsEach; i++) {
    const geom = layer.geometry === 'Point' ? point(i) : null;
    const row: Record<string, Row[string]> = { ...randomRow(layer, random, geom) };
    const told = new Map<string, readonly string[]>();
    row.agency = pick([...agencies, null]);
    row.area_code = random() < 0.8 ? `${pick(districts)}.1001` : null;
    if (layer.id !== 'district' && layer.id !== 'village') {
      row.code = `zqkode${++count}x`;
      told.set('code', [row.code]);
    }
    for (const [key, attribute] of attributesOf(layer)) {
      if (attribute.derived) continue;
      const value = unique(attribute);
      if (value === undefined) continue;
      row[key] = value;
      told.set(key, spellings(value));
    }
    const [id] = await insertLawful(db, layer, [row]);
    if (id !== undefined) planted.push({ layer, id, agency: row.agency, area_code: row.area_code, told });
  }
  return planted;
}

const point = (i: number) => `SRID=4326;POINT(${113.7 + i * 1e-4} -8.17)`;

/** How a value may stand in an output. */
function spellings(value: string | number): string[] {
  if (typeof value === 'number') return [String(value).slice(0, 14)];
  return /^\d{4}-.*T/.test(value) ? [value.slice(0, 19), String(Date.parse(value) / 1000)] : [value];
}

const planted = (await Promise.all(layers.map(plant))).flat();
const { parts, follower, complaints } = await testApp(connection);
// What is written into the trail: each row is edited by somebody who may do everything, and some are deleted.
const everything = viewerNamed(
  'Semua',
  ...roles.flatMap((role) => [{ role }, ...agencies.map((agency): Grant => ({ role, agency }))]),
);
const root = doorOf(parts, everything);

/** The values that a viewer may not see, by where they are: asked before anything is deleted. */
async function hiddenFrom(grants: readonly Grant[]) {
  return Promise.all(planted.map(async (row) => ({ ...row, seen: await seenOf(db, row.layer, row, grants) })));
}

function randomViewer(): Viewer {
  const grants = Array.from({ length: 1 + Math.floor(random() * 3) }, (): Grant => {
    const held = random() < 0.7 ? { agency: pick(agencies) } : {};
    const polygon = boxOf(113.69995, -8.2, pick([113.70005, 113.70015]), -8.1); // the first of the points, or two
    return {
      ...{ role: pick(limited), ...held, ...(random() < 0.4 && { areas: [pick(districts)] }) },
      ...(random() < 0.4 && { polygon }),
    };
  });
  return { person: { id: `orang-${count++}`, name: 'Orang' }, grants };
}
const viewers = [
  ...Array.from({ length: viewersTried }, randomViewer),
  // Who may do something is refused in more ways.
  viewerNamed('Dua', { role: 'agency_operator', agency: 'Dinas 1' }, { role: 'admin', agency: 'Dinas 2' }),
];
/** Numbers of acts that nobody can take back any more: what they wrote was changed since. */
const acts: number[] = [];
const secrets = await Promise.all(viewers.map(({ grants }) => hiddenFrom(grants)));

for (const { layer, id, told } of planted) {
  const before = (
    await db
      .selectFrom(sql<{ version: number; id: number }>`${sql.table(layer.id)}`.as('row'))
      .select('version')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).version;
  const path = `/api/layers/${layer.id}/features/${id}`;
  const text = [...told.keys()].find((key) => attributesOf(layer).get(key)?.kind === 'text') ?? layer.name;
  const input = { [text]: told.get(text)?.[0] ?? 'x', agency: 'Dinas 9' };
  const moved = await root.post(`${path}/edit`, { input }, before);
  if (moved.ok) acts.push((await moved.json()).audit);
  const done = await root.post(
    `${path}/edit`,
    { input: { agency: planted.find((row) => row.id === id && row.layer === layer)!.agency } },
    before + 1,
  );
  if (random() < 0.2 && done.ok) await root.post(`${path}/delete`, { reason: 'x' }, before + 2);
}
await follower.catchUp();

test.each(viewers.map((viewer, i) => [JSON.stringify(viewer.grants), viewer, i] as const))(
  '%s',
  async (_, viewer, i) => {
    const door = doorOf(parts, viewer);
    const { app } = door;
    const rows = secrets[i]!;
    const read = async (path: string, response: Response) => {
      expect(response.status, path).toBeLessThan(500);
      const bytes = Buffer.from(await response.arrayBuffer());
      const headers = [...response.headers].join('\n');
      return { path, status: response.status, bytes, text: `${headers}\n${bytes.toString('latin1')}` };
    };
    const ask = async (path: string) => read(path, await app.request(path));
    const paths = [
      ...['/api/layers', '/api/openapi.json', '/api/pending', '/api/audit?limit=500', '/api/feeds', '/metrics'],
      ...['/api/account', '/ogc', '/ogc/api', '/ogc/collections', '/health/ready', '/api/search?q=zq&limit=100'],
      ...layers.flatMap(({ id, series }) => [
        ...['', '/queryables', '/schema', '/items?limit=1000', '/items?f=html&limit=1000'].map(
          (rest) => `/ogc/collections/${id}${rest}`,
        ),
        ...['state', 'deleted', 'export.csv', 'export.geojson', ...(series ? ['series'] : [])].map(
          (rest) => `/api/layers/${id}/${rest}`,
        ),
        ...[0, 10, 14, 18].map((z) => `/tiles/${id}/${z}/${tileAt(z)}`),
        `/tiles/${id}.json`,
      ]),
      ...planted.flatMap(({ layer, id }) => [
        `/ogc/collections/${layer.id}/items/${id}`,
        ...['actions', 'history'].map((rest) => `/api/layers/${layer.id}/features/${id}/${rest}`),
        ...(layer.series ? [`/api/layers/${layer.id}/${id}/series`] : []),
      ]),
    ];
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    for (const path of paths) answers.push(await ask(path));

    // What is refused says why: another version, a wrong field, an act that was overtaken, a row of a file.
    const refuse = async (path: string, body: object) => {
      const answer = await read(path, await door.post(path, body, 1));
      expect(answer.status === 200 && path.includes('features'), path).toBe(false);
      const { results = [{ problem: { status: answer.status } }] } = JSON.parse(answer.bytes.toString());
      for (const { problem } of results) refused.set(problem.status, (refused.get(problem.status) ?? 0) + 1);
      answers.push(answer);
    };
    for (const { layer, id } of planted)
      await refuse(`/api/layers/${layer.id}/features/${id}/edit`, { input: { tidak_ada: 1 } });
    for (const { id } of layers) {
      const features = planted.filter(({ layer }) => layer.id === id).map((row) => ({ id: row.id, version: 999_999 }));
      if (features.length === 0) continue;
      await refuse(`/api/layers/${id}/actions/edit`, { features, input: {}, preview: true });
    }
    for (const audit of acts) await refuse(`/api/audit/${audit}/undo`, {});
    const tried = await importTried(door);
    answers.push({ path: importing, status: 200, bytes: Buffer.alloc(0), text: tried });

    // Every event, of every row that is touched.
    const shown = answers.find(({ path }) => path === '/api/layers')!;
    const ids: string[] = JSON.parse(shown.bytes.toString()).layers.map(({ id }: { id: string }) => id);
    const { url, server } = await serveApp(app);
    const listener = await listen(`${url}/events?layers=${ids.join()}`);
    for (const { id } of layers) await sql`update ${sql.table(id)} set source = 'x'`.execute(db);
    await follower.catchUp();
    await listener.until(({ event }) => event === 'change');
    listener.close();
    server.close();
    answers.push({ path: '/events', status: 200, bytes: Buffer.alloc(0), text: listener.text() });

    for (const { layer, id, told, seen } of rows)
      for (const [key, texts] of told) {
        if (key === 'code' ? seen : seen?.has(key)) continue;
        for (const { path, text } of answers)
          for (const each of path === importing && key === 'code' ? [] : texts) // the file names the codes
            if (text.includes(each)) expect.fail(`seed ${seed}: ${path} tells ${layer.id}.${key} of ${id}: ${each}`);
      }
    // Choices, flags and small numbers are no texts of their own: looked for where they would stand.
    const of = new Map(rows.map((row) => [`${row.layer.id} ${row.id}`, row]));
    for (const { path, status, bytes } of answers) {
      const [, items] = /^\/ogc\/collections\/(\w+)\/items\?limit/.exec(path) ?? [];
      if (items !== undefined && status === 200)
        for (const { id, properties } of JSON.parse(bytes.toString()).features) judge(items, id, properties);
      const [, tile] = /^\/tiles\/(\w+)\/18/.exec(path) ?? [];
      const drawn = tile !== undefined && status === 200 && new VectorTile(new PbfReader(bytes)).layers[tile];
      for (let n = 0; drawn && n < drawn.length; n++) judge(tile, drawn.feature(n).id!, drawn.feature(n).properties);
    }
    function judge(layer: string, id: number, properties: Record<string, unknown>): void {
      const row = of.get(`${layer} ${id}`);
      expect(row?.seen, `${layer} ${id} is shown`).toBeDefined();
      for (const [key, value] of Object.entries(properties))
        if (!Object.hasOwn(commonProperties, key) && !row!.seen!.has(key))
          expect(value ?? null, `${layer}.${key} of ${id}`).toBeNull();
    }
  },
);

/** What an import says that would change a column of every complaint. */
const importing = 'an import';
async function importTried(door: Door): Promise<string> {
  const codes = planted.filter(({ layer }) => layer.id === 'complaint').map(({ told }) => told.get('code')![0]);
  const lines = ['code,subject,lon,lat', ...codes.map((code) => `${code},Aduan,113.7,-8.17`)];
  const sent = await sendFile(door.app, 'aduan.csv', lines.join('\n'));
  if (sent.status !== 201) return sent.text();
  const { id } = await sent.json();
  const job = await step(door, id, 'try', { layer: 'complaint' }).catch(String);
  return JSON.stringify(job);
}

test('it looked at enough: much is hidden and much is shown, and nothing was a fault of the server', () => {
  const values = secrets.flat().flatMap(({ told, seen }) => [...told.keys()].map((key) => seen?.has(key) ?? false));
  expect(values.filter((seen) => !seen).length).toBeGreaterThan(500);
  expect(values.filter(Boolean).length).toBeGreaterThan(500);
  for (const status of [403, 404, 412, 422]) expect(refused.get(status), `${status}`).toBeGreaterThan(5);
  expect(complaints).toEqual([]);
});
