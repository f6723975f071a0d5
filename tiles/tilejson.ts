import type { LiveCopy } from '../server/live/copy.ts';
import { summaryOf } from '../server/live/summaries.ts';
import { commonProperties } from '../server/registry/schema.ts';
import type { View } from '../server/registry/view.ts';
import { clusterFields } from './cluster_fields.ts';
import { maxZoom } from './mercator.ts';

/**
 * The TileJSON 3.0 document of some views in one tile set; `origin` is put before the tile addresses, and `query` (a filter
 * that was understood, or nothing) behind them.
 */
export async function tileJson(live: LiveCopy, views: readonly View[], origin: string, query: string) {
  const summaries = await Promise.all(views.map((view) => summaryOf(live, view)));
  const boxes = summaries.flatMap(({ bbox }) => bbox ?? []);
  const bounds = [
    Math.min(180, ...boxes.filter((_, i) => i % 4 === 0)),
    Math.min(85.0511, ...boxes.filter((_, i) => i % 4 === 1)),
    Math.max(-180, ...boxes.filter((_, i) => i % 4 === 2)),
    Math.max(-85.0511, ...boxes.filter((_, i) => i % 4 === 3)),
  ];
  const ids = views.map(({ layer }) => layer.id).join(',');
  return {
    tilejson: '3.0.0',
    name: views.map(({ layer }) => layer.title.id).join(', '),
    scheme: 'xyz',
    tiles: [`${origin}/tiles/${ids}/{z}/{x}/{y}${query}`],
    minzoom: 0,
    maxzoom: maxZoom,
    ...(boxes.length > 0 && { bounds }),
    vector_layers: views.map((view) => ({
      id: view.layer.id,
      description: view.layer.title.id,
      minzoom: view.layer.below === 'hide' ? view.layer.fullZoom : 0,
      maxzoom: maxZoom,
      fields: {
        ...Object.fromEntries(
          view.tile.map((key) => {
            const attribute = view.attributes.get(key) ?? commonProperties[key];
            const unit = attribute && 'unit' in attribute && attribute.unit ? ` (${attribute.unit})` : '';
            return [key, `${attribute?.title.id ?? key}${unit}`];
          }),
        ),
        ...(view.layer.below === 'cluster' && clusterFields),
      },
    })),
  };
}
