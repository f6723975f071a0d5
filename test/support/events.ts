import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { afterAll } from 'vitest';

/** An event as it came over the wire. */
export interface Heard {
  readonly event: string;
  readonly id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it, it says itself
  readonly data: any;
}

/** A client of `GET /events` that can be paused like a page in a tunnel. */
export interface Listener {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly heard: Heard[];
  /** Everything that came, as text. */
  readonly text: () => string;
  /** The id of the last event that had one. */
  readonly lastId: () => string;
  /** Resolves when an event (heard already or to come) satisfies; rejects when the stream ends before. */
  readonly until: (wanted: (event: Heard) => boolean) => Promise<Heard>;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly ended: Promise<void>;
  /** Breaks the connection. */
  readonly close: () => void;
}

/** Serves an app on a free port of this machine until the test file ends. */
export async function serveApp(app: Hono): Promise<{ readonly url: string; readonly server: ServerType }> {
  const { server, port } = await new Promise<{ server: ServerType; port: number }>((resolve) => {
    const server: ServerType = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }: AddressInfo) =>
      resolve({ server, port }),
    );
  });
  afterAll(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, server };
}

/** Opens an event stream; resolves when its head is there. */
export async function listen(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Listener> {
  const asked = request(url, { headers, agent: false });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve).on('error', reject).end();
  });
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const ended = Promise.withResolvers<void>();
  let isOver = false;
  let text = '';
  let rest = '';
  const over = () => {
    isOver = true;
    for (const look of waiting) look();
    ended.resolve();
  };
  response.setEncoding('utf8');
  response.on('data', (part: string) => {
    text += part;
    const blocks = (rest + part).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      if (!fields.has('data')) continue;
      heard.push({
        event: fields.get('event') ?? 'message',
        id: fields.get('id'),
        data: JSON.parse(fields.get('data')!),
      });
    }
    for (const look of waiting) look();
  });
  response.on('close', over).on('error', over);
  return {
    status: response.statusCode!,
    headers: response.headers,
    heard,
    text: () => text,
    lastId: () => heard.findLast(({ id }) => id !== undefined)?.id ?? '',
    until(wanted) {
      return new Promise((resolve, reject) => {
        let from = 0;
        const look = () => {
          for (; from < heard.length; from++)
            if (wanted(heard[from]!)) {
              waiting.delete(look);
              resolve(heard[from]!);
              return;
            }
          if (!isOver) return;
          waiting.delete(look);
          reject(new Error(`the stream ended after ${heard.length} events`));
        };
        waiting.add(look);
        look();
      });
    },
    pause: () => response.pause(),
    resume: () => response.resume(),
    ended: ended.promise,
    close: () => asked.destroy(),
  };
}

/** A layer as a page knows it: each feature's place and properties by id, from its state and the events since. */
export class Picture {
  readonly features = new Map<number, { readonly place: unknown; readonly properties: object }>();
  /** `epoch:seq` that it is true at. */
  position = '';
  seq = 0;

  /** Takes the state of a layer over from `GET /api/layers/{layer}/state`. */
  async load(url: string): Promise<this> {
    const state = await (await fetch(url)).json();
    this.features.clear();
    this.position = state.position;
    this.seq = Number(state.position.split(':')[1]);
    for (const [i, id] of state.id.entries()) {
      const place = state.bbox ? state.bbox[i] : state.lon[i] === null ? null : [state.lon[i], state.lat[i]];
      const properties = Object.entries<unknown[]>(state.properties).map(([key, values]) => [key, values[i]] as const);
      this.features.set(id, {
        place,
        properties: Object.fromEntries(properties.filter(([, value]) => value !== null)),
      });
    }
    return this;
  }

  /** Applies what a stream said of a layer after the picture's position. */
  apply(layer: string, events: readonly Heard[]): void {
    for (const { event, id, data } of events) {
      if (id !== undefined && Number(id.split(':')[1]) <= this.seq) continue;
      if (event !== 'change') continue;
      for (const { layer: of, op, id, at, bbox, properties } of data.features) {
        if (of !== layer) continue;
        if (op === 'insert' || op === 'update') this.features.set(id, { place: bbox ?? at ?? null, properties });
        else this.features.delete(id);
      }
    }
  }

  copy(): Picture {
    const copy = new Picture();
    copy.seq = this.seq;
    for (const [id, feature] of this.features) copy.features.set(id, feature);
    return copy;
  }

  sorted(): unknown[] {
    return [...this.features].toSorted(([a], [b]) => a - b);
  }
}
