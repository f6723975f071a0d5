import { Hono } from 'hono';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { compressedJson } from '../../tiles/compress.ts';
import { ownAnswer } from '../etag.ts';
import { bboxOf } from '../live/events_route.ts';
import type { Parts } from '../parts.ts';
import { numbered } from './numbered.ts';
import { seriesOf } from './series.ts';
import { bucketsOf, countThings, seriesOfLayer } from './series_of_layer.ts';
import { seriesQuery } from './series_query.ts';
import { viewerOf } from './viewer.ts';

/** Of one thing. */
const buckets = { good: 500, most: 5_000 };

/**
 * `GET /api/layers/{layer}/{id}/series?from&to&resolution`: a thing's observations over time, in buckets;
 * `GET /api/layers/{layer}/series?from&to&resolution&bbox`: how all things of a layer were. By default of the last day;
 * `resolution` is a length of time (`30s`, `5m`, `1h`, `1d`) or `auto`: the shortest that gives few enough.
 */
export function seriesRoutes({ registry, connection }: Parts): Hono {
  const routes = new Hono();
  routes.get('/layers/:layer/:id/series', describeRoute(ofOne), async (c) => {
    const view = registry.view(c.req.param('layer'), viewerOf(c));
    const id = numbered(c.req.param('id'));
    const query = seriesQuery((name) => c.req.query(name), buckets);
    c.header('Access-Control-Allow-Origin', '*');
    return c.json(await seriesOf(connection, view, id, query), 200, { 'Cache-Control': ownAnswer });
  });

  routes.get('/layers/:layer/series', describeRoute(ofAll), async (c) => {
    const view = registry.view(c.req.param('layer'), viewerOf(c));
    const bbox = bboxOf(c.req.query('bbox'));
    const ask = (name: string) => c.req.query(name);
    // How finely depends on how many they are; of what moves, on when it is asked for.
    const { from, to } = seriesQuery(ask, { good: 1, most: Number.POSITIVE_INFINITY });
    const query = seriesQuery(ask, bucketsOf(await countThings(connection, view, { from, to, bbox })));
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Cache-Control', 'no-store'); // new each time
    return compressedJson(c, await seriesOfLayer(connection, view, { ...query, from, to, bbox }));
  });
  return routes;
}

const time = { type: 'string', format: 'date-time' } as const;
const parameters = [
  { name: 'from', in: 'query', schema: time, description: 'in it; by default a day before `to`' },
  { name: 'to', in: 'query', schema: time, description: 'not in it; by default now' },
  {
    name: 'resolution',
    in: 'query',
    schema: { type: 'string', pattern: '^(auto|\\d{1,6}[smhd])$', default: 'auto' },
    example: '10m',
  },
] satisfies DescribeRouteOptions['parameters'];
const problem = {
  description: 'What was asked cannot be answered, and why',
  content: { 'application/problem+json': {} },
};

const ofOne: DescribeRouteOptions = {
  summary: 'A feature over time, in buckets',
  description:
    'Minimum, mean and maximum of quantities, the last of anything else, without suspect readings, which are counted.',
  parameters,
  responses: {
    200: { description: 'Columns, a value a bucket', content: { 'application/json': {} } },
    400: problem,
    404: problem,
  },
};

const ofAll: DescribeRouteOptions = {
  summary: 'How the features of a layer were, in columns',
  description:
    'Of each feature what was known at `from` and, no more often than the resolution, what was said since; null: not said then, so as before.',
  parameters: [
    ...parameters,
    { name: 'bbox', in: 'query', schema: { type: 'string' }, description: 'west,south,east,north in degrees' },
  ],
  responses: {
    200: {
      description: 'Columns: one value a feature, and of `observations` one a row',
      content: { 'application/json': {} },
    },
    400: problem,
    404: problem,
    413: problem,
  },
};
