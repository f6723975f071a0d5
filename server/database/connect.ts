import type { ColumnType, Generated, Kysely } from 'kysely';
import type { AccountTables } from '../accounts/tables.ts';
import type { DeviceMapping } from '../ingest/device_mapping.ts';
import { connectEmbedded } from './embedded.ts';
import { connectServer } from './server.ts';

/** The system's own tables. A layer's table is addressed by its id: `db.selectFrom(sql.table(layer.id))` or `db.dynamic`. */
export interface Database extends AccountTables {
  change: ChangeTable;
  change_log: { epoch: Generated<string>; pruned_seq: Generated<number> };
  layer_definition: LayerDefinitionTable;
  device_mapping: DeviceMappingTable;
  migration: { name: string; applied_at: Generated<Date> };
}

/** One row a statement (or 10,000 features of it); `seq` is null until the transaction commits. */
interface ChangeTable {
  n: Generated<number>;
  xid: ColumnType<string, never, never>;
  seq: ColumnType<number | null, never, never>;
  at: Generated<Date>;
  layer: string;
  op: 'insert' | 'update' | 'delete';
  ids: number[];
}

/** Layers born at run time: `layer` is the layer's id, `definition` the same shape as a layer file, as JSON. */
interface LayerDefinitionTable {
  id: Generated<number>;
  layer: string;
  /** jsonb: read as a value, written as JSON text on both databases. */
  definition: ColumnType<unknown, string, string>;
  version: ColumnType<number, never, never>;
  created_at: ColumnType<Date, never, never>;
  updated_at: ColumnType<Date, never, never>;
}

/** What a device's messages are about; `attributes` by path in the message (`server/ingest/device_mapping.ts`). */
interface DeviceMappingTable {
  id: Generated<number>;
  protocol: string;
  device: string;
  layer: string;
  code: string;
  attributes: ColumnType<DeviceMapping['attributes'], string, string>;
}

/** An open database, server or embedded: the one handle the program has on it. */
export interface Connection {
  readonly db: Kysely<Database>;
  readonly kind: 'server' | 'embedded';
  /**
   * Calls `onNotify` for each NOTIFY on `channel`, and once after every reconnection, because notifications sent
   * meanwhile are lost: look again at whatever the channel is the doorbell of. Resolves when listening, to a function that stops it.
   */
  listen(channel: string, onNotify: () => void): Promise<() => Promise<void>>;
  /** Waits for the statements under way, then ends. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** `postgres://…`; without it the embedded database is used. */
  databaseUrl?: string | undefined;
  /** Folder of the embedded database, made when absent unless `mustExist`. */
  dataDir: string;
  /** Only open an embedded database that is there. */
  mustExist?: boolean;
  onProgress?: (message: string) => void;
}

/**
 * Opens the database: PostgreSQL with PostGIS when `databaseUrl` is given, else the embedded one in `dataDir`.
 * Statements end after 10 s (SQLSTATE 57014) unless `transaction()` says otherwise.
 * @throws Error that says what to do: server not reachable or too old, folder used by another process.
 */
export function connect(options: ConnectOptions): Promise<Connection> {
  return options.databaseUrl === undefined ? connectEmbedded(options) : connectServer(options.databaseUrl);
}
