import { Hono } from 'hono';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { basemaps } from '../tiles/basemap_choice.ts';
import { compressedJson } from '../tiles/compress.ts';
import { described } from './described.ts';
import { contentEtag, matchesEtag, ownAnswer } from './etag.ts';
import { summaryOf } from './live/summaries.ts';
import type { Parts } from './parts.ts';
import { listedActions } from './registry/actions/listed.ts';
import { type Catalogue, catalogueLayer } from './registry/catalogue.ts';
import { groups } from './registry/group.ts';
import { positionHeader } from './registry/position_header.ts';
import { Problem } from './registry/problem.ts';
import { search } from './registry/search.ts';
import { viewerOf } from './registry/viewer.ts';

/** `/api`: the catalogue the page builds itself from, search, and the description of the whole interface. */
export function apiRoutes(parts: Parts): Hono {
  const { config, registry, live, connection } = parts;
  const routes = new Hono();

  routes.get(
    '/layers',
    described('The catalogue of layers', 'What the page builds itself from: region, viewer, groups, layers, basemaps.'),
    async (c) => {
      const viewer = viewerOf(c);
      const views = registry.views(viewer);
      const { position } = live;
      const catalogue: Omit<Catalogue, 'position'> = {
        title: config.REGION_NAME,
        viewer: { name: viewer.person?.name ?? null, grants: viewer.grants },
        bbox: config.REGION_BBOX,
        timeZone: config.TIMEZONE,
        groups,
        layers: await Promise.all(
          views.map(async (view) => catalogueLayer(view, await summaryOf(live, view), listedActions(view, viewer))),
        ),
        basemaps: basemaps(config),
      };
      const json = JSON.stringify(catalogue);
      // Of what is seen: the position counts hidden changes too, so it is told beside, also with a 304.
      const etag = contentEtag(json);
      c.header(positionHeader, position);
      c.header('Cache-Control', ownAnswer);
      c.header('ETag', etag);
      // Every page asks again and again.
      if (matchesEtag(c.req.header('If-None-Match'), etag)) {
        c.header('Vary', 'Accept-Encoding');
        return c.body(null, 304);
      }
      return compressedJson(c, `{"position":${JSON.stringify(position)},${json.slice(1)}`);
    },
  );

  routes.get('/search', describeRoute(searchDescription), async (c) => {
    const text = c.req.query('q') ?? '';
    const limit = Number(c.req.query('limit') ?? 20);
    if (text.length > 200) throw new Problem('bad_request', "'q' has at most 200 characters.");
    if (text.includes('\0')) throw new Problem('bad_request', "'q' holds a character that no text can have (U+0000).");
    if (!Number.isInteger(limit) || limit < 1 || limit > 100)
      throw new Problem('bad_request', "'limit' is a whole number from 1 to 100.");
    const asked = c.req.query('layers');
    const ids = asked?.split(',').filter((id) => id !== '');
    if (ids && ids.length > 100) throw new Problem('bad_request', "'layers' names at most 100 layers.");
    const viewer = viewerOf(c);
    const views = ids ? [...new Set(ids)].map((id) => registry.view(id, viewer)) : registry.views(viewer);
    return c.json({ results: await search(connection, views, text, limit) }, 200, { 'Cache-Control': ownAnswer });
  });
  return routes;
}

const searchDescription: DescribeRouteOptions = {
  summary: 'Things by name or code',
  parameters: [
    { name: 'q', in: 'query', required: true, schema: { type: 'string', maxLength: 200 }, example: 'Bedadung' },
    { name: 'layers', in: 'query', schema: { type: 'string' }, description: 'comma-separated; without it, all' },
    { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
  ],
  responses: { 200: { description: 'What was found, best first', content: { 'application/json': {} } } },
};
