import { pipeline, Readable } from 'node:stream';
import { Hono } from 'hono';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { chooseCoding, compressing } from '../../../tiles/compress.ts';
import { originOf } from '../../audit/origin.ts';
import { sensitiveReads } from '../../audit/sensitive_reads.ts';
import type { Parts } from '../../parts.ts';
import type { View } from '../view.ts';
import { viewerOf } from '../viewer.ts';
import { csvHead, csvLine } from './csv.ts';
import { exportPages } from './export_pages.ts';
import { featureText } from './feature.ts';
import type { FeatureRow } from './items.ts';
import { itemsParameters, itemsQuery } from './items_query.ts';
import { mediaTypes } from './links.ts';
import { parametersOf } from './parameters.ts';

/** A kind of file: what it begins with, its pages (the first, or a later one), and what it ends with. */
interface Format {
  readonly type: string;
  readonly head: (view: View) => string;
  readonly page: (view: View, rows: readonly FeatureRow[], first: boolean) => string;
  readonly tail: string;
}

const formats: Readonly<Record<string, Format>> = {
  geojson: {
    type: mediaTypes.geojson,
    head: () => '{"type":"FeatureCollection","features":[',
    page: (view, rows, first) =>
      rows.map((row, i) => `${first && i === 0 ? '' : ','}\n${featureText(view, row)}`).join(''),
    tail: '\n]}\n',
  },
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    head: csvHead,
    page: (view, rows) => rows.map((row) => csvLine(view, row)).join(''),
    tail: '',
  },
};

/**
 * `GET /api/layers/{layer}/export.geojson?filter=` and `.csv`: every feature of a view that is asked for, as a file that is
 * written while it is read. A fault on the way breaks the connection: a file that ends is whole.
 */
export function exportRoutes({ config, registry, connection, log }: Parts): Hono {
  const noteReads = sensitiveReads({ connection });
  const routes = new Hono();
  for (const [name, format] of Object.entries(formats)) {
    routes.get(`/layers/:layer/export.${name}`, describeRoute(description(format)), async (c) => {
      const view = registry.view(c.req.param('layer') ?? '', viewerOf(c));
      const own = itemsParameters(view).filter(
        (parameter) => !['limit', 'cursor', 'crs', 'sortby'].includes(parameter),
      );
      const { filter } = itemsQuery(view, parametersOf(c, own));
      const origin = originOf(c, config);
      const { signal } = c.req.raw;
      const pages = exportPages(connection, view, filter, signal);
      // What cannot be asked is refused before a file begins.
      const opening = await pages.next();
      const text = async function* () {
        yield format.head(view);
        for (let page = opening, first = true; !page.done; page = await pages.next(), first = false) {
          await noteReads(origin, view, page.value, filter);
          yield format.page(view, page.value, first);
        }
        yield format.tail;
      };

      c.header('Content-Type', format.type);
      c.header('Content-Disposition', `attachment; filename="${view.layer.id}.${name}"`);
      c.header('Cache-Control', 'no-store'); // new each time
      c.header('Vary', 'Accept-Encoding');
      c.header('Access-Control-Allow-Origin', '*');
      const coding = chooseCoding(c.req.header('Accept-Encoding'));
      if (coding) c.header('Content-Encoding', coding);
      // As bytes, so that no more than a page waits for a slow reader.
      const written = Readable.from(text(), { objectMode: false });
      written.on('error', (err) => {
        if (!signal.aborted) log.error({ err, path: c.req.path }, 'an export broke off');
      });
      const sent = coding ? pipeline(written, compressing(coding), () => {}) : written;
      return c.body(Readable.toWeb(sent) as ReadableStream); // the same stream under its two declarations
    });
  }
  return routes;
}

const description = (format: Format): DescribeRouteOptions => ({
  summary: 'All features of a layer, as a file',
  description:
    'As many as there are, in the order of their ids, streamed. `filter` (CQL2), `bbox`, `datetime` and the properties choose as in the items of the collection under `/ogc`.',
  parameters: [
    { name: 'filter', in: 'query', schema: { type: 'string' }, example: "status = 'offline'" },
    { name: 'bbox', in: 'query', schema: { type: 'string' }, description: 'west,south,east,north in degrees' },
  ],
  responses: {
    200: { description: 'The file', content: { [format.type.split(';')[0] ?? '']: {} } },
    ...Object.fromEntries(
      [400, 404, 503].map((status) => [
        status,
        {
          description: 'What was asked cannot be answered, and why',
          content: { 'application/problem+json': {} },
        },
      ]),
    ),
  },
});
