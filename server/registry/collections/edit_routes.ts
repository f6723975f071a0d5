import { type Context, Hono } from 'hono';
import { originOf } from '../../audit/origin.ts';
import { isObject } from '../../ingest/import/row.ts';
import type { Parts } from '../../parts.ts';
import { requestUrl } from '../../request_url.ts';
import { act } from '../actions/act.ts';
import type { Done, Wish } from '../actions/acting.ts';
import { limitBody, readObject, seenVersion } from '../actions/body.ts';
import { type FieldError, invalid, writable } from '../actions/input.ts';
import { numbered } from '../numbered.ts';
import { Problem } from '../problem.ts';
import { queryables } from '../schema.ts';
import { viewerOf } from '../viewer.ts';
import { crs84 } from './crs.ts';

const features = ['application/geo+json', 'application/json'];
const patches = ['application/merge-patch+json', ...features];

/**
 * OGC API – Features, Part 4 (OGC 20-002): create, replace, update, delete, with optimistic locking by ETag. They are the
 * actions `create`, `edit` and `delete`, with all their checks; members of a feature that cannot be written are passed over,
 * so that what was read can be sent back.
 */
export function editRoutes(parts: Parts): Hono {
  const routes = new Hono();
  const items = '/collections/:id/items';
  /** What is wrong with a field stands in a feature elsewhere than in the body of an action. */
  const write = (c: Context, wish: Wish): Promise<Done> =>
    act(parts, originOf(c, parts.config), wish).catch((error: unknown) => {
      throw error instanceof Problem && error.code === 'invalid_input' ? inFeature(error) : error;
    });

  routes.post(items, limitBody, async (c) => {
    const done = await write(c, { ...(await featureWish(c, parts)), action: 'create' });
    const location = requestUrl(c);
    return c.body(null, 201, {
      ETag: `"${done.version}"`,
      Location: `${location.origin}${location.pathname}/${done.id}`,
    });
  });
  const edit = (whole: boolean) => async (c: Context) => {
    const wish = await featureWish(c, parts, whole ? features : patches);
    return noContent(c, await write(c, { ...wish, action: 'edit', whole, id: idOf(c), seen: seenVersion(c) }));
  };
  routes.put(`${items}/:feature`, limitBody, edit(true));
  routes.patch(`${items}/:feature`, limitBody, edit(false));
  routes.delete(`${items}/:feature`, async (c) => {
    const reason = c.req.query('reason')?.slice(0, 1000).replaceAll('\0', '') || 'OGC API – Features';
    const wish = { layer: c.req.param('id'), action: 'delete', id: idOf(c), seen: seenVersion(c), input: {}, reason };
    return noContent(c, await act(parts, originOf(c, parts.config), wish));
  });
  return routes;
}

/** The same problem with its pointers into a GeoJSON feature. */
function inFeature(problem: Problem): Problem {
  const { errors } = problem.members;
  if (!Array.isArray(errors)) return problem;
  const moved = (errors as readonly FieldError[]).map((error) => ({
    // made by `invalid`
    ...error,
    pointer: error.pointer.replace(/^#\/input\/geometry$/, '#/geometry').replace(/^#\/input/, '#/properties'),
  }));
  return invalid(moved);
}

const idOf = (c: Context) => numbered(c.req.param('feature'));

function noContent(c: Context, { version }: Done) {
  return c.body(null, 204, { ETag: `"${version}"` });
}

/** The GeoJSON feature of a body as the input of an action. */
async function featureWish(c: Context, { registry }: Parts, types = features): Promise<Pick<Wish, 'layer' | 'input'>> {
  const layer = c.req.param('id') ?? '';
  const view = registry.view(layer, viewerOf(c));
  const crs = c.req.header('Content-Crs');
  if (crs !== undefined && crs !== `<${crs84.uri}>`)
    throw new Problem('bad_request', `Features are sent in CRS84, longitude first: Content-Crs: <${crs84.uri}>.`);
  const { geometry, properties = {} } = await readObject(c, types);
  if (properties !== null && !isObject(properties))
    throw invalid([{ pointer: '#/properties', code: 'type', detail: 'must be an object' }]);
  const [known, writing] = [queryables(view), writable(view)];
  const said = Object.entries(properties ?? {}).filter(([key]) => writing.has(key) || !known.has(key));
  return { layer, input: { ...Object.fromEntries(said), ...(geometry !== undefined && { geometry }) } };
}
