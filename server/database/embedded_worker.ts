import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { DurableFiles, startParams } from './durable_files.ts';
import { embeddedPostgis } from './embedded_postgis.ts';
import type { EmbeddedReply, EmbeddedRequest, EmbeddedTask } from './embedded_session.ts';
import { embeddedParsers, embeddedSerializers } from './value_types.ts';

/**
 * The thread the embedded database runs in: a statement would otherwise stop the whole process, and ending the thread
 * is the only way to stop a statement. One request at a time, one reply each.
 */
const port = parentPort!;
const reply = (message: EmbeddedReply): void => port.postMessage(message);

const { directory, postgres, postgisFiles }: EmbeddedTask = workerData;
const files = new DurableFiles(directory);
const pg = await PGlite.create({
  fs: files,
  pgliteWasmModule: postgres,
  extensions: { postgis: embeddedPostgis(postgisFiles), pg_trgm },
  startParams,
  parsers: embeddedParsers,
  serializers: embeddedSerializers,
});
pg.onNotification((channel) => reply({ kind: 'notification', channel }));
port.on('message', async (request: EmbeddedRequest) => {
  try {
    if (request.kind === 'close') {
      await pg.close();
      reply({ kind: 'answer', rows: [], command: 'CLOSE', count: 0, syncs: files.syncs });
      return;
    }
    const { rows, command, rowCount } = await pg.query<Record<string, unknown>>(request.sql, [...request.parameters]);
    reply({ kind: 'answer', rows, command, count: rowCount ?? 0, syncs: files.syncs });
  } catch (error) {
    reply({ kind: 'error', message: error instanceof Error ? error.message : String(error), fields: plain(error) });
  }
});
reply({ kind: 'ready' });

/** The texts of an error (`code`, `constraint`, `detail`, …): passing the error itself to another thread drops them. */
function plain(error: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Object(error)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
