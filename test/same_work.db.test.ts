import { type KyselyPlugin, RawNode, sql } from 'kysely';
import { expect, test } from 'vitest';
import { roleIs } from '../server/registry/role.ts';
import { doorOf, viewerNamed } from './support/acting.ts';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';

/**
 * Unknown and forbidden take the same time because the same is done for both: every statement that reaches the database is
 * noted, and what is asked of a hidden thing must be what is asked of one that never was. No clock is read.
 */
const { connection } = await testDatabase();
const statements: string[] = [];
const noting: KyselyPlugin = {
  transformQuery({ node }) {
    // Without the values: what was asked is the text; of a built statement, its tree.
    statements.push(
      RawNode.is(node)
        ? `${node.sqlFragments.join('$')} ${kindsOf(node.parameters)}`
        : JSON.stringify(node, withoutValues),
    );
    return node;
  },
  transformResult: async ({ result }) => result,
};
const kindsOf = (nodes: readonly object[]): string =>
  nodes.map((node) => JSON.stringify(node, withoutValues)).join(' ');
function withoutValues(key: string, value: unknown): unknown {
  return key === 'value' || key === 'queryId' ? undefined : value;
}
const { parts: quiet, complaints } = await testApp(connection, { ROLE: 'public' });
// What requests ask alone, not what the live copy asks meanwhile.
const parts = { ...quiet, connection: { ...connection, db: connection.db.withPlugin(noting) } };

// Numbers that stand nowhere else in an answer.
await sql`select setval(pg_get_serial_sequence('complaint', 'id'), 7654321)`.execute(connection.db);
const { rows } = await sql<{ id: number }>`
  insert into complaint (subject, agency, secret, anonymous, description) values ('Rahasia', 'Dinas B', true, false, 'x')
  returning id`.execute(connection.db);
const hidden = rows[0]!.id;
const unknown = hidden + 100_000;
const root = doorOf(parts, viewerNamed('Ayu', { role: 'operator' }));
const gone = await sql<{ id: number }>`
  insert into complaint (subject, agency, secret, anonymous) values ('Hapus', 'Dinas B', true, false) returning id`.execute(
  connection.db,
);
const deleted = gone.rows[0]!.id;
expect((await root.post(`/api/layers/complaint/features/${deleted}/delete`, { reason: 'x' }, 1)).status).toBe(200);
const shown = await sql<{ id: number }>`
  insert into complaint (subject, agency, secret, anonymous) values ('Terbuka', 'Dinas B', false, true) returning id`.execute(
  connection.db,
);
const edit = { input: { subject: 'Baru' } };
const { audit } = await (await root.post(`/api/layers/complaint/features/${hidden}/edit`, edit, 1)).json();
// Acts on what everybody sees, of which none of these hears: of another agency, of hidden values alone, and one that waits.
const open = `/api/layers/complaint/features/${shown.rows[0]!.id}`;
const { audit: renamed } = await (await root.post(`${open}/edit`, { input: { subject: 'Baru' } }, 1)).json();
const named = { input: { reporter_name: 'Rahasia' } };
const { audit: ofHidden } = await (await root.post(`${open}/edit`, named, 2)).json();
const posts = await sql<{ id: number }>`
  insert into river_gauge (name, agency, siaga1_cm, siaga2_cm, siaga3_cm) values ('Pos', 'Dinas B', 400, 300, 200) returning id`.execute(
  connection.db,
);
const asking = doorOf(parts, viewerNamed('Dodi', { role: 'disaster_officer' }));
const { pending } = await (
  await asking.post(
    `/api/layers/river_gauge/features/${posts.rows[0]!.id}/set_thresholds`,
    { input: { siaga1_cm: 450 }, reason: 'x' },
    1,
  )
).json();
await parts.live.keep('complaint', ['secret', 'agency']);

const viewers = {
  'a visitor': { grants: [{ role: 'public' }] },
  'a citizen': viewerNamed('Warga', { role: 'citizen' }),
  'a traffic engineer': viewerNamed('Budi', { role: 'traffic_engineer', agency: 'Dishub' }),
  'a data protection officer': viewerNamed('Cici', { role: 'data_protection_officer' }),
} as const;

/** What can be asked of a feature by its number. */
const asks: readonly (readonly [method: string, path: (id: number) => string, body?: object])[] = [
  ['GET', (id) => `/ogc/collections/complaint/items/${id}`],
  ['GET', (id) => `/ogc/collections/complaint/items/${id}?f=html`],
  ['PATCH', (id) => `/ogc/collections/complaint/items/${id}`, { properties: { subject: 'x' } }],
  [
    'PUT',
    (id) => `/ogc/collections/complaint/items/${id}`,
    { type: 'Feature', geometry: null, properties: { subject: 'x' } },
  ],
  ['DELETE', (id) => `/ogc/collections/complaint/items/${id}?reason=x`],
  ...['edit', 'delete', 'restore', 'close', 'assign', 'triage'].map(
    (action) =>
      ['POST', (id: number) => `/api/layers/complaint/features/${id}/${action}`, { input: {}, reason: 'x' }] as const,
  ),
  ['GET', (id) => `/api/layers/complaint/features/${id}/actions`],
  ['GET', (id) => `/api/layers/complaint/features/${id}/history`],
  ['GET', (id) => `/api/layers/complaint/${id}/series`],
  ['GET', (id) => `/api/layers/complaint/state?filter=${encodeURIComponent(`code = 'K-${id}'`)}`],
];

test.each(Object.entries(viewers))(
  'for %s a hidden feature is as much work as one that never was',
  async (_, viewer) => {
    const door = doorOf(parts, viewer);
    const work = async (method: string, path: string, body?: object) => {
      statements.length = 0;
      const response = await door.send(method, path, body, { 'If-Match': '"1"' });
      return { status: response.status, text: await response.text(), statements: [...statements] };
    };
    let asked = 0;
    for (const [method, path, body] of asks)
      for (const [of, never] of [
        [hidden, unknown],
        [deleted, unknown + 1],
      ] as const) {
        await work(method, path(never), body); // what is remembered of the layer is read by whoever comes first
        const [known, other] = [await work(method, path(of), body), await work(method, path(never), body)];
        const name = `${method} ${path(of)}`;
        expect(known.statements, name).toEqual(other.statements);
        expect(known.status, name).toBe(other.status);
        expect(known.text.replaceAll(String(of), '#'), name).toBe(other.text.replaceAll(String(never), '#'));
        asked += known.statements.length;
      }
    expect(asked, 'the database was asked at all').toBeGreaterThan(10);

    // An act on it, by the number of its entry; and on what is seen by who reads nothing of the act.
    const readsHistory = viewer.grants.some(({ role }) => roleIs(role, 'readsHistory'));
    for (const path of [
      (n: number) => `/api/audit/${audit + n}/undo`,
      (n: number) => `/api/audit/${ofHidden + n}/undo`,
      ...(readsHistory ? [] : [(n: number) => `/api/audit/${renamed + n}/undo`]),
      ...['confirm', 'reject'].map((decision) => (n: number) => `/api/pending/${pending.id + n}/${decision}`),
    ]) {
      const [known, other] = [await work('POST', path(0), {}), await work('POST', path(100_000), {})];
      expect([known.status, known.text], path(0)).toEqual([other.status, other.text]);
    }
  },
);

test.each(Object.entries(viewers))('for %s a hidden layer is as much work as one that never was', async (_, viewer) => {
  const door = doorOf(parts, viewer);
  const layer = ['siren', 'panic_button', 'unit'].find((id) => parts.registry.seen(id, viewer) === undefined);
  if (layer === undefined) throw new Error('nothing is hidden from this viewer');
  for (const [method, path, body] of [
    ...asks.map(([method, path, body]) => [method, path(1), body] as const),
    ['GET', '/api/layers/complaint/state'] as const,
    ['GET', '/ogc/collections/complaint'] as const,
    ['GET', '/tiles/complaint/14/1/1'] as const,
    ['GET', '/api/layers/complaint/deleted'] as const,
  ]) {
    const work = async (id: string) => {
      statements.length = 0;
      const response = await door.send(method, path.replace('complaint', id), body, { 'If-Match': '"1"' });
      return {
        status: response.status,
        text: (await response.text()).replaceAll(id, '#'),
        statements: [...statements],
      };
    };
    expect(await work(layer), `${method} ${path}`).toEqual(await work('no_such_layer'));
  }
  expect(complaints).toEqual([]);
});
