import { readFile } from 'node:fs/promises';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { compressedJson } from '../../../tiles/compress.ts';
import { apiPage } from '../../api_docs.ts';
import { originOf } from '../../audit/origin.ts';
import { sensitiveReads } from '../../audit/sensitive_reads.ts';
import { heavyRead } from '../../database/heavy_read.ts';
import { ownAnswer } from '../../etag.ts';
import { summaryOf } from '../../live/summaries.ts';
import type { Parts } from '../../parts.ts';
import { requestUrl } from '../../request_url.ts';
import { numbered } from '../numbered.ts';
import { Problem } from '../problem.ts';
import type { View } from '../view.ts';
import { viewerOf } from '../viewer.ts';
import { crsOf } from './crs.ts';
import { cursorText } from './cursor.ts';
import { collection, collections, conformsTo, landingPage, queryablesDocument, schemaDocument } from './documents.ts';
import { featureText } from './feature.ts';
import { item, itemsPage } from './items.ts';
import { itemsParameters, itemsQuery } from './items_query.ts';
import { address, type Link, mediaTypes, type Place, sameAddress, selfLinks } from './links.ts';
import { openApi } from './openapi.ts';
import type { Html } from './page.ts';
import { pages } from './pages.ts';
import { formatOf, languageOf, parametersOf } from './parameters.ts';

const stylesheet = new URL('style.css', import.meta.url);

/**
 * `/ogc`: OGC API – Features, parts 1 (Core), 2 (reference systems) and 3 (filters; 4 is in `edit_routes.ts`), over the
 * viewer's views.
 */
export function ogcRoutes({ config, connection, registry, live }: Parts): Hono {
  const title = `${config.REGION_NAME} – OGC API`;
  const view = (c: Context) => registry.view(c.req.param('id') ?? '', viewerOf(c));
  const summarised = (c: Context) =>
    Promise.all(
      registry.views(viewerOf(c)).map(async (each) => ({ view: each, summary: await summaryOf(live, each) })),
    );

  const noteReads = sensitiveReads({ connection });
  const routes = new Hono();
  routes.use(cors({ origin: '*', allowMethods: ['GET', 'HEAD'], exposeHeaders: ['Content-Crs', 'ETag'] }));

  const landing = (c: Context) => {
    const place = placeOf(c, parametersOf(c));
    const document = landingPage(place, title);
    return answer(c, place, mediaTypes.json, document, () => pages(place, title).landing(document.description));
  };
  routes.get('/', landing);

  routes.get('/style.css', async (c) =>
    c.body(await readFile(stylesheet, 'utf8'), 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'public, max-age=3600',
    }),
  );

  routes.get('/conformance', (c) => {
    const place = placeOf(c, parametersOf(c));
    return answer(c, place, mediaTypes.json, { conformsTo }, () => pages(place, title).conformance());
  });

  routes.get('/api', (c) => {
    const place = placeOf(c, parametersOf(c));
    const description = () => openApi(place.root, title, registry.views(viewerOf(c)));
    const page = () => apiPage(title, address(place, '/api', { f: 'json' })) as Html;
    return place.format === 'html'
      ? answer(c, place, '', {}, page)
      : answer(c, place, mediaTypes.openapi, description(), page);
  });

  routes.get('/collections', async (c) => {
    const place = placeOf(c, parametersOf(c));
    const all = await summarised(c);
    return answer(c, place, mediaTypes.json, collections(place, all), () => pages(place, title).collections(all));
  });

  routes.get('/collections/:id', async (c) => {
    const place = placeOf(c, parametersOf(c));
    const asked = view(c);
    const summary = await summaryOf(live, asked);
    const document = collection(place, asked, summary, selfLinks(place, mediaTypes.json));
    return answer(c, place, mediaTypes.json, document, () => pages(place, title).collection(asked, summary));
  });

  routes.get('/collections/:id/queryables', (c) => {
    const place = placeOf(c, parametersOf(c));
    const asked = view(c);
    const document = queryablesDocument(place, asked);
    return answer(c, place, mediaTypes.schema, document, () => pages(place, title).attributes(asked, 'queryables'));
  });

  routes.get('/collections/:id/schema', (c) => {
    const place = placeOf(c, parametersOf(c));
    const asked = view(c);
    const document = schemaDocument(place, asked);
    return answer(c, place, mediaTypes.schema, document, () => pages(place, title).attributes(asked, 'schema'));
  });

  routes.get('/collections/:id/items', async (c) => {
    const asked = view(c);
    const parameters = parametersOf(c, itemsParameters(asked));
    const place = placeOf(c, parameters);
    const query = itemsQuery(asked, parameters);
    const read = () => itemsPage(connection, asked, query);
    const found = await (query.filter || query.sort ? heavyRead(connection, c.req.raw.signal, read) : read());
    await noteReads(originOf(c, config), asked, found.rows, query.filter);
    const type = place.format === 'html' ? mediaTypes.html : mediaTypes.geojson;
    const turn = (rel: 'next' | 'prev', cursor: typeof found.next): Link[] =>
      cursor ? [{ href: sameAddress(place, { cursor: cursorText(cursor) }), rel, type }] : [];
    const links = [
      ...selfLinks(place, mediaTypes.geojson),
      ...turn('next', found.next),
      ...turn('prev', found.previous),
      { href: address(place, `/collections/${asked.layer.id}`), rel: 'collection', type: mediaTypes.json },
    ];
    c.header('Content-Crs', `<${query.crs.uri}>`);
    if (place.format === 'html') return answer(c, place, '', {}, () => pages(place, title).items(asked, found, links));
    const head = {
      type: 'FeatureCollection',
      links,
      timeStamp: new Date().toISOString(),
      numberMatched: found.matched,
      numberReturned: found.rows.length,
    };
    // Written as text: the features are the bulk of it and their geometries are JSON already.
    const features = found.rows.map((row) => featureText(asked, row)).join(',');
    return answerText(c, mediaTypes.geojson, `${JSON.stringify(head).slice(0, -1)},"features":[${features}]}`);
  });

  routes.get('/collections/:id/items/:feature', async (c) => {
    const asked = view(c);
    const parameters = parametersOf(c, ['crs']);
    const place = placeOf(c, parameters);
    const crs = crsOf(parameters, 'crs');
    const found = await feature(asked, c.req.param('feature'));
    await noteReads(originOf(c, config), asked, [found]);
    c.header('Content-Crs', `<${crs.uri}>`);
    if (place.format === 'html') return answer(c, place, '', {}, () => pages(place, title).item(asked, found));
    const up = { href: address(place, `/collections/${asked.layer.id}`), rel: 'collection', type: mediaTypes.json };
    if (typeof found.version === 'number') c.header('ETag', `"${found.version}"`); // what an edit says it saw, in If-Match
    return answerText(
      c,
      mediaTypes.geojson,
      featureText(asked, found, { links: [...selfLinks(place, mediaTypes.geojson), up] }),
    );

    async function feature(of: View, id: string) {
      const row = await item(connection, of, numbered(id), crs);
      if (!row) throw new Problem('not_found', `'${of.layer.id}' has no feature '${id.slice(0, 60)}'.`);
      return row;
    }
  });
  // `/ogc/`, as the OpenAPI description has it: what is mounted under a path answers without the slash only.
  routes.get('/*', (c, next) => (c.req.path.endsWith('/ogc/') ? landing(c) : next()));
  return routes;
}

function placeOf(c: Context, parameters: ReadonlyMap<string, string>): Place {
  const url = requestUrl(c);
  return { root: `${url.origin}/ogc`, url, format: formatOf(c, parameters), language: languageOf(c, parameters) };
}

/** The document as JSON of its media type, or its page. */
function answer(c: Context, place: Place, jsonType: string, document: object, page: () => Html) {
  c.header('Content-Language', place.language);
  if (place.format === 'json') return answerText(c, jsonType, JSON.stringify(document));
  vary(c);
  return c.html(page());
}

function answerText(c: Context, type: string, text: string) {
  vary(c);
  return compressedJson(c, text, type);
}

/** Rows change at any moment, and one address has two formats and two languages. */
function vary(c: Context): void {
  c.header('Vary', 'Accept, Accept-Language', { append: true });
  c.header('Cache-Control', ownAnswer);
}
