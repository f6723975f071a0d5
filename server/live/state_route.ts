import { Hono } from 'hono';
import { compressedJson } from '../../tiles/compress.ts';
import { described } from '../described.ts';
import { contentEtag, matchesEtag, ownAnswer } from '../etag.ts';
import type { Parts } from '../parts.ts';
import { Problem } from '../registry/problem.ts';
import type { View } from '../registry/view.ts';
import { viewerOf } from '../registry/viewer.ts';
import { bboxOf } from './events_route.ts';
import { touches } from './feature_change.ts';
import { boxesOf } from './interest.ts';
import { jsonColumn, jsonDegrees } from './json_columns.ts';
import type { LiveLayer } from './live_layer.ts';
import { matcherOf } from './matcher.ts';

/** More rows than this are for tiles and downloads. */
const maxRows = 100_000;
/** ETags that are remembered. */
const mostKnown = 500;

/**
 * `GET /api/layers/{layer}/state?bbox=w,s,e,n`: a layer's features as columns, with the position of the change log they
 * are true at: the events after that position, applied in their order, keep them true.
 */
export function stateRoutes({ registry, live }: Parts): Hono {
  const routes = new Hono();
  const describing = described(
    'A layer as it is now, in columns',
    'With the position of the change log it is true at.',
    {
      query: { bbox: 'west,south,east,north in degrees; without it, everywhere' },
    },
  );
  const known = new Map<string, { readonly seq: number; readonly etag: string }>();
  routes.get('/layers/:layer/state', describing, async (c) => {
    const view = registry.view(c.req.param('layer'), viewerOf(c));
    const bbox = bboxOf(c.req.query('bbox'));
    const boxes = bbox && boxesOf(bbox);
    const matches = await matcherOf(live, view);
    const of = live.layer(view.layer.id);

    c.header('Access-Control-Allow-Origin', '*');
    c.header('Access-Control-Expose-Headers', 'ETag');
    c.header('Cache-Control', ownAnswer);
    c.header('Vary', 'Accept-Encoding');
    // Of the content, so that what the view hides leaves no trace; worked out once for all that changed nothing of the layer.
    const asked = [view.key, view.tile, bbox, live.epoch].join();
    const seq = of.changedSeq;
    const before = known.get(asked);
    // What the client has is true at an older position; events since then hold nothing that it would see, so it still is.
    if (before?.seq === seq && matchesEtag(c.req.header('If-None-Match'), before.etag))
      return c.body(null, 304, { ETag: before.etag });

    const slots: number[] = [];
    for (const slot of of.slots()) {
      if (boxes && !touches(of.places.box(slot), boxes)) continue;
      if (!matches || matches(slot)) slots.push(slot);
    }
    if (slots.length > maxRows)
      throw new Problem(
        'too_large',
        `That are ${slots.length} features, more than ${maxRows}. Ask for a smaller 'bbox'.`,
      );
    const columns = columnsOf(of, view, slots);
    const etag = before?.seq === seq ? before.etag : contentEtag(`${asked}\n${columns}`);
    if (known.size >= mostKnown) known.clear();
    known.set(asked, { seq, etag });
    c.header('ETag', etag);
    if (matchesEtag(c.req.header('If-None-Match'), etag)) return c.body(null, 304);
    return compressedJson(c, `{"layer":"${view.layer.id}","position":"${live.position}",${columns}}`);
  });
  return routes;
}

/** The members of the state as JSON: `count`, `id`, the place (`lon` and `lat`, or `bbox` of shapes; null where there is none), and the tile's columns. */
function columnsOf(of: LiveLayer, view: View, slots: readonly number[]): string {
  const column = (value: (slot: number) => string) => `[${slots.map((slot) => value(slot) || 'null').join()}]`;
  const degrees = (corner: 0 | 1) => (slot: number) => {
    const box = of.places.bbox(slot);
    return box ? jsonDegrees(box[corner]) : '';
  };
  const bbox = (slot: number) => {
    const box = of.places.bbox(slot);
    return box ? `[${box.map(jsonDegrees).join()}]` : '';
  };
  const columns = [
    `"id":${column((slot) => String(of.id(slot)))}`,
    ...(of.places.kind === 'points'
      ? [`"lon":${column(degrees(0))}`, `"lat":${column(degrees(1))}`]
      : [`"bbox":${column(bbox)}`]),
  ];
  const properties = view.tile.map((key) => `${JSON.stringify(key)}:${column(jsonColumn(of, key))}`);
  return `"count":${slots.length},${columns.join()},"properties":{${properties.join()}}`;
}
