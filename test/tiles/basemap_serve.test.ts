import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { PMTiles } from 'pmtiles';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { config } from '../../server/config.ts';
import { answerProblem } from '../../server/problems.ts';
import { writeArchive } from '../../tiles/archive_writer.ts';
import { basemaps, inspectBasemaps } from '../../tiles/basemap_choice.ts';
import { basemapRoutes } from '../../tiles/basemap_route.ts';

let folder: string;
let bytes: Buffer;
let path: string;
const complaints: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void complaints.push(JSON.parse(line).msg) });

/** As many tiles, each of its own length, as make leaf directories; longer together than what is answered from memory. */
function* noise() {
  let seed = 1;
  const next = () => {
    seed = (seed * 48271) % 2147483647;
    return seed & 255;
  };
  for (let x = 0; x < 128; x++)
    for (let y = 0; y < 128; y++) yield [{ z: 7, x, y }, Uint8Array.from({ length: 30 + next() }, next)] as const;
}
const described = {
  bounds: [113, -9, 114, -8] as const,
  center: [113.7, -8.17, 7] as const,
  metadata: { vector_layers: [], attribution: '<a href="https://example.org">© Dinas Kominfo</a>' },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pendopo-archive-'));
  path = join(folder, 'own.pmtiles');
  bytes = Buffer.from(writeArchive(noise(), described));
  await writeFile(path, bytes);
});
afterAll(() => rm(folder, { recursive: true }));

function app(BASEMAP_URL: string) {
  const settings = config({ BASEMAP_URL, DATA_DIR: folder });
  const routes = new Hono();
  routes.onError(answerProblem(log, async () => {}));
  return { settings, routes: routes.route('/basemap', basemapRoutes({ config: settings, log })) };
}
const ask = (headers: Record<string, string>, method = 'GET') =>
  app(path).routes.request('/basemap/configured.pmtiles', { method, headers });

describe('an archive by range', () => {
  test.each([
    ['bytes=0-126', 0, 127],
    ['bytes=100-100', 100, 101],
    ['bytes=0-0', 0, 1],
    ['Bytes = 5-9', 5, 10],
    ['bytes=-7', -7, undefined],
    ['bytes=-99999999', 0, undefined],
    ['bytes=1000-', 1000, undefined],
    ['bytes=1000-99999999', 1000, undefined],
  ])('%s', async (range, from, to) => {
    const answer = await ask({ Range: range });
    const wanted = bytes.subarray(from, to);
    const first = from < 0 ? bytes.length + from : from;
    expect(answer.status).toBe(206);
    expect(answer.headers.get('Content-Range')).toBe(`bytes ${first}-${first + wanted.length - 1}/${bytes.length}`);
    expect(answer.headers.get('Content-Length')).toBe(String(wanted.length));
    expect(Buffer.from(await answer.arrayBuffer()).equals(wanted)).toBe(true);
  });

  test.each(['bytes=3-1', 'bytes=a-b', 'bytes=-', 'lines=0-1', 'bytes=0-1,5-6'])(
    '%s is not understood: the whole',
    async (range) => {
      const answer = await ask({ Range: range });
      expect(answer.status).toBe(200);
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    },
  );

  test.each(['bytes=99999999-', 'bytes=-0'])('%s: none of its bytes', async (range) => {
    const answer = await ask({ Range: range });
    expect(answer.status).toBe(416);
    expect(answer.headers.get('Content-Range')).toBe(`bytes */${bytes.length}`);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 416 });
  });

  test('its tag is strong, answers 304, and guards a range against another file', async () => {
    const etag = (await ask({}, 'HEAD')).headers.get('ETag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    const status = async (headers: Record<string, string>) => (await ask(headers, 'HEAD')).status;
    expect(await status({ 'If-None-Match': etag, Range: 'bytes=0-1' })).toBe(304);
    expect(await status({ 'If-None-Match': '"other"' })).toBe(200);
    expect(await status({ 'If-Range': etag, Range: 'bytes=0-1' })).toBe(206);
    expect(await status({ 'If-Range': '"other"', Range: 'bytes=0-1' })).toBe(200);
    await utimes(path, 1, 1);
    expect((await ask({}, 'HEAD')).headers.get('ETag')).toBe(etag);
    const changed = Buffer.from(bytes);
    changed[changed.length - 1]! ^= 1;
    await writeFile(path, changed);
    expect((await ask({}, 'HEAD')).headers.get('ETag')).not.toBe(etag);
    await writeFile(path, bytes);
  });

  test('is readable from other origins, and never compressed', async () => {
    const answer = await ask({
      'Accept-Encoding': 'zstd, br, gzip',
      Origin: 'https://example.org',
      Range: 'bytes=0-9',
    });
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(answer.headers.get('Access-Control-Expose-Headers')).toContain('Content-Range');
    expect(answer.headers.get('Content-Encoding')).toBeNull();
    expect(answer.headers.get('Accept-Ranges')).toBe('bytes');
    const preflight = await ask(
      { Origin: 'https://example.org', 'Access-Control-Request-Headers': 'range' },
      'OPTIONS',
    );
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toMatch(/range/i);
  });

  test('an archive that is not there is 404', async () => {
    const { routes } = app('');
    for (const name of ['local', 'configured', 'other', '..%2fpackage']) {
      const answer = await routes.request(`/basemap/${name}.pmtiles`);
      expect(answer.status).toBe(404);
    }
  });

  test('over a socket the reader of the page finds every tile, and HEAD says the length', async () => {
    const server = serve({ fetch: app(path).routes.fetch, port: 0, hostname: 'localhost' }) as Server;
    await new Promise((listening) => server.once('listening', listening));
    try {
      const url = `http://localhost:${(server.address() as AddressInfo).port}/basemap/configured.pmtiles`;
      const head = await fetch(url, { method: 'HEAD' });
      expect([head.status, head.headers.get('Content-Length')]).toEqual([200, String(bytes.length)]);
      const archive = new PMTiles(url);
      expect(await archive.getHeader()).toMatchObject({ numAddressedTiles: 16384, numTileContents: 16384 });
      expect((await archive.getHeader()).leafDirectoryLength).toBeGreaterThan(0);
      const tiles = new Map([...noise()].map(([{ x, y }, tile]) => [`${x}/${y}`, tile]));
      for (const at of ['0/0', '127/127', '64/63', '17/101', '101/17']) {
        const [x, y] = at.split('/').map(Number) as [number, number];
        expect(new Uint8Array((await archive.getZxy(7, x, y))!.data)).toEqual(tiles.get(at));
      }
      expect(await archive.getZxy(6, 0, 0)).toBeUndefined();
    } finally {
      server.close();
    }
  });
});

describe('the choice of backgrounds', () => {
  const choice = (settings: Record<string, string>) => basemaps(config(settings));

  test('without settings: the built-in one, then none', () => {
    expect(choice({}).map(({ id }) => id)).toEqual(['builtin', 'none']);
  });

  test('an XYZ template; OpenStreetMap is named as its authors ask', () => {
    const url = 'https://tile.openstreetmap.org/{z}/{x}/{y}.png';
    expect(choice({ BASEMAP_URL: url })[0]).toMatchObject({
      kind: 'xyz',
      url,
      attribution: '© OpenStreetMap contributors',
    });
    expect(choice({ BASEMAP_URL: url, BASEMAP_ATTRIBUTION: 'Kami' })[0]?.attribution).toBe('Kami');
    expect(choice({ BASEMAP_URL: 'https://openstreetmap.org.example/{z}/{x}/{y}.png' })[0]?.attribution).toBe('');
  });

  test('a file: its kind and its attribution, as text, are its own', () => {
    expect(choice({ BASEMAP_URL: path })[0]).toMatchObject({
      kind: 'pmtiles-vector',
      url: '/basemap/configured.pmtiles',
      attribution: '© Dinas Kominfo',
    });
  });

  test.each([
    ['https://example.org/{z}/{x}.png', 'is no template'],
    ['https://{s}.example.org/{z}/{x}/{y}.png', 'placeholder in its host'],
    ['/nowhere/at/all.pmtiles', 'cannot be opened (ENOENT)'],
    [import.meta.filename, 'is not a PMTiles archive'],
    [import.meta.dirname, 'cannot be read'],
  ])('%s is left out with a warning', async (url, fault) => {
    const settings = config({ BASEMAP_URL: url });
    complaints.length = 0;
    await inspectBasemaps(settings, log);
    expect(basemaps(settings).map(({ id }) => id)).toEqual(['builtin', 'none']);
    expect(complaints).toEqual([expect.stringContaining(fault)]);
  });

  describe('on another host', () => {
    let server: Server;
    let origin: string;
    beforeAll(async () => {
      const png = Buffer.from(bytes);
      png[99] = 2; // tile type
      const answers: Record<string, Buffer> = {
        '/raster.pmtiles': png,
        '/page.pmtiles': Buffer.from('<html>'.repeat(40)),
      };
      server = createServer((request, response) => {
        const body = answers[request.url ?? ''];
        if (request.url === '/whole.pmtiles') response.writeHead(200).end(bytes);
        else if (!body) response.writeHead(404).end();
        else response.writeHead(206).end(body.subarray(0, 127));
      });
      await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
      origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => server.close());

    test.each([
      ['/raster.pmtiles', ['configured', 'builtin', 'none'], undefined],
      ['/page.pmtiles', ['builtin', 'none'], 'is not a PMTiles archive'],
      ['/whole.pmtiles', ['builtin', 'none'], 'without byte ranges'],
      ['/missing.pmtiles', ['builtin', 'none'], 'answers with 404'],
    ])('%s', async (name, ids, fault) => {
      const settings = config({ BASEMAP_URL: origin + name });
      complaints.length = 0;
      await inspectBasemaps(settings, log);
      expect(basemaps(settings).map(({ id }) => id)).toEqual(ids);
      expect(complaints).toEqual(fault ? [expect.stringContaining(fault)] : []);
      if (!fault) expect(basemaps(settings)[0]).toMatchObject({ kind: 'pmtiles-raster', url: origin + name });
    });

    test('a silent host is kept, with a warning: the page may reach what the server cannot', async () => {
      const settings = config({ BASEMAP_URL: 'http://localhost:1/x.pmtiles' });
      complaints.length = 0;
      await inspectBasemaps(settings, log);
      expect(basemaps(settings)[0]).toMatchObject({ id: 'configured', kind: 'pmtiles-vector' });
      expect(complaints).toEqual([expect.stringContaining('cannot be reached from here')]);
    });
  });
});

test('the same tiles give the same bytes', async () => {
  expect(Buffer.from(writeArchive(noise(), described)).equals(bytes)).toBe(true);
  expect(await readFile(path)).toEqual(bytes);
});
