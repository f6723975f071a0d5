import type { Hono } from 'hono';
import { createApp } from '../../server/app.ts';
import type { Parts } from '../../server/parts.ts';
import type { Grant, Viewer } from '../../server/registry/viewer.ts';
import { setViewer } from '../../server/registry/viewer.ts';

/** Somebody with these roles who signed in as `name`. */
export function viewerNamed(name: string, ...grants: readonly Grant[]): Viewer {
  return { person: { id: `person-${name}`, name }, grants };
}

/** The front door as one viewer reaches it. */
export interface Door {
  readonly app: Hono;
  get(path: string): Promise<Response>;
  /** `POST` with a JSON body; `seen`: the version in `If-Match`. */
  post(path: string, body?: object, seen?: number | string): Promise<Response>;
  send(method: string, path: string, body: object | undefined, headers?: Record<string, string>): Promise<Response>;
}

/** The whole server for one viewer. */
export function doorOf(parts: Parts, viewer: Viewer): Door {
  const app = createApp(parts, async (c, next) => {
    setViewer(c, viewer);
    await next();
  });
  const send: Door['send'] = async (method, path, body, headers = {}) =>
    app.request(path, {
      method,
      headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    app,
    send,
    get: (path) => send('GET', path, undefined),
    post: (path, body = {}, seen) =>
      send('POST', path, body, seen === undefined ? {} : { 'If-Match': typeof seen === 'number' ? `"${seen}"` : seen }),
  };
}
