import { type ChildProcess, fork, spawn } from 'node:child_process';
import { request } from 'node:http';
import type { TileAddress } from '../../tiles/mercator.ts';
import { freePort } from '../support/free_port.ts';
import { median } from './report.ts';

/** What devices must know of a server that a bench starts. */
export const ingestKey = 'kunci-uji-laju';

/** What the load process is told: fetch these paths over and over with so many connections. */
export interface Load {
  readonly origin: string;
  readonly requests: readonly { readonly path: string; readonly headers: Readonly<Record<string, string>> }[];
  readonly connections: number;
  readonly seconds: number;
}

/** The walk over our server and over a bare `node:http` that answers with the same bytes, in turns. */
export async function compareHttp(databaseUrl: string, walk: readonly TileAddress[]) {
  const server = await startServer(databaseUrl);
  try {
    const paths = walk.map(({ z, x, y }) => `/tiles/umkm/${z}/${x}/${y}`);
    const answers = new Map<string, { body: Buffer; headers: Record<string, string> }>();
    for (const path of paths) {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
        headers: { 'accept-encoding': 'identity' },
      });
      const etag = response.headers.get('etag')!;
      await response.arrayBuffer();
      answers.set(path, { body: await rawBytes(server.port, path), headers: { etag } });
    }
    const raw = await bare(answers);
    const plain = paths.map((path) => ({ path, headers: { 'accept-encoding': 'gzip, deflate, br, zstd' } }));
    const conditional = paths.map((path) => ({ path, headers: { 'if-none-match': answers.get(path)!.headers.etag! } }));
    const origin = `http://127.0.0.1:${server.port}`;
    const rounds = async (requests: Load['requests'], other: Omit<Load, 'connections' | 'seconds'>) => {
      const ratios: number[] = [];
      let ours = 0;
      for (let round = 0; round < 3; round++) {
        ours = await load({ origin, requests, connections: 32, seconds: 4 });
        ratios.push(ours / (await load({ ...other, connections: 32, seconds: 4 })));
      }
      return { ratio: median(ratios), ours };
    };
    const whole = await rounds(plain, { origin: raw.origin, requests: plain });
    const notModified = await rounds(conditional, { origin: raw.origin, requests: conditional });
    raw.close();
    const peers: { name: string; ratio: number }[] = [];
    for (const { name, ...peer } of tilePeers(walk)) peers.push({ name, ratio: (await rounds(plain, peer)).ratio });
    return { walk: whole.ratio, notModified: notModified.ratio, perSecond: whole.ours, peers };
  } finally {
    server.child.kill('SIGTERM');
  }
}

/** Starts the real server in a process of its own on a free port; resolves when a tile can be had. `settings`: environment. */
export async function startServer(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ port: number; child: ChildProcess; readyMs: number }> {
  const port = await freePort();
  const start = performance.now();
  const child = spawn(process.execPath, ['server/main.ts'], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      HOST: '127.0.0.1',
      DEMO: '0',
      ROLE: 'operator',
      INGEST_KEY: ingestKey,
      LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (ready?.ok) return { port, child, readyMs: performance.now() - start };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The compressed body as it is on the wire: `fetch` would unpack it. */
function rawBytes(port: number, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers: { 'accept-encoding': 'zstd' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
    })
      .on('error', reject)
      .end();
  });
}

/**
 * Tile servers to measure against over the same database, `TILE_PEERS`: `name=http://host/table/{z}/{x}/{y}.pbf` with spaces
 * between them. They answer from where they get it: with their cache, if they have one.
 */
function tilePeers(walk: readonly TileAddress[]): (Omit<Load, 'connections' | 'seconds'> & { name: string })[] {
  const given = process.env.TILE_PEERS?.split(/\s+/).filter(Boolean) ?? [];
  return given.map((peer) => {
    const [name = '', template = ''] = peer.split(/=(.*)/s);
    const requests = walk.map(({ z, x, y }) => {
      const address = template.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
      const { pathname, search } = new URL(address);
      return { path: pathname + search, headers: { 'accept-encoding': 'gzip, deflate, br, zstd' } };
    });
    return { name, origin: new URL(template).origin, requests };
  });
}

/** A process with nothing but `node:http` and the bytes. */
async function bare(answers: ReadonlyMap<string, { body: Buffer; headers: Record<string, string> }>) {
  const child = fork(new URL('bare_server.ts', import.meta.url), { serialization: 'advanced' });
  child.send([...answers]);
  const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(Number(message))));
  return { origin: `http://127.0.0.1:${port}`, close: () => child.kill() };
}

/** Requests per second that a process of its own gets through. */
function load(what: Load): Promise<number> {
  const child = fork(new URL('load.ts', import.meta.url));
  child.send(what);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('exit', (code) => code && reject(new Error(`the load process ended with ${code}`)));
  });
}
