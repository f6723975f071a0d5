import { type Context, Hono } from 'hono';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { denials } from '../../audit/denials.ts';
import { originOf } from '../../audit/origin.ts';
import { described } from '../../described.ts';
import type { Parts } from '../../parts.ts';
import { numbered } from '../numbered.ts';
import { Problem } from '../problem.ts';
import { viewerOf } from '../viewer.ts';
import { act } from './act.ts';
import type { Done } from './acting.ts';
import { limitBody, mostFeatures, readMany, readTry, readWish, seenVersion } from './body.ts';
import { actOnMany } from './bulk.ts';
import { decide } from './decide.ts';
import { history } from './history.ts';
import { pendingFor } from './pending_for.ts';
import { possible } from './possible.ts';
import { restorable } from './restorable.ts';
import { undo } from './undo.ts';

const fresh = { 'Cache-Control': 'no-store' };

/**
 * `/api`: what people do with features. `POST layers/{layer}/features` adds one, `POST layers/{layer}/features/{id}/{action}`
 * does something with one, `POST audit/{id}/undo` takes it back.
 */
export function actionRoutes(parts: Parts): Hono {
  const routes = new Hono();
  const noteDenial = denials(parts);

  routes.post(
    '/layers/:layer/features',
    describeRoute(describe('Adds a feature', doing, { status: 201 })),
    limitBody,
    async (c) => {
      const origin = originOf(c, parts.config);
      const done = await act(parts, origin, { ...(await readWish(c)), layer: c.req.param('layer'), action: 'create' });
      c.header('Location', `/ogc/collections/${done.layer}/items/${done.id}`);
      return answer(c, done, 201);
    },
  );

  const one = describeRoute(describe('Does something with a feature', { ...doing, ...trying }, { versioned: true }));
  routes.post('/layers/:layer/features/:id/:action', one, limitBody, async (c) => {
    const { layer, action } = c.req.param();
    if (action === 'create') throw new Problem('not_found', 'A feature that is there cannot be created.');
    const origin = originOf(c, parts.config);
    const { preview, wish } = await readTry(c);
    const done = await act(parts, origin, { ...wish, layer, action, id: idOf(c), seen: seenVersion(c) }, { preview });
    return answer(c, done, done.pending ? 202 : 200);
  });

  const finding = described(
    'What was deleted and the viewer may restore',
    'Features, the last first, each with the day until which it can be brought back.',
  );
  routes.get('/layers/:layer/deleted', finding, async (c) =>
    c.json(await restorable(parts, viewerOf(c), c.req.param('layer')), 200, fresh),
  );

  const bulk = describeRoute(describe('Does something with many features, each on its own', { ...doing, ...many }));
  routes.post('/layers/:layer/actions/:action', bulk, limitBody, async (c) => {
    const { layer, action } = c.req.param();
    const origin = originOf(c, parts.config);
    const done = await actOnMany(parts, origin, { ...(await readMany(c)), layer, action });
    if (done.results.some(({ problem }) => problem?.status === 403)) await noteDenial(c);
    return c.json(done, 200, fresh);
  });

  const waiting = described(
    'Acts that wait for a second person, of those the viewer asked for or may confirm',
    'Each with what it would change, who asked, and until when it waits.',
  );
  routes.get('/pending', waiting, async (c) => c.json(await pendingFor(parts, viewerOf(c)), 200, fresh));
  for (const decision of ['confirm', 'reject'] as const)
    routes.post(
      `/pending/:id/${decision}`,
      describeRoute(describe(decision === 'confirm' ? 'Confirms, as the second person' : 'Rejects, or withdraws', why)),
      limitBody,
      async (c) => {
        const origin = originOf(c, parts.config);
        const { reason } = await readWish(c);
        return answer(c, await decide(parts, origin, idOf(c), decision, reason));
      },
    );

  const asking = described(
    'What the viewer may do with a feature as it is now',
    'The names of the actions, whose input stands in /api/layers; the version to name in `If-Match`; whether its history may be read.',
  );
  routes.get('/layers/:layer/features/:id/actions', asking, async (c) =>
    c.json(await possible(parts, viewerOf(c), c.req.param('layer'), idOf(c)), 200, fresh),
  );

  const telling = described(
    'Who changed what of a feature, and when',
    'Entries of the trail, as far as the viewer sees them.',
  );
  routes.get('/layers/:layer/features/:id/history', telling, async (c) =>
    c.json(await history(parts, originOf(c, parts.config), c.req.param('layer'), idOf(c)), 200, fresh),
  );

  routes.post('/audit/:id/undo', describeRoute(describe('Takes an act back', why)), limitBody, async (c) => {
    const origin = originOf(c, parts.config);
    const { reason } = await readWish(c);
    return answer(c, await undo(parts, origin, idOf(c), reason));
  });
  return routes;
}

const idOf = (c: Context) => numbered(c.req.param('id'));

function answer(c: Context, done: Done, status: 200 | 201 | 202 = 200) {
  return c.json(done, status, { ...fresh, ETag: `"${done.version}"` });
}

type Properties = Readonly<Record<string, object>>;

/** What a body may say, by what is done. */
const why: Properties = { reason: { type: 'string', maxLength: 1000 } };
const doing: Properties = {
  input: { type: 'object', description: 'fields by name, as the schema of the action in /api/layers has them' },
  ...why,
  case_id: { type: 'string', maxLength: 100 },
};
const trying: Properties = { preview: { type: 'boolean', description: 'only tell what would become of it' } };
const whole = { type: 'integer' };
const named = { type: 'object', required: ['id', 'version'], properties: { id: whole, version: whole } };
const many: Properties = { ...trying, features: { type: 'array', items: named, minItems: 1, maxItems: mostFeatures } };

function describe(
  summary: string,
  properties: Properties,
  { status = 200, versioned = false }: { readonly status?: 200 | 201; readonly versioned?: boolean } = {},
): DescribeRouteOptions {
  return {
    summary,
    ...(versioned && {
      parameters: [
        {
          ...{ name: 'If-Match', in: 'header', required: true, schema: { type: 'string' }, example: '"3"' },
          description: 'The version that was seen: the ETag of the feature.',
        },
      ],
    }),
    requestBody: {
      content: {
        'application/json': {
          schema: { type: 'object', properties, ...('features' in properties && { required: ['features'] }) },
        },
      },
    },
    responses: {
      [status]: { description: 'Done; `audit` is the number to take it back by.' },
      202: { description: 'It waits for a second person: `pending`.' },
      401: { description: 'Nobody signed in.' },
      403: { description: 'The viewer sees it and may not do this.' },
      404: { description: 'There is none that the viewer sees.' },
      409: { description: 'The thing’s own limits forbid it.' },
      412: { description: 'Somebody else changed it: `version`, and `changes` with who, when and what.' },
      422: { description: 'Fields that are not valid: `errors` with a JSON Pointer each.' },
      428: { description: 'No version was named.' },
    },
  };
}
