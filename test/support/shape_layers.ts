import { z } from 'zod';
import type { Connection } from '../../server/database/connect.ts';
import { createLayerTable } from '../../server/database/layer_table.ts';
import { transaction } from '../../server/database/transaction.ts';
import { choice, flag, integer, quantity, text } from '../../server/registry/attribute.ts';
import { columnDefinitions } from '../../server/registry/ddl.ts';
import { attributesOf, type GeometryKind, type Layer, layer } from '../../server/registry/layer.ts';
import { storeLayer } from '../../server/registry/runtime_layers.ts';

/** The kinds of geometry that no file of `server/layers/` has; an import makes layers of them. */
const kinds = {
  way: 'LineString',
  route: 'MultiLineString',
  parcel: 'Polygon',
  grove: 'MultiPoint',
} as const satisfies Readonly<Record<string, GeometryKind>>;

/** A layer of each of these kinds with its empty table, there for every server that is started after. */
export async function shapeLayers({ db }: Connection): Promise<Layer[]> {
  const layers = Object.entries(kinds).map(([id, geometry]) => shapeLayer(id, geometry));
  await transaction(db, async (trx) => {
    for (const made of layers) {
      const columns = columnDefinitions(attributesOf(made));
      await createLayerTable(trx, { id: made.id, geometry: made.geometry, columns });
      await storeLayer(trx, made);
    }
  });
  return layers;
}

function shapeLayer(id: string, geometry: GeometryKind): Layer {
  const title = { id, en: `The ${id}` };
  return layer({
    ...{ id, title, geometry, group: 'other', icon: 'pin', fullZoom: 12, below: 'simplify', runtime: true },
    attributes: z.object({
      name: text(title, { required: true }),
      surface: choice(title, { asphalt: title, earth: title }),
      lanes: integer(title),
      width: quantity(title, 'm'),
      open: flag(title),
    }),
    name: 'name',
    tile: ['name', 'surface', 'lanes', 'width', 'open'],
    style: [{ label: title, stroke: { color: 'accent', width: 2 } }],
    visible: { default: 'all' },
  });
}
