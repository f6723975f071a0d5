import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { type Client, client, password, person, signedIn } from '../support/people.ts';

const { connection } = await testDatabase();
const { db } = connection;
const served = await testApp(connection, { ROLE: 'public' });
const { app, parts, complaints } = served;
const admin = await person(served, 'admin@jember.test', { role: 'admin' });
const limited = await person(served, 'admin-opd@jember.test', { role: 'admin', agency: 'Dishub' });
const citizen = await person(served, 'warga@jember.test');
const grantsOf = async (account: string) =>
  (await sql<{ role: string }>`select role from account_grant where user_id = ${account}`.execute(db)).rows.map(
    ({ role }) => role,
  );

describe('another site', () => {
  const evil = { Origin: 'https://evil.test', 'Sec-Fetch-Site': 'cross-site' };
  test('can change nothing with the cookie of who visits it', async () => {
    const browser = await signedIn(app, 'admin@jember.test');
    for (const headers of [
      evil,
      { Origin: 'null' },
      { Origin: 'http://localhost.evil.test' },
      { Origin: 'https://localhost' },
    ]) {
      const made = await browser.ask('POST', '/api/admin/people', { email: 'a@evil.test', name: 'a' }, headers);
      expect(made.status).toBe(403);
      expect((await browser.ask('POST', '/api/auth/sign-out', {}, headers)).status).toBe(403);
      expect((await browser.ask('DELETE', '/api/account/sessions/others', undefined, headers)).status).toBe(403);
    }
    expect((await browser.ask('GET', '/api/admin/people')).status).toBe(200);
    expect((await sql`select 1 from account_user where email = 'a@evil.test'`.execute(db)).rows).toEqual([]);
  });

  test('can sign nobody in as somebody else', async () => {
    const form = { email: 'warga@jember.test', password };
    expect((await client(app).ask('POST', '/api/auth/sign-in/email', form, evil)).status).toBe(403);
    const plain = await client(app).ask('POST', '/api/auth/sign-in/email', form, {
      ...evil,
      'Content-Type': 'text/plain',
    });
    expect(plain.ok).toBe(false);
  });

  test('a form of the old kind is no form here', async () => {
    const browser = await signedIn(app, 'admin@jember.test');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect((await browser.ask('POST', '/api/admin/people', {}, { 'Content-Type': type })).status).toBe(415);
  });

  test('reads nothing that only the cookie shows', async () => {
    const browser = await signedIn(app, 'admin@jember.test');
    for (const path of ['/api/account', '/api/admin/people', '/api/account/sessions']) {
      const response = await browser.ask('GET', path, undefined, evil);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
      expect(response.headers.get('Cache-Control')).toBe('no-store');
    }
  });
});

describe('somebody who wants to be more', () => {
  test('makes no account: there is no sign-up, and no other address of the library', async () => {
    const body = { email: 'baru@jember.test', password, name: 'x', role: 'admin' };
    const paths = [
      'sign-up/email',
      'update-user',
      'change-email',
      'delete-user',
      'set-password',
      'get-session',
      'list-sessions',
    ];
    for (const path of [...paths, 'admin/set-role', 'sign-in/social', 'ok', 'error', 'sign-in/email/']) {
      const browser = await signedIn(app, 'warga@jember.test');
      const answer = await browser.ask('POST', `/api/auth/${path}`, body);
      expect([401, 404, 405], path).toContain(answer.status);
    }
    expect((await db.selectFrom('account_user').select('id').execute()).length).toBe(3);
  });

  test('more fields in a form give no role', async () => {
    const email = 'lebih@jember.test';
    const account = await person(served, email);
    const more = { role: 'admin', roles: ['admin'], grants: [{ role: 'admin' }], lockedAt: null, userId: admin };
    const browser = client(app);
    await browser.ask('POST', '/api/auth/sign-in/email', { email, password, ...more });
    const change = { currentPassword: password, newPassword: `${password}-2`, ...more };
    expect((await browser.ask('POST', '/api/auth/change-password', change)).status).toBe(200);
    expect(await grantsOf(account)).toEqual([]);
    expect((await (await browser.ask('GET', '/api/account')).json()).grants).toEqual([{ role: 'citizen' }]);
    const again = client(app);
    const form = { email: 'admin@jember.test', password, role: 'public' };
    await again.ask('POST', '/api/auth/sign-in/email', form);
    expect((await (await again.ask('GET', '/api/account')).json()).isAdmin).toBe(true);
  });

  test.each([
    ['nobody', () => Promise.resolve(client(app)), 401],
    ['a citizen', () => signedIn(app, 'warga@jember.test'), 403],
    ['an admin of one agency', () => signedIn(app, 'admin-opd@jember.test'), 403],
  ])('%s reaches nothing of the admin', async (_, browser: () => Promise<Client>, status) => {
    const who = await browser();
    const { paths } = await (await app.request('/api/openapi.json')).json();
    const addresses = Object.entries<object>(paths).filter(([path]) => path.startsWith('/api/admin/'));
    expect(addresses.length).toBeGreaterThan(8);
    for (const [path, methods] of addresses)
      for (const method of Object.keys(methods)) {
        const address = path.replace('{id}', path.includes('people') ? citizen : '1');
        const answer = await who.ask(method.toUpperCase(), address, method === 'get' ? undefined : { role: 'admin' });
        expect(answer.status, `${method} ${path}`).toBe(status);
      }
    expect(await grantsOf(citizen)).toEqual([]);
    expect(await grantsOf(limited)).toEqual(['admin']);
  });

  test('a role that is none, or the public’s, is refused by field', async () => {
    const browser = await signedIn(app, 'admin@jember.test');
    for (const role of ['public', 'root', '', null, 'constructor']) {
      const answer = await browser.ask('POST', `/api/admin/people/${citizen}/grants`, { role });
      expect(answer.status).toBe(422);
      expect((await answer.json()).errors).toMatchObject([
        { pointer: '#/role', code: expect.stringMatching(/choice|required/) },
      ]);
    }
    for (const extra of [
      { role: 'operator', granted_by: 'x' },
      { role: 'operator', areas: ["'; drop table"] },
    ])
      expect((await browser.ask('POST', `/api/admin/people/${citizen}/grants`, extra)).status).toBe(422);
    expect((await browser.ask('POST', '/api/admin/people/no-such/grants', { role: 'operator' })).status).toBe(404);
  });

  describe('a polygon that is none is refused by field', () => {
    const square = [
      [113.6, -8.3],
      [113.8, -8.3],
      [113.8, -8.1],
      [113.6, -8.1],
      [113.6, -8.3],
    ];
    const polygon = (...rings: unknown[]) => ({ type: 'Polygon', coordinates: rings });
    const many = (count: number) => {
      const turn = (i: number) => ((i % count) / count) * 2 * Math.PI;
      return Array.from({ length: count + 1 }, (_, i) => [
        113.7 + Math.cos(turn(i)) / 10,
        -8.2 + Math.sin(turn(i)) / 10,
      ]);
    };
    test.each([
      ['a text', 'POLYGON((0 0))'],
      ['a point', { type: 'Point', coordinates: [113.7, -8.2] }],
      ['without rings', polygon()],
      ['an empty ring', polygon([])],
      ['numbers as texts', polygon(square.map((p) => p.map(String)))],
      ['not a number', polygon([...square.slice(0, -1), [null, null]])],
      ['open', polygon(square.slice(0, -1))],
      [
        'self_crossing',
        polygon([
          [113.6, -8.3],
          [113.8, -8.1],
          [113.8, -8.3],
          [113.6, -8.1],
          [113.6, -8.3],
        ]),
      ],
      [
        'without width',
        polygon([
          [113.6, -8.3],
          [113.8, -8.3],
          [113.6, -8.3],
          [113.6, -8.3],
        ]),
      ],
      [
        'across the antimeridian',
        polygon([
          [170, -8.3],
          [190, -8.3],
          [190, -8.1],
          [170, -8.1],
          [170, -8.3],
        ]),
      ],
      [
        'a hole outside',
        polygon(
          square,
          square.map(([x, y]) => [x! + 1, y!]),
        ),
      ],
      ['twice the same', { type: 'MultiPolygon', coordinates: [[square], [square]] }],
      ['too many corners', polygon(many(1000))],
      [
        'two features',
        { type: 'FeatureCollection', features: [{ geometry: polygon(square) }, { geometry: polygon(square) }] },
      ],
      [
        'coordinates nested deep',
        { type: 'MultiPolygon', coordinates: JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`) },
      ],
      ['smaller than a centimetre', polygon(square.map(([x, y]) => [113 + x! / 1e10, -8 + y! / 1e10]))],
    ])('%s', async (_, given) => {
      const browser = await signedIn(app, 'admin@jember.test');
      const answer = await browser.ask('POST', `/api/admin/people/${citizen}/grants`, {
        role: 'operator',
        polygon: given,
      });
      expect(answer.status).toBe(422);
      expect((await answer.json()).errors).toMatchObject([{ pointer: '#/polygon' }]);
    });

    test('100,000 corners are too large, 999 are stored to the centimetre and come back as they were', async () => {
      const browser = await signedIn(app, 'admin@jember.test');
      const give = (given: unknown) =>
        browser.ask('POST', `/api/admin/people/${citizen}/grants`, { role: 'citizen', polygon: given });
      expect((await give(polygon(many(100_000)))).status).toBe(413);
      expect((await give({ type: 'Feature', properties: {}, geometry: polygon(many(999)) })).status).toBe(201);
      const { people } = await (await browser.ask('GET', '/api/admin/people')).json();
      const held = people.find(({ id }: { id: string }) => id === citizen).grants.at(-1);
      const stored = many(999).map((p) => p.map((degrees) => Number(degrees.toFixed(7))));
      expect(held.polygon).toEqual({ type: 'MultiPolygon', coordinates: [[stored]] });
      expect((await browser.ask('DELETE', `/api/admin/grants/${held.id}`)).status).toBe(204);
      const { rows } = await sql<{
        before: object;
      }>`select before from audit where action = 'take_role' order by id desc`.execute(db);
      expect(rows[0]!.before).toMatchObject({ account: citizen, polygon: held.polygon });
    });

    test('an admin within one makes nobody', async () => {
      await person(served, 'admin-kecil@jember.test', {
        role: 'admin',
        polygon: { type: 'MultiPolygon', coordinates: [[square]] },
      });
      const browser = await signedIn(app, 'admin-kecil@jember.test');
      expect((await (await browser.ask('GET', '/api/account')).json()).isAdmin).toBe(false);
      expect((await browser.ask('GET', '/api/admin/people')).status).toBe(403);
    });
  });

  test('all that is wrong with a form is told at once, each at its place in it', async () => {
    const browser = await signedIn(app, 'admin@jember.test');
    const errorsOf = async (path: string, form: object) => {
      const answer = await browser.ask('POST', path, form);
      expect(answer.status).toBe(422);
      return (await answer.json()).errors;
    };
    const person = { email: 'x', name: ' ', grants: [{ role: 'operator', areas: ['35.09', 'x'] }, {}], 'a/b': 1 };
    expect(await errorsOf('/api/admin/people', person)).toEqual(
      expect.arrayContaining([
        { pointer: '#/email', code: 'format', detail: 'an e-mail address' },
        { pointer: '#/name', code: 'required', detail: 'must be given' },
        { pointer: '#/grants/0/areas/1', code: 'format', detail: 'is no Kemendagri code' },
        { pointer: '#/grants/1/role', code: 'required', detail: 'must be given' },
        { pointer: '#/a~1b', code: 'unknown', detail: 'is not known here' },
      ]),
    );
    const key = { name: 'x'.repeat(101), agency: 'BPBD', doors: [] };
    expect(await errorsOf('/api/admin/keys', key)).toEqual([
      { pointer: '#/name', code: 'length', detail: 'at most 100 characters', limit: 100 },
      { pointer: '#/doors', code: 'required', detail: 'must be given' },
    ]);
    const layers = { name: 'x', agency: 'BPBD', doors: ['read'], layers: ['siren', 'no_such'] };
    expect(await errorsOf('/api/admin/keys', layers)).toMatchObject([{ pointer: '#/layers', code: 'unknown' }]);
    const taken = await browser.ask('POST', '/api/admin/people', { email: 'admin@jember.test', name: 'A' });
    expect((await taken.json()).errors).toMatchObject([{ pointer: '#/email', code: 'taken' }]);
  });

  test('the last admin stays one', async () => {
    const browser = await signedIn(app, 'admin@jember.test');
    const { people } = await (await browser.ask('GET', '/api/admin/people')).json();
    const own = people.find(({ id }: { id: string }) => id === admin).grants[0].id;
    expect((await browser.ask('DELETE', `/api/admin/grants/${own}`)).status).toBe(409);
    expect((await browser.ask('PUT', `/api/admin/people/${admin}/locked`, { locked: true })).status).toBe(409);
    expect(await grantsOf(admin)).toEqual(['admin']);
  });
});

test('who is refused is in the trail with what was tried, once for the same of one thing after another', async () => {
  const browser = await signedIn(app, 'warga@jember.test');
  const denied = async () =>
    (
      await sql<{ after: { method: string; path: string } }>`
        select after from audit where action = 'denied' and actor = ${citizen} order by id`.execute(db)
    ).rows.map(({ after }) => `${after.method} ${after.path}`);
  await browser.ask('GET', '/api/admin/people');
  const { rows } = await sql<{ id: number }>`
    insert into river_gauge (name) select 'Pos' from generate_series(1, 3) returning id`.execute(db);
  for (const { id } of rows) {
    const path = `/api/layers/river_gauge/features/${id}/edit`;
    expect((await browser.ask('POST', path, { input: { name: 'x' } }, { 'If-Match': '"1"' })).status).toBe(403);
  }
  const features = rows.map(({ id }) => ({ id, version: 1 }));
  await browser.ask('POST', '/api/layers/river_gauge/actions/edit', { features, input: { name: 'x' } });
  await browser.ask('POST', '/api/admin/people', {}, { Origin: 'https://evil.test' });
  const told = await denied();
  expect(told).toContain('GET /api/admin/people');
  expect(told).toContain(`POST /api/layers/river_gauge/features/${rows[0]!.id}/edit`);
  expect(told.filter((each) => each.includes('/features/'))).toHaveLength(1);
  expect(told).toContain('POST /api/layers/river_gauge/actions/edit');
  expect(told).toContain('POST /api/admin/people');
});

describe('hostile texts', () => {
  test('are kept as they are, or refused', async () => {
    const browser = await signedIn(app, 'admin@jember.test');
    const names = ["'; drop table account_user; --", '<img src=x onerror=alert(1)>', '{{7*7}}', '\u202Ertl', '😀'];
    for (const [i, name] of names.entries()) {
      const made = await browser.ask('POST', '/api/admin/people', { email: `n${i}@jember.test`, name });
      expect(made.status, name).toBe(201);
    }
    const { people } = await (await browser.ask('GET', '/api/admin/people')).json();
    expect(people.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(names));
    for (const name of ['a\0b', 'a\nb', ' ', 'x'.repeat(101)])
      expect((await browser.ask('POST', '/api/admin/people', { email: 'z@jember.test', name })).status).toBe(422);
    for (const email of ['a@b', 'a b@c.id', 'a@c.id\r\nBcc: x@y.id', "a'@c.id;drop"])
      expect((await browser.ask('POST', '/api/admin/people', { email, name: 'a' })).status, email).toBe(422);
    const twice = await browser.ask('POST', '/api/admin/people', { email: 'N0@jember.test', name: 'a' });
    expect(twice.status).toBe(409);
  });

  test('bodies that are too large or no JSON are refused', async () => {
    const browser = await signedIn(app, 'admin@jember.test');
    const large = { email: 'x'.repeat(100_000), password };
    expect((await browser.ask('POST', '/api/auth/sign-in/email', large)).status).toBe(413);
    expect((await browser.ask('POST', '/api/admin/people', large)).status).toBe(413);
    const broken = { method: 'POST', body: '{', headers: { 'Content-Type': 'application/json' } };
    expect((await app.request('/api/auth/sign-in/email', broken)).status).toBe(400);
    for (const body of [[], 3, null, { email: {}, password: [] }, { email: 'a@b.id\0', password }]) {
      const answer = await client(app).ask('POST', '/api/auth/sign-in/email', body);
      expect([400, 401, 422]).toContain(answer.status);
    }
  });

  test('a link cannot send anybody elsewhere', async () => {
    const form = { email: 'warga@jember.test', password, callbackURL: 'https://evil.test/' };
    expect((await client(app).ask('POST', '/api/auth/sign-in/email', form)).status).toBe(403);
  });
});

test('a stream ends with the session it was opened in, and comes back as what it is then', async () => {
  const email = 'dengar@jember.test';
  await person(served, email, { role: 'operator' });
  const browser = await signedIn(app, email);
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  const Cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const stream = async (headers: Record<string, string>) => {
    const request = get({ port, host: '127.0.0.1', path: '/events?layers=siren', headers, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage]; // the event's one argument
    return response;
  };
  const open = await stream({ Cookie });
  expect(open.statusCode).toBe(200);
  const ended = once(open.resume(), 'end');
  await sql`delete from account_session using account_user person
    where person.id = "userId" and person.email = ${email}`.execute(db);
  await ended;
  const again = await stream({ Cookie });
  expect(again.statusCode).toBe(404);
  again.resume();
  await new Promise((resolve) => server.close(resolve));
  expect(parts.hub.size).toBe(0);
});

test('nothing of all this was a fault of the server', () => expect(complaints).toEqual([]));
