import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { answerClientError } from './client_error.ts';

/** How long somebody may take to say what they want, and how many may be there at once. */
interface Limits {
  /** From the first byte to the end of the headers. */
  readonly headersMs: number;
  /** To the end of the body: 150 MB over a line of 10 Mbit/s. Answers, and so event streams, may take as long as they like. */
  readonly requestMs: number;
  readonly checkedEveryMs: number;
  /** Connections beyond are closed at once; each open one costs some kilobytes and a file handle. */
  readonly connections: number;
}

export const limits: Limits = { headersMs: 15_000, requestMs: 120_000, checkedEveryMs: 5_000, connections: 10_000 };

interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly onListening: (address: AddressInfo) => void;
}

/** The front door on a port. Who is slower than the limits is answered 408 and cut off. */
export function listen(
  app: Pick<Hono, 'fetch'>,
  { host, port, onListening }: ListenOptions,
  { headersMs, requestMs, checkedEveryMs, connections }: Limits = limits,
): ServerType {
  const serverOptions = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkedEveryMs,
  };
  const server = serve({ fetch: app.fetch, hostname: host, port, serverOptions }, onListening);
  server.maxConnections = connections;
  server.on('clientError', answerClientError);
  return server;
}
