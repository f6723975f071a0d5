import type { Logger } from 'pino';
import { TileServer } from '../tiles/tile_server.ts';
import { openAccounts } from './accounts/accounts.ts';
import type { Config } from './config.ts';
import type { Connection } from './database/connect.ts';
import { Uploads } from './ingest/upload/uploads.ts';
import { LiveCopy } from './live/copy.ts';
import { type Follower, follow } from './live/follower.ts';
import { EventHub } from './live/hub.ts';
import type { Parts } from './parts.ts';
import { demandTables } from './registry/demand_tables.ts';
import { layerFiles, Registry } from './registry/registry.ts';
import { runtimeLayers } from './registry/runtime_layers.ts';

/** The parts, what keeps them true, and how to end that; the connection stays open. */
export interface Assembly {
  readonly parts: Parts;
  readonly follower: Follower;
  readonly stop: () => Promise<void>;
}

/** Puts the parts together over an open, migrated database: the live copy is loaded, and follows the change log from then on. */
export async function assemble(config: Config, connection: Connection, log: Logger): Promise<Assembly> {
  const registry = new Registry([...(await layerFiles()), ...(await runtimeLayers(connection.db))]);
  await demandTables(connection.db, registry.layers);
  const live = new LiveCopy(connection);
  await live.load(registry.layers);
  const follower = await follow(connection, live, log, async () => {
    for (const layer of await runtimeLayers(connection.db)) {
      if (registry.layer(layer.id)) continue;
      await live.add(layer);
      registry.add(layer);
    }
  });
  const tiles = new TileServer(live, config.TILE_CACHE_MIB * 2 ** 20);
  const hub = new EventHub(live, connection, log, {
    per: { account: config.EVENTS_PER_ACCOUNT, address: config.EVENTS_PER_ADDRESS },
    queueBytes: config.EVENTS_QUEUE_KIB * 2 ** 10,
  });
  const accounts = await openAccounts(config, connection, log);
  const uploads = new Uploads(config, log);
  return {
    parts: { config, connection, registry, live, tiles, hub, accounts, uploads, log },
    follower,
    async stop() {
      await uploads.close();
      hub.close();
      await accounts.close();
      await follower.stop();
    },
  };
}
