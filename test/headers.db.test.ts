import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { testApp } from './support/app.ts';
import { testDatabase } from './support/database.ts';

const { connection } = await testDatabase();
const { app, follower } = await testApp(connection, { BASEMAP_URL: 'https://tile.openstreetmap.org/{z}/{x}/{y}.png' });

test('the page names its origin to a tile server, is framed by nobody else, and loads from there alone', async () => {
  const { headers } = await app.request('/');
  expect(headers.get('Referrer-Policy')).toBe('strict-origin-when-cross-origin');
  expect(headers.get('X-Frame-Options')).toBe('SAMEORIGIN');
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  const policy = new Map(
    headers
      .get('Content-Security-Policy')
      ?.split('; ')
      .map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
  );
  expect(Object.fromEntries(policy)).toMatchObject({
    'default-src': ["'self'"],
    'script-src': ["'self'"],
    'img-src': ["'self'", 'data:', 'blob:', 'https://tile.openstreetmap.org'],
    'connect-src': ["'self'", 'https://tile.openstreetmap.org'],
    'object-src': ["'none'"],
    'base-uri': ["'self'"],
    'frame-ancestors': ["'self'"],
    'form-action': ["'self'"],
  });
});

describe('what depends on who asks', () => {
  test.each([
    '/api/layers',
    '/api/search?q=a',
    '/ogc/collections',
    '/ogc/collections/camera/items',
    '/ogc/api?f=json',
    '/tiles/camera.json',
    '/tiles/camera/0/0/0',
    '/api/layers/camera/state',
  ])('%s is kept by no cache that others share', async (path) => {
    const { headers, status } = await app.request(path);
    expect(status).toBeLessThan(300);
    expect(headers.get('Cache-Control')).toBe('private, no-cache');
  });

  test.each(['/api/layers', '/ogc/collections', '/ogc/api?f=json', '/ogc/collections/camera/schema'])(
    '%s is compressed as the client can',
    async (path) => {
      const plain = await app.request(path);
      const gzip = await app.request(path, { headers: { 'Accept-Encoding': 'gzip' } });
      expect(plain.headers.get('Content-Encoding')).toBeNull();
      expect(gzip.headers.get('Content-Encoding')).toBe('gzip');
      for (const { headers } of [plain, gzip]) expect(headers.get('Vary')).toContain('Accept-Encoding');
      expect(gzip.headers.get('Content-Type')).toBe(plain.headers.get('Content-Type'));
      const unpacked = new Response(gzip.body?.pipeThrough(new DecompressionStream('gzip')));
      expect(await unpacked.text()).toBe(await plain.text());
    },
  );

  test('a catalogue that is still true is a 304, of another viewer or after a change it is not', async () => {
    const first = await app.request('/api/layers');
    const etag = first.headers.get('ETag') ?? '';
    const again = await app.request('/api/layers', { headers: { 'If-None-Match': etag } });
    expect([again.status, await again.text(), again.headers.get('ETag')]).toEqual([304, '', etag]);
    expect(again.headers.get('Cache-Control')).toBe('private, no-cache');
    const { app: other } = await testApp(connection, { ROLE: 'public' });
    expect((await other.request('/api/layers', { headers: { 'If-None-Match': etag } })).status).toBe(200);
    await sql`insert into camera (name, geom) values ('Alun-alun', st_point(113.7, -8.17, 4326))`.execute(
      connection.db,
    );
    await follower.catchUp();
    expect((await app.request('/api/layers', { headers: { 'If-None-Match': etag } })).status).toBe(200);
  });
});
