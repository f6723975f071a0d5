import type { Summary } from '../catalogue.ts';
import { attributeSchema, jsonSchema, queryables } from '../schema.ts';
import type { View } from '../view.ts';
import { crs84, crsList } from './crs.ts';
import { address, type Link, mediaTypes, type Place, selfLinks } from './links.ts';

const relation = 'http://www.opengis.net/def/rel/ogc/1.0';

/** The conformance classes that this server meets (OGC 17-069r4, 18-058r1, 19-079r2, 20-002, 21-065r2). */
export const conformsTo = [
  ...['core', 'oas30', 'html', 'geojson'].map(
    (name) => `http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${name}`,
  ),
  'http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs',
  ...['queryables', 'queryables-query-parameters', 'filter', 'features-filter'].map(
    (name) => `http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/${name}`,
  ),
  ...['create-replace-delete', 'update', 'optimistic-locking-etags', 'features'].map(
    (name) => `http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/${name}`,
  ),
  ...['cql2-text', 'cql2-json', 'basic-cql2', 'advanced-comparison-operators', 'basic-spatial-functions'].map(
    (name) => `http://www.opengis.net/spec/cql2/1.0/conf/${name}`,
  ),
];

/** `GET /ogc/`: where everything is. */
export function landingPage(place: Place, title: string) {
  const { language } = place;
  const say = (id: string, en: string) => (language === 'id' ? id : en);
  return {
    title,
    description: say(
      'Data peta operasi sebagai OGC API – Features.',
      "The operations map's data as OGC API – Features.",
    ),
    links: [
      ...selfLinks(place, mediaTypes.json),
      {
        href: address(place, '/api', { f: 'json' }),
        rel: 'service-desc',
        type: mediaTypes.openapi,
        title: 'OpenAPI 3.0',
      },
      {
        href: address(place, '/api', { f: 'html' }),
        rel: 'service-doc',
        type: mediaTypes.html,
        title: say('Dokumentasi API', 'API documentation'),
      },
      {
        href: address(place, '/conformance'),
        rel: 'conformance',
        type: mediaTypes.json,
        title: say('Kesesuaian', 'Conformance'),
      },
      {
        href: address(place, '/collections'),
        rel: 'data',
        type: mediaTypes.json,
        title: say('Koleksi', 'Collections'),
      },
    ] satisfies Link[],
  };
}

/** `GET /ogc/collections`. */
export function collections(place: Place, views: readonly { readonly view: View; readonly summary: Summary }[]) {
  return {
    links: selfLinks(place, mediaTypes.json),
    crs: crsList.map(({ uri }) => uri),
    collections: views.map(({ view, summary }) => collection(place, view, summary)),
  };
}

/** `GET /ogc/collections/{id}`; `own`: its self links, where it is the document itself. */
export function collection(place: Place, view: View, summary: Summary, own: readonly Link[] = []) {
  const { layer } = view;
  const path = `/collections/${layer.id}`;
  const title = layer.title[place.language];
  const say = (id: string, en: string) => (place.language === 'id' ? id : en);
  const { bbox, newest } = summary;
  return {
    id: layer.id,
    title,
    ...(layer.description && { description: layer.description[place.language] }),
    itemType: 'feature',
    crs: crsList.map(({ uri }) => uri),
    storageCrs: crs84.uri,
    extent: {
      ...(bbox && { spatial: { bbox: [bbox.map((degrees) => Number(degrees.toFixed(7)))], crs: crs84.uri } }),
      ...(newest && {
        temporal: { interval: [[null, newest]], trs: 'http://www.opengis.net/def/uom/ISO-8601/0/Gregorian' },
      }),
    },
    links: [
      ...(own.length > 0 ? own : [{ href: address(place, path), rel: 'self', type: mediaTypes.json, title }]),
      { href: address(place, `${path}/items`, { f: 'json' }), rel: 'items', type: mediaTypes.geojson, title },
      { href: address(place, `${path}/items`, { f: 'html' }), rel: 'items', type: mediaTypes.html, title },
      {
        href: address(place, `${path}/queryables`),
        rel: `${relation}/queryables`,
        type: mediaTypes.schema,
        title: say('Yang dapat ditanyakan', 'Queryables'),
      },
      {
        href: address(place, `${path}/schema`),
        rel: `${relation}/schema`,
        type: mediaTypes.schema,
        title: say('Skema', 'Schema'),
      },
    ] satisfies Link[],
  };
}

/** `GET /ogc/collections/{id}/queryables` (Part 3, 6.2): what `filter` and the property parameters can name. */
export function queryablesDocument(place: Place, view: View) {
  const properties = [...queryables(view)].map(([key, attribute]) => [key, attributeSchema(attribute)] as const);
  return {
    ...jsonSchema(view),
    $id: address(place, `/collections/${view.layer.id}/queryables`),
    title: view.layer.title[place.language],
    properties: { ...Object.fromEntries(properties), geom: geometrySchema(view) },
    required: undefined,
    additionalProperties: false,
  };
}

/** `GET /ogc/collections/{id}/schema` (Part 5): what a feature has. */
export function schemaDocument(place: Place, view: View) {
  const schema = jsonSchema(view);
  return {
    ...schema,
    $id: address(place, `/collections/${view.layer.id}/schema`),
    title: view.layer.title[place.language],
    properties: {
      id: { type: 'integer', 'x-ogc-role': 'id', readOnly: true },
      geometry: geometrySchema(view),
      ...Object(schema.properties),
    },
  };
}

function geometrySchema(view: View) {
  return { 'x-ogc-role': 'primary-geometry', format: `geometry-${view.layer.geometry.toLowerCase()}` };
}
