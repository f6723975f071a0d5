import type { Attribute } from '../attribute.ts';
import { queryables } from '../schema.ts';
import type { View } from '../view.ts';
import { crsList } from './crs.ts';
import { defaultLimit, maxLimit, propertyParameters, reserved } from './items_query.ts';
import { mediaTypes } from './links.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The description of `/ogc` in OpenAPI 3.0, as Part 1's class `oas30` wants it: every collection with its own paths,
 * because each has parameters of its own.
 */
export function openApi(root: string, title: string, views: readonly View[]): Json {
  return {
    openapi: '3.0.3',
    info: {
      title,
      version: '1.0.0',
      description: 'OGC API – Features, parts 1, 2, 3 (CQL2) and 4 (create, replace, update, delete).',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: root }],
    tags: views.map(({ layer }) => ({ name: layer.id, description: `${layer.title.id} / ${layer.title.en}` })),
    paths: {
      '/': read('Landing page', [], document),
      '/conformance': read('Conformance classes', [], document),
      '/api': read('This description', [], document),
      '/collections': read('Collections', [], document),
      ...Object.assign({}, ...views.map(collectionPaths)),
    },
    components: { parameters: shared, responses: { Problem: problem } },
  };
}

function collectionPaths(view: View): Json {
  const { id, title } = view.layer;
  const path = `/collections/${id}`;
  const items = reserved.map(reference);
  const properties = [...queryables(view)].filter(([name]) => propertyParameters(view).includes(name));
  const own = properties.map(([name, attribute]) => ({
    name,
    in: 'query',
    required: false,
    description: `${attribute.title.id} / ${attribute.title.en}`,
    schema: parameterSchema(attribute),
  }));
  const featureId = { name: 'featureId', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } };
  return {
    [path]: read(title.en, [], document, id),
    [`${path}/items`]: {
      ...read(`Features of ${title.en}`, [...items, ...own], features, id),
      post: write(`Adds a ${title.en.toLowerCase()}`, [], mediaTypes.geojson, id),
    },
    [`${path}/items/{featureId}`]: {
      ...read(`A feature of ${title.en}`, [featureId, reference('crs')], features, id),
      put: write(`Replaces a ${title.en.toLowerCase()}`, [featureId, ifMatch], mediaTypes.geojson, id),
      patch: write(`Changes a ${title.en.toLowerCase()}`, [featureId, ifMatch], mediaTypes.patch, id),
      delete: write(`Deletes a ${title.en.toLowerCase()}`, [featureId, ifMatch], undefined, id),
    },
    [`${path}/queryables`]: read(`Queryables of ${title.en}`, [], schemaContent, id),
    [`${path}/schema`]: read(`Schema of ${title.en}`, [], schemaContent, id),
  };
}

function read(summary: string, parameters: readonly Json[], content: Json, tag?: string): Json {
  return {
    get: {
      summary,
      ...(tag && { tags: [tag] }),
      parameters: [...parameters, reference('f'), reference('lang')],
      responses: { 200: { description: summary, content }, default: { $ref: '#/components/responses/Problem' } },
    },
  };
}

/** An operation of Part 4; who may is told by the answer. */
function write(summary: string, parameters: readonly Json[], type: string | undefined, tag: string): Json {
  return {
    ...{ summary, tags: [tag], parameters },
    ...(type !== undefined && { requestBody: { required: true, content: { [type]: object } } }),
    responses: {
      201: { description: 'Added; Location names it.' },
      204: { description: 'Done; ETag is its new version.' },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

const ifMatch: Json = {
  ...{ name: 'If-Match', in: 'header', required: true, schema: { type: 'string' }, example: '"3"' },
  description: 'The version that was seen: the ETag of the feature.',
};
const reference = (name: string): Json => ({ $ref: `#/components/parameters/${name}` });
const html: Json = { [mediaTypes.html]: { schema: { type: 'string' } } };
const object: Json = { schema: { type: 'object' } };
const document: Json = { [mediaTypes.json]: object, ...html };
const features: Json = { [mediaTypes.geojson]: object, ...html };
const schemaContent: Json = { [mediaTypes.schema]: object, ...html };

const problem: Json = {
  description: 'What is wrong with the request (RFC 9457)',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

const crsSchema: Json = { type: 'string', enum: crsList.map(({ uri }) => uri) };
const shared: Json = {
  f: {
    name: 'f',
    in: 'query',
    description: 'Format; by default what the Accept header prefers.',
    schema: { type: 'string', enum: ['json', 'html'] },
  },
  lang: {
    name: 'lang',
    in: 'query',
    description: 'Language of titles.',
    schema: { type: 'string', enum: ['id', 'en'] },
  },
  bbox: {
    name: 'bbox',
    in: 'query',
    style: 'form',
    explode: false,
    description:
      'West, south, east, north in degrees (six numbers: with heights, which are not looked at). West beyond east crosses the antimeridian. Features without a place are in every box; `filter=S_INTERSECTS(geom, BBOX(…))` leaves them out.',
    schema: { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 6 },
  },
  datetime: {
    name: 'datetime',
    in: 'query',
    description:
      'A time or an interval start/end, open with `..`, of `observed_at`. A date means that whole day in UTC. Features that were never observed are in every interval.',
    schema: { type: 'string' },
  },
  limit: {
    name: 'limit',
    in: 'query',
    description: 'Features in the answer at most.',
    schema: { type: 'integer', minimum: 1, maximum: maxLimit, default: defaultLimit },
  },
  sortby: {
    name: 'sortby',
    in: 'query',
    description:
      'One property that features are ordered by, `-` before it for the largest first; those without it come last.',
    schema: { type: 'string' },
  },
  cursor: {
    name: 'cursor',
    in: 'query',
    description: 'Where the page begins: taken from a `next` or `prev` link.',
    schema: { type: 'string' },
  },
  filter: {
    name: 'filter',
    in: 'query',
    description:
      'CQL2: comparison, IN, BETWEEN, LIKE, IS NULL, AND, OR, NOT, CASEI (A–Z), S_INTERSECTS, S_DISJOINT, S_WITHIN, S_CONTAINS, `S_DISTANCE(geom, POINT(113.7 -8.17)) < 500` (metres), T_AFTER, T_BEFORE, T_DURING, T_INTERSECTS, T_DISJOINT, T_EQUALS.',
    schema: { type: 'string' },
  },
  'filter-lang': {
    name: 'filter-lang',
    in: 'query',
    schema: { type: 'string', enum: ['cql2-text', 'cql2-json'], default: 'cql2-text' },
  },
  'filter-crs': { name: 'filter-crs', in: 'query', schema: crsSchema },
  'bbox-crs': { name: 'bbox-crs', in: 'query', schema: crsSchema },
  crs: { name: 'crs', in: 'query', schema: crsSchema },
};

function parameterSchema(attribute: Attribute): Json {
  switch (attribute.kind) {
    case 'number':
    case 'integer':
    case 'boolean':
      return { type: attribute.kind };
    case 'choice':
      return { type: 'string', enum: Object.keys(attribute.choices) };
    case 'date':
      return { type: 'string', format: 'date' };
    default:
      return { type: 'string' };
  }
}
