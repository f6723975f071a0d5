import { VectorTile } from '@mapbox/vector-tile';
import { Hono } from 'hono';
import { sql } from 'kysely';
import { PbfReader } from 'pbf';
import { cutShape } from '../tiles/cut.ts';
import type { TileAddress } from '../tiles/mercator.ts';
import { transaction } from './database/transaction.ts';
import { described } from './described.ts';
import type { LiveLayer } from './live/live_layer.ts';
import type { Parts } from './parts.ts';
import { Problem } from './registry/problem.ts';
import { wholeView } from './registry/view.ts';

/** `GET /health/live`: the process answers. `GET /health/ready`: the database answers and a tile holds what it must. */
export function healthRoutes(parts: Parts): Hono {
  const routes = new Hono();
  routes.get('/live', described('The process answers', '`status` is `live`.'), (c) => c.json({ status: 'live' }));
  routes.get(
    '/ready',
    described('The database answers and tiles hold what they must', '`status` is `ready`, at `position`.'),
    async (c) => {
      // In a transaction, as everything is written and followed: questions that take long hold those up neither.
      await transaction(parts.connection.db, (trx) => sql`select 1`.execute(trx)).catch(() => {
        throw new Problem('not_ready', 'The database does not answer.');
      });
      const missing = await missingFeature(parts);
      if (missing) {
        parts.log.error({ missing }, 'a tile lacks a feature that is in the live copy');
        throw new Problem('not_ready', 'A tile lacks a feature; the log names it.'); // which may be nobody's business
      }
      return c.json({ status: 'ready', position: parts.live.position });
    },
  );
  return routes;
}

/** Encodes and reads back, for each layer, the tile of its first row that has room in one; names the first that is not in its tile. */
async function missingFeature({ live, tiles }: Parts): Promise<string | undefined> {
  for (const of of live.layers) {
    const known = knownPlace(of);
    if (!known) continue;
    const { bytes } = await tiles.tile([wholeView(of.layer)], known.address);
    const layer = new VectorTile(new PbfReader(bytes)).layers[of.layer.id];
    const ids = Array.from({ length: layer?.length ?? 0 }, (_, i) => layer!.feature(i).id);
    if (!ids.includes(known.id)) return `feature ${known.id} of '${of.layer.id}'`;
  }
  return undefined;
}

/** Shapes smaller than a unit of the tile are not in it: after so many of them a layer is not asked about. */
const looked = 100;

/** The first located row of a layer whose shape is not lost in rounding, and a tile that it must be in. */
function knownPlace(of: LiveLayer): { id: number; address: TileAddress } | undefined {
  const z = Math.max(of.layer.fullZoom, 14);
  const { places } = of;
  let left = looked;
  for (const slot of of.slots()) {
    if (!places.has(slot)) continue;
    if (left-- === 0) return undefined;
    // A vertex, not the middle: the middle of a shape may lie outside it.
    const [x, y] = places.kind === 'points' ? [places.columns.x(slot), places.columns.y(slot)] : places.shape(slot)!.xy;
    const address = { z, x: x! >>> (32 - z), y: y! >>> (32 - z) };
    if (places.kind === 'points' || cutShape(places.shape(slot)!, address).length > 0)
      return { id: of.id(slot), address };
  }
  return undefined;
}
