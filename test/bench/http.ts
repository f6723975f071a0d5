import { type ChildProcess, fork, spawn } from 'node:child_process';
import { request } from 'node:http';
import type { TileAddress } from '../../tiles/mercator.ts';
import { freePort } from '../support/free_port.ts';
import { median } from './report.ts';

/** What devices must know of a server that a bench starts. */
export const ingestKey = 'kunci-uji-laju';

/** What the load process is told: fetch these paths over and over with so many connections. */
export interface Load {
  readonly port: number;
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
    const rounds = async (requests: Load['requests']) => {
      const ratios: number[] = [];
      let ours = 0;
      for (let round = 0; round < 3; round++) {
        ours = await load({ port: server.port, requests, connections: 32, seconds: 4 });
        ratios.push(ours / (await load({ port: raw.port, requests, connections: 32, seconds: 4 })));
      }
      return { ratio: median(ratios), ours };
    };
    const whole = await rounds(plain);
    const notModified = await rounds(conditional);
    raw.close();
    return { walk: whole.ratio, notModified: notModified.ratio, perSecond: whole.ours };
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

/** A process with nothing but `node:http` and the bytes. */
async function bare(answers: ReadonlyMap<string, { body: Buffer; headers: Record<string, string> }>) {
  const child = fork(new URL('bare_server.ts', import.meta.url), { serialization: 'advanced' });
  child.send([...answers]);
  const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(Number(message))));
  return { port, close: () => child.kill() };
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
