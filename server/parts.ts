import type { Logger } from 'pino';
import type { TileServer } from '../tiles/tile_server.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Config } from './config.ts';
import type { Connection } from './database/connect.ts';
import type { Uploads } from './ingest/upload/uploads.ts';
import type { LiveCopy } from './live/copy.ts';
import type { EventHub } from './live/hub.ts';
import type { Registry } from './registry/registry.ts';

/** What every route module is given. */
export interface Parts {
  readonly config: Config;
  readonly connection: Connection;
  readonly registry: Registry;
  readonly live: LiveCopy;
  readonly tiles: TileServer;
  readonly hub: EventHub;
  readonly accounts: Accounts;
  /** Files that people are bringing in. */
  readonly uploads: Uploads;
  readonly log: Logger;
}
