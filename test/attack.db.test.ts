import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { transaction } from '../server/database/transaction.ts';
import { limits, listen } from '../server/listen.ts';
import { layerFiles } from '../server/registry/registry.ts';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';
import { seededRandom } from './support/random.ts';
import { insertRows, randomRow } from './support/rows.ts';

const { connection } = await testDatabase();
const { db } = connection;
const layers = await layerFiles();
const layer = (id: string) => layers.find((each) => each.id === id)!;
const random = seededRandom(4);
const place = 'SRID=4326;POINT(113.7 -8.17)';
const [gauge] = await insertRows(db, layer('river_gauge'), [
  { ...randomRow(layer('river_gauge'), random, place), siaga1_cm: null, siaga2_cm: null, siaga3_cm: null },
]);
await insertRows(db, layer('umkm'), [
  { ...randomRow(layer('umkm'), random, place), code: '%%%', name: 'Toko (Baru) a\\b' },
  { ...randomRow(layer('umkm'), random, place), code: 'U-2', name: 'Kopi "Ijo"' },
]);
const { app, complaints } = await testApp(connection);

async function refused(address: string, status: number): Promise<void> {
  const response = await app.request(address);
  expect(response.status, address).toBe(status);
  expect(response.headers.get('Content-Type')).toContain('application/problem+json');
  expect(complaints).toEqual([]);
}

test.each([
  'from=0000-01-01T00:00:00Z&resolution=999999d',
  'from=0001-01-01T00:00:00%2B14:00',
  'from=9999-12-31T23:00:00Z&to=9999-12-31T23:59:59-14:00',
  'to=0000-06-01T00:00:00Z',
])('a time that no calendar has is no error of the server: %s', (query) =>
  refused(`/api/layers/river_gauge/${gauge}/series?${query}`, 400),
);

test('the first day there is has no day before it', async () => {
  const response = await app.request(`/api/layers/river_gauge/${gauge}/series?to=0001-01-01T12:00:00Z`);
  expect(response.status).toBe(200);
  expect(complaints).toEqual([]);
});

test('a host that is none is no error of the server', async () => {
  // Through a socket: both pass the adapter's check of a name's characters, and no URL can be made of them.
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  for (const host of ['999.999.999.999', '1.2.3.4.5.6.7.8'])
    for (const path of ['/ogc?f=html', '/ogc/collections/camera/items', '/tiles/camera.json']) {
      const request = get({ port, host: '127.0.0.1', path, headers: { Host: host }, agent: false });
      const [response] = (await once(request, 'response')) as [IncomingMessage]; // the event's one argument
      response.resume();
      expect(response.statusCode, host + path).toBe(400);
      expect(response.headers['content-type']).toContain('application/problem+json');
    }
  await new Promise((resolve) => server.close(resolve));
  expect(complaints).toEqual([]);
});

test('who is slow to say what they want is cut off, and who listens is not', async () => {
  const slow = { ...limits, headersMs: 300, requestMs: 600, checkedEveryMs: 50 };
  let server: ReturnType<typeof listen> | undefined;
  const port = await new Promise<number>((done) => {
    server = listen(app, { host: '127.0.0.1', port: 0, onListening: (address) => done(address.port) }, slow);
  });
  /** Sends the beginning, and then a byte now and then; what it is told until it is cut off. */
  const drip = async (beginning: string) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(beginning);
    const dripping = setInterval(() => socket.write('a'), 40);
    let told = '';
    socket.setEncoding('utf8').on('data', (text) => {
      told += text;
    });
    socket.on('error', () => {}); // the byte that comes too late
    await once(socket, 'close');
    clearInterval(dripping);
    return told;
  };
  const head = 'Host: localhost\r\nContent-Type: application/json\r\n';
  expect(await drip('GET /health/live HTTP/1.1\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
  for (const path of ['/api/auth/sign-in/email', '/api/ingest/observations', '/api/layers/camera/features'])
    await drip(`POST ${path} HTTP/1.1\r\n${head}Content-Length: 100000\r\n\r\n{"`);
  // The answer may take its time.
  const stream = await fetch(`http://127.0.0.1:${port}/events?layers=camera`);
  const reader = stream.body!.getReader();
  await reader.read();
  await wait(900);
  await sql`update river_gauge set name = name`.execute(db);
  await sql`insert into camera (name, geom) values ('Baru', st_setsrid(st_makepoint(113.7, -8.17), 4326))`.execute(db);
  expect(new TextDecoder().decode((await reader.read()).value)).toContain('event: change');
  await reader.cancel();
  expect(limits.headersMs).toBeLessThanOrEqual(15_000);
  expect(server?.maxConnections).toBe(limits.connections);
  await new Promise((resolve) => server?.close(resolve));
  expect(complaints).toEqual([]);
});

test('a body that is too large is refused wherever one is taken', async () => {
  const large = JSON.stringify({ input: { name: 'x'.repeat(2_100_000) } });
  for (const [method, path] of [
    ['POST', '/api/layers/camera/features'],
    ['POST', '/api/layers/camera/features/1/edit'],
    ['POST', '/api/layers/camera/actions/edit'],
    ['POST', '/api/audit/1/undo'],
    ['POST', '/api/pending/1/confirm'],
    ['POST', '/ogc/collections/camera/items'],
    ['PUT', '/ogc/collections/camera/items/1'],
    ['PATCH', '/ogc/collections/camera/items/1'],
  ] as const) {
    const response = await app.request(path, { method, body: large, headers: { 'Content-Type': 'application/json' } });
    expect([path, response.status]).toEqual([path, 413]);
  }
  expect(complaints).toEqual([]);
});

test('what a request says of itself makes no header of the answer', async () => {
  for (const name of ['x\u00e9', '<b>', 'a b', 'x'.repeat(101)]) {
    const response = await app.request('/api/layers/camera/features/1/edit', {
      method: 'POST',
      headers: { 'X-Request-Id': name, 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(response.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
  }
  for (const sign of ['%0d%0aSet-Cookie:%20x=1', '%0aX-Evil:%201', '%00'])
    for (const path of [
      `/ogc/collections/camera/items?sortby=${sign}`,
      `/ogc/collections/${sign}/items`,
      `/${sign}`,
      `/tiles/${sign}.json`,
    ]) {
      const response = await app.request(path);
      expect(response.headers.get('Set-Cookie'), path).toBeNull();
      expect(response.headers.get('X-Evil'), path).toBeNull();
      expect(response.status, path).toBeLessThan(500);
    }
  expect(complaints).toEqual([]);
});

test('a page may load and be framed by nothing but what it needs', async () => {
  const { headers } = await app.request('/api/layers');
  const policy = headers.get('Content-Security-Policy')!;
  const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]));
  expect(rules.get('default-src')).toBe("'self'");
  expect(rules.get('script-src')).toBe("'self'");
  expect(rules.get('object-src')).toBe("'none'");
  expect(rules.get('frame-ancestors')).toBe("'self'");
  expect(rules.get('form-action')).toBe("'self'");
  expect(rules.get('base-uri')).toBe("'self'");
  expect(policy.replace(/style-src[^;]*/, '')).not.toMatch(/unsafe|\*|https?:/);
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(headers.get('Referrer-Policy')).toBe('strict-origin-when-cross-origin');
  expect(headers.get('X-Frame-Options')).toBe('SAMEORIGIN');
});

test('signs are looked up as codes and next to words, never in every row', async () => {
  const names = async (text: string) => {
    const response = await app.request(`/api/search?q=${encodeURIComponent(text)}`);
    expect(response.status, text).toBe(200);
    return (await response.json()).results.map(({ name }: { name: string }) => name);
  };
  expect(await names('%%%')).toEqual(['Toko (Baru) a\\b']);
  for (const text of ['(ba', 'ru)', ') a', '"ij']) expect(await names(text), text).toHaveLength(1);
  for (const text of ['(', '!!!', '...', '\\\\\\', '。。。', '- -']) expect(await names(text), text).toEqual([]);
});

test('questions do not hold up who writes or follows the change log', async () => {
  const ended: string[] = [];
  const questions = Array.from({ length: 30 }, async () => {
    await sql`select pg_sleep(0.1)`.execute(db);
    ended.push('question');
  });
  await transaction(db, (trx) => sql`select 1`.execute(trx));
  ended.push('transaction');
  expect(ended.indexOf('transaction')).toBeLessThan(10);
  await Promise.all(questions);
  expect(ended).toHaveLength(31);
});
