import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { parsePosition } from '../database/change_log.ts';
import { described } from '../described.ts';
import type { Parts } from '../parts.ts';
import type { Bbox } from '../registry/catalogue.ts';
import { Problem } from '../registry/problem.ts';
import { viewerOf } from '../registry/viewer.ts';
import { networkOf, remoteAddress } from '../remote_address.ts';
import type { Holder } from './stream_limit.ts';

const maxLayers = 100;

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform', // a proxy that compresses would hold events back
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
  'Access-Control-Allow-Origin': '*',
};

/**
 * `GET /events?layers=a,b&bbox=w,s,e,n&everywhere=a`: what changes, as server-sent events. `Last-Event-ID` (or `?last_event_id=`)
 * resumes. Events: `ready`, `change`, `resync`, `ping`; see `docs/events.md`.
 */
export function eventsRoutes({ registry, hub, config }: Parts): Hono {
  const routes = new Hono();
  const describing = described(
    'What changes, as server-sent events',
    '`ready`, `change`, `resync`, `ping`: docs/events.md.',
    {
      query: {
        layers: 'comma-separated; without it, all',
        bbox: 'west,south,east,north in degrees; without it, everywhere',
        everywhere: 'layers, comma-separated, that are listened to outside the bbox too',
        last_event_id: 'where to go on, as the header Last-Event-ID: epoch:number',
      },
      type: 'text/event-stream',
    },
  );
  routes.get('/', describing, async (c) => {
    const { outgoing } = c.env as { outgoing: ServerResponse }; // node-server's
    const ids = c.req.query('layers')?.split(',');
    if (ids && ids.length > maxLayers) throw new Problem('bad_request', `'layers' names at most ${maxLayers} layers.`);
    const viewer = viewerOf(c);
    const views = ids ? [...new Set(ids)].map((id) => registry.view(id, viewer)) : registry.views(viewer);
    const bbox = bboxOf(c.req.query('bbox'));
    const everywhere = new Set(c.req.query('everywhere')?.split(','));
    for (const id of everywhere)
      if (!views.some(({ layer }) => layer.id === id))
        throw new Problem('bad_request', "'everywhere' names some of the layers that are listened to.");
    const after = positionOf(c);
    const { person } = viewer;
    const holder: Holder = person
      ? { kind: 'account', id: person.id }
      : { kind: 'address', id: networkOf(remoteAddress(c, config) ?? '') };
    // A page's event source is not told why it was refused; it asks so.
    if (c.req.method === 'HEAD') {
      hub.admits(holder);
      return c.body(null, 200, headers);
    }
    await hub.open({ views, bbox, everywhere, after, holder }, outgoing, () => outgoing.writeHead(200, headers));
    return RESPONSE_ALREADY_SENT;
  });
  return routes;
}

/** A `bbox` parameter: `west,south,east,north` in degrees; west > east crosses the 180th meridian. Throws `bad_request`. */
export function bboxOf(text: string | undefined): Bbox | undefined {
  if (text === undefined) return undefined;
  const parts = text.split(',');
  const numbers = parts.map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [west = 0, south = 0, east = 0, north = 0] = numbers;
  const isSound = numbers.length === 4 && numbers.every(Number.isFinite) && south <= north;
  if (!isSound || Math.max(Math.abs(west), Math.abs(east)) > 180 || Math.max(Math.abs(south), Math.abs(north)) > 90)
    throw new Problem('bad_request', "'bbox' is four numbers: west, south, east, north in degrees.");
  return [west, south, east, north];
}

/** Where a client left off. The header is the browser's and newer than what stands in the address. */
function positionOf(c: Context) {
  const text = c.req.header('Last-Event-ID') || c.req.query('last_event_id');
  if (!text) return undefined;
  const position = parsePosition(text);
  if (!position) throw new Problem('bad_request', 'The last event id is a position of the change log: epoch:number.');
  return position;
}
