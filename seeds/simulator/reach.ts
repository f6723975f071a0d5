import type { Request } from './door.ts';

/** Longer, and the server is as good as gone. */
const timeoutMs = 20_000;

/** Requests to a server at an address, over sockets; each throws after 20 seconds without an answer. */
export function reach(url: string): Request {
  return (path, init) => fetch(new URL(path, url), { ...init, signal: AbortSignal.timeout(timeoutMs) });
}
