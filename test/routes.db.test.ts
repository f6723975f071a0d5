import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openAddresses } from '../server/accounts/auth_routes.ts';
import { createKey } from '../server/accounts/keys_admin.ts';
import { transaction } from '../server/database/transaction.ts';
import { visitor } from '../server/registry/viewer.ts';
import { doorOf, viewerNamed } from './support/acting.ts';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';
import { listen, serveApp } from './support/events.ts';
import { client, person, signedIn } from './support/people.ts';
import { sendFile } from './support/uploading.ts';

/**
 * Every address with every method it answers, asked by three who have no business there, with the numbers of what is
 * another's. A new route must be described and stand in this table, with what each of the three is told.
 */
const { connection } = await testDatabase();
const { db } = connection;
const served = await testApp(connection, { ROLE: 'public', INGEST_KEY: 'kunci-bersama' });
const { app, parts, complaints } = served;

const secret = 'zqrahasia';
const victim = await person(served, 'dewi@jember.test', { role: 'operator' });
await person(served, 'warga@jember.test');
await person(served, 'lain@jember.test', { role: 'agency_operator', agency: 'Dinas B' });
await signedIn(app, 'dewi@jember.test');
const one = async (query: ReturnType<typeof sql<{ id: number | string }>>) => (await query.execute(db)).rows[0]!.id;
const complaint = await one(sql`
  insert into complaint (subject, agency, secret, anonymous, reporter_name, description)
  values ('Jalan', 'Dinas A', true, false, ${secret}, 'x') returning id`);
const gauge = await one(sql`
  insert into river_gauge (name, agency, siaga1_cm, siaga2_cm, siaga3_cm) values ('Pos', 'Dinas A', 400, 300, 200) returning id`);
const room = doorOf(parts, viewerNamed('Eka', { role: 'operator' }, { role: 'disaster_officer' }));
const edit = { input: { reporter_name: `${secret}-2` } };
const { audit } = await (await room.post(`/api/layers/complaint/features/${complaint}/edit`, edit, 1)).json();
const asked = { input: { siaga1_cm: 450 }, reason: 'Palung berubah' };
const { pending } = await (
  await room.post(`/api/layers/river_gauge/features/${gauge}/set_thresholds`, asked, 1)
).json();
const { app: chief } = doorOf(parts, viewerNamed('Ayu', { role: 'admin' }));
const upload = await (await sendFile(chief, 'posko.csv', `kode,nama\nP-1,${secret}`)).json();
const by = { viewer: visitor('admin') };
const key = await transaction(db, (trx) => createKey(trx, by, { name: 'x', agency: 'Dinas A', doors: ['read'] }));
const session = await one(sql`select id from account_session where "userId" = ${victim}`);
const grant = await one(sql`select id from account_grant where user_id = ${victim}`);

await sql`insert into account_passkey (id, name, "publicKey", "userId", "credentialID", counter, "deviceType", "backedUp")
  values ('kunci-dewi', ${secret}, 'x', ${victim}, 'x', 0, 'singleDevice', false)`.execute(db);

/** What of another's stands for a parameter, by the beginning of the path. */
const others: readonly (readonly [beginning: string, parameters: Readonly<Record<string, string | number>>])[] = [
  ['/api/pending', { id: pending.id }],
  ['/api/imports', { id: upload.id }],
  ['/api/audit', { id: audit }],
  ['/api/feeds', { id: 'bmkg_quake' }],
  ['/api/account', { id: session }],
  ['/api/admin/people', { id: victim }],
  ['/api/admin/grants', { id: grant }],
  ['/api/admin/keys', { id: key.id }],
  ['/api/auth', { path: 'update-user' }],
  ['/tiles/{file}', { file: 'complaint.json' }],
  ['/basemap', { file: 'configured.pmtiles' }],
  ['/ogc', { id: 'complaint', feature: complaint }],
  ['/{file}', { file: 'nothing.txt' }],
  [
    '',
    {
      layer: 'complaint',
      layers: 'complaint',
      id: complaint,
      action: 'edit',
      z: 14,
      x: 1,
      y: 1,
      protocol: 'x',
      device: 'x',
    },
  ],
];

/** What is sent where it is not the same as everywhere: as its route takes it, so that who is refused has not the right. */
const bodies: Readonly<Record<string, object>> = {
  'POST /api/layers/{layer}/actions/{action}': { features: [{ id: complaint, version: 2 }], input: { subject: 'x' } },
  'POST /ogc/collections/{id}/items': {
    ...{ type: 'Feature', geometry: { type: 'Point', coordinates: [113.7, -8.17] } },
    properties: { subject: 'x', agency: 'Dinas A' },
  },
};
const queries: Readonly<Record<string, string>> = { 'POST /api/imports': '?name=posko.csv' };

/** What an answer says; of an act on many features, what it says of each. */
async function statusOf(name: string, response: Response): Promise<string> {
  if (!name.endsWith('/actions/{action}') || response.status !== 200) return String(response.status);
  const { results } = await response.clone().json();
  return results.map(({ problem }: { problem?: { status: number } }) => problem?.status ?? 200).join();
}

/**
 * What a visitor, a citizen and an operator of another agency are answered, of many features for each; `-`: the page, which holds
 * no one's, and the stream, which is listened to below.
 */
const table: Readonly<Record<string, string>> = {
  'GET /tiles/{file}': '200 200 200',
  'GET /tiles/{layers}/{z}/{x}/{y}': '204 204 204',
  'GET /api/layers': '200 200 200',
  'GET /api/search': '200 200 200',
  'GET /api/openapi.json': '200 200 200',
  'GET /api/docs': '200 200 200',
  'GET /api/docs/start.js': '200 200 200',
  'GET /api/docs/swagger-ui-bundle.js': '200 200 200',
  'GET /api/docs/swagger-ui.css': '200 200 200',
  'GET /api/layers/{layer}/state': '200 200 200',
  'GET /api/layers/{layer}/export.csv': '200 200 200',
  'GET /api/layers/{layer}/export.geojson': '200 200 200',
  'GET /api/layers/{layer}/{id}/series': '404 404 404',
  'GET /api/layers/{layer}/series': '404 404 404',
  'POST /api/layers/{layer}/features': '401 403 201',
  'POST /api/layers/{layer}/features/{id}/{action}': '404 404 403',
  'GET /api/layers/{layer}/deleted': '401 200 200',
  'POST /api/layers/{layer}/actions/{action}': '401 404 403',
  'GET /api/pending': '200 200 200',
  'POST /api/pending/{id}/confirm': '401 404 404',
  'POST /api/pending/{id}/reject': '401 404 404',
  'GET /api/layers/{layer}/features/{id}/actions': '404 404 200',
  'GET /api/layers/{layer}/features/{id}/history': '404 404 403',
  'POST /api/audit/{id}/undo': '401 404 404',
  'GET /api/audit': '404 404 404',
  'GET /api/audit/export': '404 404 404',
  'GET /api/audit/verify': '404 404 404',
  'POST /api/imports': '401 403 201',
  'GET /api/imports/{id}': '401 404 404',
  'POST /api/imports/{id}/survey': '401 404 404',
  'POST /api/imports/{id}/try': '401 404 404',
  'POST /api/imports/{id}/commit': '401 404 404',
  'GET /api/imports/{id}/rejected.csv': '401 404 404',
  'DELETE /api/imports/{id}': '401 404 404',
  'GET /api/feeds': '200 200 200',
  'POST /api/feeds/{id}/pull': '403 403 403',
  'PATCH /api/feeds/{id}': '403 403 403',
  'GET /api/auth/{path}': '404 404 404',
  'POST /api/auth/{path}': '404 404 404',
  'GET /api/account': '200 200 200',
  'GET /api/account/sessions': '401 200 200',
  'DELETE /api/account/sessions/{id}': '401 404 404',
  'GET /api/admin/people': '401 403 403',
  'POST /api/admin/people': '401 403 403',
  'DELETE /api/admin/people/{id}': '401 403 403',
  'POST /api/admin/people/{id}/link': '401 403 403',
  'PUT /api/admin/people/{id}/locked': '401 403 403',
  'DELETE /api/admin/people/{id}/second-factors': '401 403 403',
  'POST /api/admin/people/{id}/grants': '401 403 403',
  'DELETE /api/admin/grants/{id}': '401 403 403',
  'GET /api/admin/keys': '401 403 403',
  'POST /api/admin/keys': '401 403 403',
  'DELETE /api/admin/keys/{id}': '401 403 403',
  'GET /api/admin/held-in': '401 403 403',
  'GET /api/admin/matrix': '401 403 403',
  'POST /api/ingest/traccar': '401 401 401',
  'PUT /api/ingest/devices/{protocol}/{device}': '401 401 401',
  'POST /api/ingest/{layer}': '401 401 401',
  'GET /ogc': '200 200 200',
  'GET /ogc/style.css': '200 200 200',
  'GET /ogc/conformance': '200 200 200',
  'GET /ogc/api': '200 200 200',
  'GET /ogc/collections': '200 200 200',
  'GET /ogc/collections/{id}': '200 200 200',
  'GET /ogc/collections/{id}/queryables': '200 200 200',
  'GET /ogc/collections/{id}/schema': '200 200 200',
  'GET /ogc/collections/{id}/items': '200 200 200',
  'GET /ogc/collections/{id}/items/{feature}': '404 404 200',
  'GET /ogc/*': '404 404 404',
  'POST /ogc/collections/{id}/items': '401 403 403',
  'PUT /ogc/collections/{id}/items/{feature}': '404 404 403',
  'PATCH /ogc/collections/{id}/items/{feature}': '404 404 403',
  'DELETE /ogc/collections/{id}/items/{feature}': '404 404 403',
  'GET /basemap/builtin.pmtiles': '-',
  'GET /basemap/{file}': '404 404 404',
  'GET /health/live': '200 200 200',
  'GET /health/ready': '200 200 200',
  'GET /metrics': '404 404 200',
  'GET /': '-',
  'GET /{file}': '-',
  'GET /events': '-',
};

const routes = new Map(
  app.routes
    .filter(({ method }) => method !== 'ALL' && method !== 'OPTIONS') // before every request, or for other origins
    .map(({ method, path }) => {
      const plain = path.replace(/:(\w+)(\{(?:[^{}]|\{[^}]*\})*\})?/g, '{$1}');
      return [`${method} ${plain}`, { method, path: plain }] as const;
    }),
);

/** Pages, their parts and archives: no interface of their own. */
const pages = /^GET (\/|\/\{file\}|\/api\/docs.*|\/api\/openapi\.json|\/ogc\/style\.css|\/ogc\/\*|\/basemap\/.*)$/;

test('every address is described, in /api/openapi.json or in /ogc/api', async () => {
  const described = new Set<string>();
  for (const [root, document] of [
    ['', '/api/openapi.json'],
    ['/ogc', '/ogc/api'],
  ] as const) {
    const { paths } = await (await app.request(document)).json();
    for (const [path, methods] of Object.entries<object>(paths)) {
      const plain = path
        .replace(/^\/collections\/\w+/, '/collections/{id}')
        .replace('{featureId}', '{feature}')
        .replace(/^\/$/, root === '' ? '/' : '');
      for (const method of Object.keys(methods)) described.add(`${method.toUpperCase()} ${root}${plain}`);
    }
  }
  for (const name of routes.keys()) if (!pages.test(name)) expect(described, name).toContain(name);
});

test('every address stands in the table, and no other', () => {
  expect([...routes.keys()].toSorted()).toEqual(Object.keys(table).toSorted());
});

test('none of them gives or does anything with what is another’s', async () => {
  const who = [client(app), await signedIn(app, 'warga@jember.test'), await signedIn(app, 'lain@jember.test')];
  const state = async () =>
    (
      await sql<{ state: string }>`
        select concat_ws(' ', (select version from complaint where id = ${complaint}), (select version from river_gauge where id = ${gauge}),
          (select count(*) from pending_action where decided is null), (select count(*) from account_grant),
          (select count(*) from account_session), (select count(*) from service_key where revoked_at is null),
          (select count(*) from account_user where "lockedAt" is null)) as state`.execute(db)
    ).rows[0]!.state;
  const before = await state();
  for (const [name, { method, path }] of routes) {
    if (table[name] === '-') continue;
    const [, parameters] = others.find(([beginning]) => path.startsWith(beginning))!; // the last begins all
    const address = path.replace(/\{(\w+)\}/g, (_, each) => String(parameters[each])) + (queries[name] ?? '');
    const body = method === 'GET' ? undefined : (bodies[name] ?? { input: { subject: 'x' }, reason: 'x' });
    const told: string[] = [];
    for (const browser of who) {
      const response = await browser.ask(method, address, body, { 'If-Match': '"2"' });
      told.push(await statusOf(name, response));
      expect(await response.text(), `${name} tells it`).not.toContain(secret);
    }
    expect(`${name}: ${told.join(' ')}`).toBe(`${name}: ${table[name]}`);
  }
  expect(await state()).toBe(before);
  expect(await (await chief.request(`/api/imports/${upload.id}`)).json()).toEqual(upload);
  expect(complaints).toEqual([]);
});

/** The same of each address that is open for signing in, with what is another's; `-`: ends the session of whoever asks. */
const signingIn: Readonly<Record<string, readonly [told: string, body?: object]>> = {
  'POST /sign-in/email': ['401 401 401', { email: 'dewi@jember.test', password: 'bukan-sandinya' }],
  'POST /two-factor/verify-totp': ['401 400 400', { code: '000000', userId: victim }],
  'POST /two-factor/verify-backup-code': ['401 400 400', { code: 'AAAAA-AAAAA', userId: victim }],
  'POST /two-factor/enable': ['401 400 400', { password: 'bukan-sandinya', userId: victim }],
  'POST /two-factor/disable': ['401 400 400', { password: 'bukan-sandinya', userId: victim }],
  'POST /two-factor/generate-backup-codes': ['401 400 400', { password: 'bukan-sandinya', userId: victim }],
  'GET /passkey/generate-authenticate-options': ['200 200 200'],
  'POST /passkey/verify-authentication': ['400 400 400', { response: { id: 'x', rawId: 'x', type: 'public-key' } }],
  'POST /passkey/verify-registration': ['401 400 400', { response: { id: 'x' }, userId: victim }],
  'GET /passkey/generate-register-options': ['401 200 200'],
  'GET /passkey/list-user-passkeys': ['401 200 200'],
  'POST /passkey/delete-passkey': ['401 401 401', { id: 'kunci-dewi' }],
  'POST /change-password': [
    '401 400 400',
    { currentPassword: 'bukan-sandinya', newPassword: 'kata-sandi-lain-lagi', userId: victim },
  ],
  'POST /request-password-reset': ['400 400 400', { email: 'dewi@jember.test' }], // no mail here
  'POST /reset-password': ['400 400 400', { token: 'x', newPassword: 'kata-sandi-lain-lagi' }],
  'POST /sign-out': ['200 200 200', { userId: victim, sessionId: session }], // last: their own ends
};

test('nor does signing in, whose other addresses are none', async () => {
  expect(Object.keys(signingIn).toSorted()).toEqual([...openAddresses].toSorted());
  const who = [client(app), await signedIn(app, 'warga@jember.test'), await signedIn(app, 'lain@jember.test')];
  const state = async () =>
    (
      await sql`
        select (select json_agg(password) from account_credential where "userId" = ${victim}) as passwords,
          (select json_agg(id order by id) from account_session where "userId" = ${victim}) as sessions,
          (select json_agg(id) from account_passkey where "userId" = ${victim}) as passkeys,
          (select count(*) from account_two_factor) as factors, (select count(*) from account_user) as people`.execute(
        db,
      )
    ).rows;
  const before = await state();
  const ask = async (address: string, body?: object) => {
    const [method = '', path = ''] = address.split(' ');
    const told: number[] = [];
    for (const browser of who) {
      const response = await browser.ask(method, `/api/auth${path}`, body);
      told.push(response.status);
      expect(await response.text(), `${address} tells it`).not.toContain(secret);
    }
    return `${address}: ${told.join(' ')}`;
  };
  const all = Object.values(parts.accounts.auth.api) as { path?: string; options?: { method?: string | string[] } }[];
  const closed = all
    .flatMap(({ path, options }) => [options?.method ?? []].flat().map((method) => `${method} ${path}`))
    .filter((address) => / \//.test(address) && !openAddresses.has(address));
  expect(closed.length).toBeGreaterThan(15);
  for (const address of closed) {
    const body = address.startsWith('GET ') ? undefined : { userId: victim, id: 'kunci-dewi', token: 'x' };
    expect(await ask(address.replace(/:\w+/g, 'x'), body)).toMatch(/: 404 404 404$/);
  }
  for (const [address, [told, body]] of Object.entries(signingIn))
    expect(await ask(address, body)).toBe(`${address}: ${told}`);
  expect(await state()).toEqual(before);
  expect(complaints).toEqual([]);
});

test('a stream tells each of what they see, and nobody what is hidden', { timeout: 60_000 }, async () => {
  const { url } = await serveApp(app);
  const who = [client(app), await signedIn(app, 'warga@jember.test'), await signedIn(app, 'lain@jember.test')];
  const streams = await Promise.all(
    who.map(({ jar }) =>
      listen(`${url}/events`, { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
    ),
  );
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
  const again = { input: { reporter_name: `${secret}-3`, subject: 'Jalan rusak' } };
  expect((await room.post(`/api/layers/complaint/features/${complaint}/edit`, again, 2)).status).toBe(200);
  await sql`update river_gauge set level_cm = 12 where id = ${gauge}`.execute(db);
  const heard = async (stream: (typeof streams)[number]) => {
    await stream.until(({ event, data }) => event === 'change' && JSON.stringify(data).includes('river_gauge'));
    expect(stream.text()).not.toContain(secret);
    return stream.text().includes('"complaint"');
  };
  expect(await Promise.all(streams.map(heard))).toEqual([false, false, true]);
  for (const stream of streams) stream.close();
});
