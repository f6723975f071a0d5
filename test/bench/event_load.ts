import { connect, type Socket } from 'node:net';

/** What the load process is asked: a message each, answered by one. */
export type LoadRequest =
  /** Opens so many streams; answers when each has its first event. */
  | {
      readonly kind: 'open';
      readonly port: number;
      readonly path: string;
      readonly clients: number;
      readonly parse: boolean;
    }
  /** Ends all but the first so many. */
  | { readonly kind: 'keep'; readonly clients: number }
  /** Stops to read from so many of them. */
  | { readonly kind: 'pause'; readonly clients: number }
  /** Counts from now. */
  | { readonly kind: 'reset' }
  /** Answers what was counted. */
  | { readonly kind: 'report' }
  /** Milliseconds from the moments given (by number of the batch) to when each client heard of them. */
  | { readonly kind: 'delays'; readonly commits: readonly (readonly [batch: number, at: number])[] };

export interface LoadReport {
  readonly events: number;
  readonly bytes: number;
  readonly resyncs: number;
  readonly open: number;
  /** Events that the slowest of the clients that read heard. */
  readonly fewest: number;
}

/** Many listeners in a process of their own, so cheap that the server is what is measured: raw sockets, counted bytes. */
interface Client {
  readonly socket: Socket;
  events: number;
  paused: boolean;
  rest: string;
}

const clients: Client[] = [];
const heard: { batch: number; at: number }[] = [];
let bytes = 0;
let resyncs = 0;
const feature = Buffer.from('"op":');
const resync = Buffer.from('event: resync');

function count(data: Buffer, pattern: Buffer): number {
  let found = 0;
  for (let at = data.indexOf(pattern); at >= 0; at = data.indexOf(pattern, at + pattern.length)) found++;
  return found;
}

/** Milliseconds since 1970, finer than `Date.now()`. */
const now = () => performance.timeOrigin + performance.now();

function open(port: number, path: string, parse: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n`);
    });
    const client: Client = { socket, events: 0, paused: false, rest: '' };
    clients.push(client);
    socket.on('error', reject);
    socket.once('data', () => resolve());
    socket.on('data', (data) => {
      bytes += data.length;
      client.events += count(data, feature);
      resyncs += count(data, resync);
      if (!parse) return;
      const at = now();
      const blocks = (client.rest + data.toString('latin1')).split('\n\n');
      client.rest = blocks.pop()!;
      for (const block of blocks)
        for (const [, batch] of block.matchAll(/"pole":"b(\d+)/g)) heard.push({ batch: Number(batch), at });
    });
  });
}

function delays(commits: readonly (readonly [number, number])[]) {
  const at = new Map(commits);
  const sorted = Float64Array.from(
    heard.filter(({ batch }) => at.has(batch)).map((each) => each.at - at.get(each.batch)!),
  ).sort();
  const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
  return { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), heard: sorted.length };
}

async function answer(message: LoadRequest): Promise<unknown> {
  switch (message.kind) {
    case 'open':
      for (let i = 0; i < message.clients; i += 50)
        await Promise.all(
          Array.from({ length: Math.min(50, message.clients - i) }, () =>
            open(message.port, message.path, message.parse),
          ),
        );
      return null;
    case 'keep':
      for (const { socket } of clients.splice(message.clients)) socket.destroy();
      return null;
    case 'pause':
      for (const client of clients.slice(0, message.clients)) {
        client.paused = true;
        client.socket.pause();
      }
      return null;
    case 'reset':
      bytes = resyncs = 0;
      heard.length = 0;
      for (const client of clients) client.events = 0;
      return null;
    case 'report': {
      const reading = clients.filter(({ paused }) => !paused);
      return {
        events: reading.reduce((sum, { events }) => sum + events, 0),
        bytes,
        resyncs,
        open: reading.filter(({ socket }) => !socket.destroyed).length,
        fewest: Math.min(...reading.map(({ events }) => events)),
      } satisfies LoadReport;
    }
    case 'delays':
      return delays(message.commits);
  }
}

process.on('message', async (message) => {
  process.send!(await answer(message as LoadRequest)); // sent by live.ts
});
