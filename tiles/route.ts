import { type Context, Hono } from 'hono';
import { cors as allowOrigins } from 'hono/cors';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { originOf } from '../server/audit/origin.ts';
import { sensitiveReads } from '../server/audit/sensitive_reads.ts';
import { matchesEtag, ownAnswer } from '../server/etag.ts';
import type { Parts } from '../server/parts.ts';
import { filterLanguageOf, parseFilter } from '../server/registry/filter/filter.ts';
import { Problem } from '../server/registry/problem.ts';
import type { View } from '../server/registry/view.ts';
import { viewerOf } from '../server/registry/viewer.ts';
import { requestUrl } from '../server/request_url.ts';
import { chooseCoding } from './compress.ts';
import { maxZoom, type TileAddress } from './mercator.ts';
import { tileJson } from './tilejson.ts';

/** Most layers in one tile; a page asks for one, a wall for a few. */
export const maxLayers = 16;

/** `GET /tiles/{layers}/{z}/{x}/{y}` and `GET /tiles/{layers}.json`. */
export function tileRoutes({ registry, tiles, live, config, connection }: Parts): Hono {
  const routes = new Hono();
  const noteReads = sensitiveReads({ connection });

  const views = (c: Context, names: string): View[] => {
    const ids = [...new Set(names.split(','))];
    if (ids.length > maxLayers)
      throw new Problem('bad_request', `At most ${maxLayers} layers fit in one tile; ${ids.length} were asked for.`);
    const viewer = viewerOf(c);
    return ids.map((id) => registry.view(id, viewer));
  };

  // What asks with `If-None-Match` from another origin asks this first.
  routes.options('/*', preflight);

  routes.get('/:file', describeRoute(tileJsonDescription), async (c) => {
    const { origin, search } = requestUrl(c);
    const names = /^(.+)\.json$/.exec(c.req.param('file'))?.[1];
    if (names === undefined) throw new Problem('not_found', 'TileJSON is at /tiles/{layers}.json.');
    const chosen = views(c, names);
    const filter = filterOf(c, chosen);
    return c.json(await tileJson(live, chosen, origin, filter ? search : ''), 200, cors);
  });

  routes.get('/:layers/:z/:x/:y', describeRoute(tileDescription), async (c) => {
    const chosen = views(c, c.req.param('layers'));
    const address = tileAddress(c.req.param('z'), c.req.param('x'), c.req.param('y'));
    const filter = filterOf(c, chosen);
    // No tile carries what is sensitive, but which features are in one tells what a filter asked of it.
    if (filter) await noteReads(originOf(c, config), chosen[0]!, [], filter); // it speaks of one view
    const tile = await tiles.tile(chosen, address, filter, () => c.req.raw.signal);
    // One plain object and no header set later: the fast path of the Node adapter.
    const headers: Record<string, string> = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'ETag, Pendopo-Position',
      'Cache-Control': ownAnswer, // asking costs nothing: 304
      ETag: tile.etag,
      'Pendopo-Position': live.position,
      Vary: 'Accept-Encoding',
      'X-Content-Type-Options': 'nosniff',
    };
    if (matchesEtag(c.req.header('If-None-Match'), tile.etag)) return new Response(null, { status: 304, headers });
    if (tile.bytes.length === 0) return new Response(null, { status: 204, headers });
    const { bytes, coding } = tiles.body(tile, chooseCoding(c.req.header('Accept-Encoding')));
    if (coding) headers['Content-Encoding'] = coding;
    headers['Content-Type'] = 'application/vnd.mapbox-vector-tile';
    return new Response(bytes as Uint8Array<ArrayBuffer>, { status: 200, headers }); // never shared memory
  });
  return routes;
}

const filterParameters: NonNullable<DescribeRouteOptions['parameters']> = [
  {
    name: 'filter',
    in: 'query',
    schema: { type: 'string' },
    description: 'CQL2, for one layer',
    example: "status = 'ok'",
  },
  { name: 'filter-lang', in: 'query', schema: { type: 'string', enum: ['cql2-text', 'cql2-json'] } },
];
const tileJsonDescription: DescribeRouteOptions = {
  summary: 'TileJSON 3.0 of some layers: `{layers}.json`, comma-separated',
  description: 'A `filter` stands in the addresses of the tiles, too.',
  parameters: [
    ...filterParameters,
    { name: 'file', in: 'path', required: true, schema: { type: 'string' }, example: 'camera,siren.json' },
  ],
  responses: { 200: { description: 'TileJSON 3.0', content: { 'application/json': {} } } },
};
const tileDescription: DescribeRouteOptions = {
  summary: 'Some layers in one vector tile (MVT 2.1)',
  description: `Layers comma-separated, at most ${maxLayers}; zoom 0 to ${maxZoom}, columns from the west, rows from the north.`,
  parameters: filterParameters,
  responses: {
    200: { description: 'The tile', content: { 'application/vnd.mapbox-vector-tile': {} } },
    204: { description: 'Nothing is there' },
    304: { description: 'Not changed since the ETag sent' },
    400: { description: 'No such tile, or a filter that is not understood (RFC 9457)' },
    404: { description: 'No such layer (RFC 9457)' },
  },
};

const cors = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': ownAnswer };

/** Answers what a browser asks before it asks from another origin. */
const preflight = allowOrigins({
  origin: '*',
  allowMethods: ['GET', 'HEAD'],
  allowHeaders: ['If-None-Match'],
  maxAge: 86_400,
});

/** A tile address from its URL; throws `bad_request` for one that no tile has. */
function tileAddress(...texts: readonly [z: string, x: string, y: string]): TileAddress {
  // Digits only: `1e3`, `0x1`, ` 1` and `1.0` are numbers to JavaScript, and no address.
  const [z, x, y] = texts.map((text) => (/^\d{1,7}$/.test(text) ? Number(text) : Number.NaN)) as [
    number,
    number,
    number,
  ];
  if (!(z <= maxZoom)) throw new Problem('bad_request', `The zoom is a whole number from 0 to ${maxZoom}.`);
  const side = 2 ** z;
  if (!(x < side && y < side))
    throw new Problem(
      'bad_request',
      `At zoom ${z} the column and the row of a tile are whole numbers from 0 to ${side - 1}.`,
    );
  return { z, x, y };
}

const parameters = ['filter', 'filter-lang'];

/** The filter asked for. Throws `bad_request` for a parameter that is none: one misspelt would show everything. */
function filterOf(c: Context, views: readonly View[]) {
  if (!c.req.url.includes('?')) return undefined;
  const unknown = Object.keys(c.req.query()).find((name) => !parameters.includes(name));
  if (unknown !== undefined)
    throw new Problem(
      'bad_request',
      `There is no parameter '${unknown.slice(0, 60)}'. Known: ${parameters.join(', ')}.`,
    );
  const text = c.req.query('filter');
  if (text === undefined) return undefined;
  const language = filterLanguageOf(c.req.query('filter-lang'));
  const [view, ...others] = views;
  if (!view || others.length > 0)
    throw new Problem('bad_request', 'A filter speaks of one layer: ask for one layer a tile.');
  return parseFilter(view, text, language);
}
